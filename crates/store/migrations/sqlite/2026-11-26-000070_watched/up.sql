-- What was read before and is looked at again by `refresh`.
CREATE TABLE watched (
    path  BLOB   NOT NULL PRIMARY KEY,   -- bytes: a file name need not be text
    kind  TEXT   NOT NULL,               -- input, music
    stamp TEXT   NOT NULL,               -- changes when what is there does; empty for music
    at    BIGINT NOT NULL                -- when it was last read, seconds since 1970 UTC
) WITHOUT ROWID;
