-- What the user wants, what the user has, what the user decided.
-- Portable types only (BIGINT, INTEGER, TEXT, BLOB): no BOOLEAN, times as BIGINT. Flags are 0 or 1.
-- `INTEGER PRIMARY KEY AUTOINCREMENT` is SQLite's 64-bit row id that is never given out twice.

CREATE TABLE imports (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT   NOT NULL,
    at    BIGINT NOT NULL          -- seconds since 1970 UTC
);

CREATE TABLE wanted (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    key             TEXT   NOT NULL UNIQUE,  -- link, else name key
    name_key        TEXT   NOT NULL,         -- kind, first artist, title, album in lower case
    artist_key      TEXT   NOT NULL,         -- first artist in lower case
    kind            TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    artists         TEXT   NOT NULL,         -- JSON [[name, join phrase], …]
    release         TEXT,
    release_artists TEXT   NOT NULL,         -- JSON, as artists
    track_number    BIGINT,
    disc_number     BIGINT,
    released        TEXT,
    duration_ms     BIGINT,
    isrc            TEXT,
    explicit        BIGINT,
    spotify         TEXT,
    spotify_release TEXT
);
CREATE INDEX wanted_by_artist ON wanted (artist_key);
CREATE INDEX wanted_by_release ON wanted (spotify_release);
CREATE INDEX wanted_by_spotify ON wanted (spotify);

-- Keys a row was known under before; decisions made then still apply.
CREATE TABLE wanted_aliases (
    alias     TEXT   NOT NULL PRIMARY KEY,
    wanted_id BIGINT NOT NULL REFERENCES wanted (id)
);
CREATE INDEX wanted_aliases_of ON wanted_aliases (wanted_id);

CREATE TABLE playlists (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    key     TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    spotify TEXT
);

CREATE TABLE import_playlists (
    import_id   BIGINT NOT NULL REFERENCES imports (id),
    playlist_id BIGINT NOT NULL REFERENCES playlists (id),
    PRIMARY KEY (import_id, playlist_id)
) WITHOUT ROWID;

-- A row that a later import no longer had stays, marked with that import.
CREATE TABLE playlist_entries (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    playlist_id         BIGINT NOT NULL REFERENCES playlists (id),
    position            BIGINT NOT NULL,
    wanted_id           BIGINT NOT NULL REFERENCES wanted (id),
    added               TEXT,
    since_import        BIGINT NOT NULL REFERENCES imports (id),
    absent_since_import BIGINT REFERENCES imports (id)
);
CREATE INDEX playlist_entries_of ON playlist_entries (playlist_id, position);
CREATE INDEX playlist_entries_by_wanted ON playlist_entries (wanted_id);

CREATE TABLE plays (
    wanted_id BIGINT  NOT NULL REFERENCES wanted (id),
    ended_at  BIGINT  NOT NULL,    -- seconds since 1970 UTC
    source    BIGINT  NOT NULL,    -- 1 account history, 2 extended history
    played_ms INTEGER NOT NULL,
    PRIMARY KEY (wanted_id, ended_at, source)
) WITHOUT ROWID;

CREATE TABLE noted (
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    spotify TEXT NOT NULL,         -- empty when not given
    PRIMARY KEY (kind, name, spotify)
) WITHOUT ROWID;
CREATE INDEX noted_by_spotify ON noted (spotify);

CREATE TABLE files (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    path        BLOB   NOT NULL UNIQUE,  -- bytes: a file name need not be text
    size        BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    missing     BIGINT NOT NULL,
    state       TEXT   NOT NULL,         -- audio, or the kind of trouble
    reason      TEXT   NOT NULL,
    content     TEXT,
    cover       TEXT   NOT NULL,
    facts       TEXT   NOT NULL,         -- JSON
    tags        TEXT   NOT NULL          -- JSON
);
CREATE INDEX files_by_content ON files (content);

-- Kept for ever: a newer decision of the same key, or its removal, only takes `current` away.
CREATE TABLE decisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    wanted_key TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    verdict    TEXT   NOT NULL,          -- JSON
    decided_at BIGINT NOT NULL,
    current    BIGINT NOT NULL
);
CREATE INDEX decisions_by_key ON decisions (wanted_key);

CREATE TABLE runs (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT   NOT NULL UNIQUE,
    at     BIGINT NOT NULL,
    body   TEXT   NOT NULL               -- JSON
);
