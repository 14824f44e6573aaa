-- Every state that a list ever had. A version names the one it is based on and keeps only what differs between the
-- entries that both begin and end with; one without a base is whole.
CREATE TABLE list_versions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    playlist_id BIGINT NOT NULL REFERENCES playlists (id),
    import_id   BIGINT NOT NULL REFERENCES imports (id),
    kind        TEXT   NOT NULL,               -- list: what the list is; source: what its source says, where they differ
    name        TEXT   NOT NULL,
    total       BIGINT NOT NULL,               -- entries
    added       BIGINT NOT NULL,
    removed     BIGINT NOT NULL,
    depth       BIGINT NOT NULL,               -- versions below this one
    base        BIGINT REFERENCES list_versions (id),
    prefix      BIGINT NOT NULL,               -- entries taken from the base's beginning
    suffix      BIGINT NOT NULL,               -- and from its end
    middle      TEXT   NOT NULL,               -- JSON [[wanted_id, added or null], …]
    removals    TEXT   NOT NULL                -- JSON [[wanted_id, cause, wanted_id that took its place or null], …]
);
CREATE INDEX list_versions_of ON list_versions (playlist_id, id);
CREATE INDEX list_versions_by_import ON list_versions (import_id);

-- What the entries' marks tell of earlier states.
INSERT INTO list_versions
    (playlist_id, import_id, kind, name, total, added, removed, depth, base, prefix, suffix, middle, removals)
SELECT made.playlist_id, made.import_id, 'list', playlists.name,
    (SELECT count(*) FROM playlist_entries AS e WHERE e.playlist_id = made.playlist_id
        AND e.since_import <= made.import_id
        AND (e.absent_since_import IS NULL OR e.absent_since_import > made.import_id)),
    (SELECT count(*) FROM playlist_entries AS e
        WHERE e.playlist_id = made.playlist_id AND e.since_import = made.import_id),
    (SELECT count(*) FROM playlist_entries AS e
        WHERE e.playlist_id = made.playlist_id AND e.absent_since_import = made.import_id),
    0, NULL, 0, 0,
    (SELECT json_group_array(json_array(wanted_id, added)) FROM (
        SELECT e.wanted_id, e.added FROM playlist_entries AS e WHERE e.playlist_id = made.playlist_id
            AND e.since_import <= made.import_id
            AND (e.absent_since_import IS NULL OR e.absent_since_import > made.import_id)
        ORDER BY e.position, e.id)),
    (SELECT json_group_array(json_array(e.wanted_id, 'not_in_source', NULL)) FROM playlist_entries AS e
        WHERE e.playlist_id = made.playlist_id AND e.absent_since_import = made.import_id)
FROM (
    SELECT playlist_id, since_import AS import_id FROM playlist_entries
    UNION SELECT playlist_id, absent_since_import FROM playlist_entries WHERE absent_since_import IS NOT NULL
) AS made JOIN playlists ON playlists.id = made.playlist_id
ORDER BY made.import_id, made.playlist_id;

-- From here on the entries are those of now alone.
DELETE FROM playlist_entries WHERE absent_since_import IS NOT NULL;
ALTER TABLE playlist_entries DROP COLUMN absent_since_import;
ALTER TABLE playlist_entries DROP COLUMN since_import;

-- Where the user restored an earlier state, what the source last said: later imports bring what it changes since.
ALTER TABLE playlists ADD COLUMN source_version BIGINT REFERENCES list_versions (id);
-- Of which origin the list and its link are; see imports.origin.
ALTER TABLE playlists ADD COLUMN origin TEXT NOT NULL DEFAULT 'input';
ALTER TABLE playlists ADD COLUMN link_origin TEXT NOT NULL DEFAULT 'input';

-- Rows that describe one wanted thing: all but the first point to the first. Nothing is lost in taking it back.
ALTER TABLE wanted ADD COLUMN same_as BIGINT REFERENCES wanted (id);
CREATE INDEX wanted_by_same ON wanted (same_as);
CREATE INDEX wanted_by_isrc ON wanted (isrc);
ALTER TABLE wanted ADD COLUMN origin TEXT NOT NULL DEFAULT 'input';
ALTER TABLE noted ADD COLUMN origin TEXT NOT NULL DEFAULT 'input';

-- Why rows were taken for one thing, and what the user took apart, which is never put together again.
CREATE TABLE merges (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    wanted_id BIGINT NOT NULL REFERENCES wanted (id),
    into_id   BIGINT NOT NULL REFERENCES wanted (id),
    at        BIGINT NOT NULL,                 -- seconds since 1970 UTC
    reason    TEXT   NOT NULL,                 -- same_words, same_link, same_isrc, same_mbid, same_feed
    undone    BIGINT NOT NULL
);
CREATE INDEX merges_of ON merges (wanted_id);
