-- Who was let in by whom: people outside who were sent a daily code, and what became of accesses that were taken away.
CREATE TABLE recipients (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- who let them in
    address_mac BLOB NOT NULL,            -- e-mail or phone, under a key outside
    sealed BLOB NOT NULL,                 -- names and address, under a key outside
    kept_until INTEGER NOT NULL,
    UNIQUE (account_id, address_mac)
) STRICT, WITHOUT ROWID;

-- A daily code for somebody outside belongs to the account that sent it; the recipient may be forgotten before the code's row is.
ALTER TABLE doorcodes ADD COLUMN recipient_id BLOB;
ALTER TABLE doorcodes ADD COLUMN granted_by BLOB REFERENCES accounts (id); -- NULL: the property itself

-- A lock keeps the person out once it confirmed both sequences.
CREATE TABLE revoked_accesses (
    id BLOB PRIMARY KEY NOT NULL,         -- the access that it was
    door_id BLOB NOT NULL REFERENCES doors (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,
    shareable INTEGER NOT NULL,
    granted_by BLOB REFERENCES accounts (id),
    requested_at INTEGER NOT NULL,
    crit_seq INTEGER NOT NULL,
    bulk_seq INTEGER NOT NULL,            -- 0 where there was no code to forget
    carried_at INTEGER,
    carried_by BLOB,
    confirmed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_accesses_of_door ON revoked_accesses (door_id);

-- The newest documents that each account's phones fetched for a door (threat R4: who could have brought them).
CREATE TABLE carriers (
    door_id BLOB NOT NULL REFERENCES doors (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    crit_seq INTEGER NOT NULL,
    bulk_seq INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (door_id, account_id)
) STRICT, WITHOUT ROWID;
