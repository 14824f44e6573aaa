-- A track of a cue sheet ran on through one that could not be used. Files beside sheets are looked at again by their
-- stamp; these have the sheet inside.
UPDATE files SET modified_ns = 0 WHERE length(parts) > 2 AND sheets = 0;
