-- The feeds that were or may have been taken for a podcast, and that what is known speaks against.
CREATE TABLE doubted_feeds (
    show TEXT NOT NULL,  -- as in feeds_of_shows
    feed TEXT NOT NULL,  -- as feeds are compared, whoever spells their addresses
    PRIMARY KEY (show, feed)
);
