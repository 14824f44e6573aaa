-- Parts of a file that are recordings of their own, as JSON; empty where the file is one recording.
ALTER TABLE files ADD COLUMN parts TEXT NOT NULL DEFAULT '';
-- Stamp of the cue sheets in its folder when it was looked at; 0 where there was none.
ALTER TABLE files ADD COLUMN sheets BIGINT NOT NULL DEFAULT 0;
-- FLACs are looked at again: they may hold a sheet inside.
UPDATE files SET modified_ns = 0
    WHERE CASE WHEN state = 'audio' AND json_valid(facts) THEN json_extract(facts, '$.format') = 'flac' ELSE 0 END;
-- Formats are readable now that were not when these files were looked at.
UPDATE files SET modified_ns = 0 WHERE state = 'not_readable_yet';
