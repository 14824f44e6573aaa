-- What lay at a path before other bytes came to lie there: a player may still hold what was made of it.
CREATE TABLE former_contents (
    content TEXT NOT NULL,   -- as files.content
    path    BLOB NOT NULL,   -- as files.path
    facts   TEXT NOT NULL,   -- JSON, as files.facts
    PRIMARY KEY (content, path)
) WITHOUT ROWID;
