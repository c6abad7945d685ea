-- A lock that signed two receipts of one number: there are two of it, and no later receipt changes that (threat R13).
CREATE TABLE forks (
    door_id BLOB PRIMARY KEY NOT NULL REFERENCES doors (id),
    counter INTEGER NOT NULL,             -- the receipts' number
    found_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
