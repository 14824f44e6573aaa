-- Where files came from that are not of the user's own folders, by content.
CREATE TABLE provenance (
    content   TEXT   NOT NULL PRIMARY KEY,
    source    TEXT   NOT NULL,  -- subsonic:home, internet-archive, inbox, cd
    remote_id TEXT   NOT NULL,  -- the place's own name for it
    url       TEXT,
    page      TEXT,
    rights    TEXT   NOT NULL,  -- own, licence, public_feed, permission
    licence   TEXT   NOT NULL,  -- as people call it; empty where there is none
    licence_url TEXT,
    note      TEXT   NOT NULL,
    at        BIGINT NOT NULL,  -- seconds since 1970 UTC
    sha256    TEXT   NOT NULL,
    said      TEXT   NOT NULL   -- JSON: what the place said that it is
);
CREATE INDEX provenance_by_source ON provenance (source, remote_id);

-- Whole listings of places that can list all they have.
CREATE TABLE listings (
    source TEXT   NOT NULL PRIMARY KEY,
    mark   TEXT   NOT NULL,  -- differs when something changed there; empty where the place cannot tell
    at     BIGINT NOT NULL
);
CREATE TABLE remote_offers (
    source    TEXT   NOT NULL,
    remote_id TEXT   NOT NULL,
    offer     TEXT   NOT NULL,  -- JSON
    PRIMARY KEY (source, remote_id)
);
