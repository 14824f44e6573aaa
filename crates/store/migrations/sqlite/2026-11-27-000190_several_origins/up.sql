-- Equal bytes may have come as several things: an episode and the same sent once more, one track under two names. Each of them
-- is kept, with the name under which its file was put into the collection.
CREATE TABLE origins (
    content   TEXT   NOT NULL,
    source    TEXT   NOT NULL,  -- subsonic:home, internet-archive, inbox, cd
    remote_id TEXT   NOT NULL,  -- the place's own name for it
    file_name TEXT   NOT NULL,  -- empty where it is not known
    url       TEXT,
    page      TEXT,
    rights    TEXT   NOT NULL,  -- own, licence, public_feed, permission
    licence   TEXT   NOT NULL,  -- as people call it; empty where there is none
    licence_url TEXT,
    note      TEXT   NOT NULL,
    at        BIGINT NOT NULL,  -- seconds since 1970 UTC
    sha256    TEXT   NOT NULL,
    said      TEXT   NOT NULL,  -- JSON: what the place said that it is
    PRIMARY KEY (content, source, remote_id)
);
INSERT INTO origins
    (content, source, remote_id, file_name, url, page, rights, licence, licence_url, note, at, sha256, said)
SELECT content, source, remote_id, '', url, page, rights, licence, licence_url, note, at, sha256, said FROM provenance;
DROP TABLE provenance;
ALTER TABLE origins RENAME TO provenance;
CREATE INDEX provenance_by_source ON provenance (source, remote_id);
