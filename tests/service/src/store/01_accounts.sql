-- Accounts, sessions and everything that proves who asks. Times are UTC milliseconds since 1970.
CREATE TABLE accounts (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL UNIQUE,           -- trimmed, lower case
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,          -- argon2id under a pepper that is not here
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong passwords in a row, by MAC of the e-mail: also for e-mails that have no account.
CREATE TABLE sign_in_tries (
    email_mac BLOB PRIMARY KEY NOT NULL,
    tries INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    wait_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    dpop_key BLOB NOT NULL,               -- RFC 7638 thumbprint; every token of the session is bound to it
    borrowed INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,             -- absolute if borrowed, else moved by each refresh
    used_generation INTEGER NOT NULL,     -- the newest refresh token that came back; -1 before the first
    ticket_mac BLOB NOT NULL UNIQUE,      -- the logout ticket, under a key outside
    ended_at INTEGER,
    end_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_account ON sessions (account_id);

CREATE TABLE authorization_codes (
    mac BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    challenge BLOB NOT NULL,              -- PKCE S256
    borrowed INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    session_id BLOB REFERENCES sessions (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE access_tokens (
    mac BLOB PRIMARY KEY NOT NULL,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER                    -- the deny-list: kept until the token would have expired
) STRICT, WITHOUT ROWID;
CREATE INDEX access_tokens_of_session ON access_tokens (session_id);

-- DPoP proofs seen while their nonce was fresh: none counts twice.
CREATE TABLE dpop_proofs (
    hash BLOB PRIMARY KEY NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A phone's holder key, which grants are bound to. One per session; gone keys stay, so that a lock can be told.
CREATE TABLE phone_keys (
    holder BLOB PRIMARY KEY NOT NULL,     -- SHA-256 of the public key
    public_key BLOB NOT NULL,             -- SEC1, compressed
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    registered_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX phone_keys_of_session ON phone_keys (session_id);
