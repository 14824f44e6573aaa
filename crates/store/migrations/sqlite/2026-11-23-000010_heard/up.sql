-- What was heard of files, by content: listening is dear, and its result is the same wherever the file lies.
-- A row of another version of the listening is no longer of use; it stays until the file is heard again.
CREATE TABLE heard (
    content     TEXT   NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    fingerprint BLOB   NOT NULL,       -- Chromaprint values, four bytes each, the least first
    duration_ms BIGINT NOT NULL,
    health      TEXT   NOT NULL        -- sound, silent, cut_short
);
