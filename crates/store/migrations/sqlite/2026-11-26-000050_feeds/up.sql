-- Address of a podcast's public feed, where an input carries it.
ALTER TABLE wanted ADD COLUMN feed TEXT;

-- Where an import came from: `input` (a file of the user's) or `account` (the connected account's Web API).
ALTER TABLE imports ADD COLUMN origin TEXT NOT NULL DEFAULT 'input';

-- The account's answers, as they came. Kept for a while only: a pull that was cut off asks for nothing twice.
CREATE TABLE account_answers (
    key  TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL,              -- seconds since 1970 UTC
    body BLOB   NOT NULL
);
