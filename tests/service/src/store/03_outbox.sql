-- Messages on their way out. A row is gone once its message was handed over, refused for good, or too old to be worth sending.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL,                 -- recipient, subject and text, under a key outside
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,              -- not sent before
    ends_at INTEGER NOT NULL              -- not sent from then on
) STRICT;
CREATE INDEX outbox_by_due ON outbox (due_at);
