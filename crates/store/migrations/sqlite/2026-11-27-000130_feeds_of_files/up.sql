-- Every feed that gave a file, by content: a public feed and the one for paying listeners may hold the same bytes, and
-- where a file came from is told once. Only the place of podcasts is believed about feeds: a program may say the same.
CREATE TABLE feeds_of_files (
    content TEXT NOT NULL,
    feed    TEXT NOT NULL,  -- as the name of an episode begins: the feed's address, or a sum of it
    PRIMARY KEY (content, feed)
);
INSERT INTO feeds_of_files (content, feed)
SELECT content, substr(remote_id, 1, instr(remote_id, ' ') - 1) FROM provenance
WHERE source = 'podcasts' AND rights = 'public_feed' AND instr(remote_id, ' ') > 0;
