-- Which tracks the place lists that a saved album or a book was had from: what did not come is asked for again.
CREATE TABLE listed_tracks (
    wanted_key TEXT NOT NULL,
    source TEXT NOT NULL,
    disc INTEGER NOT NULL,   -- 0 for the parts of a book, which are only counted
    track INTEGER NOT NULL,
    PRIMARY KEY (wanted_key, disc, track)
);
