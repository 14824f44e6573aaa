-- What the type of a release says of its tracks (`album; live`) was not read. Only programs that know MusicBrainz write
-- it, so that the next scan looks at the files again that have its id.
UPDATE files SET modified_ns = 0 WHERE state = 'audio' AND tags LIKE '%"release_mbid"%';
