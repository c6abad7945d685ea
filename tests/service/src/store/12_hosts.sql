-- What hosts cause: how many messages lately, and by which names they know the people they let in.
CREATE TABLE messages_caused (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- the host
    recipient_mac BLOB NOT NULL,          -- e-mail or phone, under a key outside
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_caused_by_host ON messages_caused (account_id, at);

-- Somebody who was let in may have had an account before: its name is not told to whoever knows the address.
CREATE TABLE names_given (
    host_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- who was let in
    sealed BLOB NOT NULL,                 -- under a key outside
    PRIMARY KEY (host_id, account_id)
) STRICT, WITHOUT ROWID;
