-- Links that reset a password, until they are used or over.
CREATE TABLE reset_links (
    mac BLOB PRIMARY KEY NOT NULL,        -- under a key outside
    account_id BLOB REFERENCES accounts (id) ON DELETE CASCADE, -- none: asked for an address without an account, and sent to nobody
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reset_links_of_account ON reset_links (account_id);
