-- Codes by e-mail, and how many mails were asked for. By MAC of the address: also for addresses that have no account.
CREATE TABLE one_time_codes (
    email_mac BLOB PRIMARY KEY NOT NULL,
    code_mac BLOB NOT NULL,               -- under a key outside
    wrong_tries INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mails_asked (
    email_mac BLOB NOT NULL,              -- of the kind of mail and the address
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_asked_by_address ON mails_asked (email_mac, at);
