-- Conductors, performers and ensembles were not read, and of a classical file the artist is often only the composer. Any
-- program may have written them, so that the next scan looks at all files again.
UPDATE files SET modified_ns = 0 WHERE state = 'audio';
