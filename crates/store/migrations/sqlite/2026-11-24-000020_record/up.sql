-- Decisions become a record to which lines are only ever added: taking a word back is a line of its own, so that
-- records of two libraries can be put together in any order.
ALTER TABLE decisions ADD COLUMN undoes BIGINT;                    -- decided_at of the word that is taken back
ALTER TABLE decisions ADD COLUMN batch BIGINT NOT NULL DEFAULT 0;  -- said together; 0 where it came from elsewhere
UPDATE decisions SET batch = id;
-- Until now, taking back only took `current` away.
INSERT INTO decisions (wanted_key, label, verdict, decided_at, current, undoes, batch)
    SELECT wanted_key, label, '', decided_at, 0, decided_at, 0 FROM decisions AS said
    WHERE NOT EXISTS (
        SELECT 1 FROM decisions AS kept WHERE kept.wanted_key = said.wanted_key AND kept.current = 1
    );

-- Which versions may stand in on this list, as words (`remaster edition live never_clean`); NULL: as by default.
ALTER TABLE playlists ADD COLUMN allows TEXT;

-- MusicBrainz id of the recording, where an input carries it.
ALTER TABLE wanted ADD COLUMN recording_mbid TEXT;
