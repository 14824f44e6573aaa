-- When a file's entry in its folder was last written (ctime), which whoever keeps a file's time of change cannot keep as
-- well: 0 where it is not known. The next scan fills it in for what was there before, and opens none of it for that.
ALTER TABLE files ADD COLUMN changed_ns BIGINT NOT NULL DEFAULT 0;
-- A sum of all the bytes of a file of which something was made, taken in that moment; empty for others.
ALTER TABLE files ADD COLUMN whole TEXT NOT NULL DEFAULT '';
-- Two files whose windows are silence passed for one recording: where several are one, and may be silent there, they are
-- looked at again.
UPDATE files SET modified_ns = 0 WHERE state = 'audio' AND (facts LIKE '%"wav"%' OR facts LIKE '%"aiff"%')
    AND content IN (SELECT content FROM files WHERE content IS NOT NULL GROUP BY content HAVING count(*) > 1);
