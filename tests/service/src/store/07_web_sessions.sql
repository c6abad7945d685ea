-- Browsers that are signed in to the account pages. They are no sessions of the app: no phone key, no tokens, fifteen minutes.
CREATE TABLE web_sessions (
    mac BLOB PRIMARY KEY NOT NULL,        -- of the cookie, under a key outside
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_sessions_of_account ON web_sessions (account_id);
