-- How loud files are, by content: an album's gain needs all its tracks, also those that were made in an earlier run.
-- A row of another version of the meter is of no use; it stays until the file is measured again.
CREATE TABLE loudness (
    content  TEXT   NOT NULL PRIMARY KEY,
    version  BIGINT NOT NULL,
    measured BLOB   NOT NULL        -- peaks, and how often each loudness occurred: domain::Loudness::to_bytes
);
