-- What the bytes of a watched input are, and which import took them in first: the same bytes again say nothing new.
ALTER TABLE watched ADD COLUMN content TEXT NOT NULL DEFAULT '';     -- a hash; empty where it was not taken
ALTER TABLE watched ADD COLUMN import_id BIGINT NOT NULL DEFAULT 0;  -- 0 where it is not known
