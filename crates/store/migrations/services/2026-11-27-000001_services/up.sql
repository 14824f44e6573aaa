-- What is remembered of services. All of it may be deleted: it is learnt again.
CREATE TABLE lines (
    line       TEXT    NOT NULL PRIMARY KEY,
    next_turn  BIGINT  NOT NULL DEFAULT 0,  -- times are milliseconds since 1970 UTC
    down_since BIGINT,
    last_good  BIGINT,
    failures   INTEGER NOT NULL DEFAULT 0,  -- in a row
    not_before BIGINT  NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT ''
);
CREATE TABLE incidents (
    id     INTEGER NOT NULL PRIMARY KEY,
    line   TEXT    NOT NULL,
    since  BIGINT  NOT NULL,
    until  BIGINT,                          -- NULL while it goes on
    reason TEXT    NOT NULL
);
CREATE INDEX incidents_by_line ON incidents (line, until);
CREATE TABLE answers (
    key           TEXT    NOT NULL PRIMARY KEY,
    line          TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    status        INTEGER NOT NULL,
    content_type  TEXT    NOT NULL,
    etag          TEXT    NOT NULL,
    last_modified TEXT    NOT NULL,
    body          BLOB    NOT NULL
);
CREATE INDEX answers_by_age ON answers (at);
CREATE TABLE notes (
    line  TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (line, name)
);
