-- What services know of wanted things, beside what inputs said of them.
CREATE TABLE facts (
    wanted_id BIGINT NOT NULL REFERENCES wanted (id),
    service   TEXT   NOT NULL,
    word      TEXT   NOT NULL,  -- recording_mbid, release_mbid, release_group_mbid, isrc, duration_ms, deezer_track
    value     TEXT   NOT NULL,
    known_by  TEXT   NOT NULL,  -- link, isrc, names
    PRIMARY KEY (wanted_id, service, word)
);

-- What services call the sound of a file, by its content.
CREATE TABLE sound_names (
    content   TEXT   NOT NULL,
    service   TEXT   NOT NULL,
    recording TEXT   NOT NULL,  -- MusicBrainz
    title     TEXT   NOT NULL,
    artists   TEXT   NOT NULL,  -- JSON: names
    alike     BIGINT NOT NULL,  -- of 1000
    PRIMARY KEY (content, service, recording)
);

CREATE TABLE lyrics (
    wanted_id    BIGINT NOT NULL PRIMARY KEY REFERENCES wanted (id),
    service      TEXT   NOT NULL,
    plain        TEXT,
    synced       TEXT,           -- as in an .lrc file
    instrumental BIGINT NOT NULL,
    duration_ms  BIGINT NOT NULL   -- of the file that they were had for: times of lines must fit it
);

-- What each service was asked of, in vain too.
CREATE TABLE asked_of (
    service TEXT   NOT NULL,
    subject TEXT   NOT NULL,  -- wanted:12, a content, or a release's MusicBrainz id
    at      BIGINT NOT NULL,  -- seconds since 1970 UTC
    found   BIGINT NOT NULL,
    PRIMARY KEY (service, subject)
);
