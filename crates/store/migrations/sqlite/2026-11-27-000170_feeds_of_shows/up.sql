-- The feeds that were taken for a podcast, which may call itself something else than the user does.
CREATE TABLE feeds_of_shows (
    show TEXT NOT NULL,  -- a sum of the podcast's name, or of the feed that the user named for it
    feed TEXT NOT NULL,  -- as in feeds_of_files
    PRIMARY KEY (show, feed)
);
