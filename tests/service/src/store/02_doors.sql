-- The property: buildings, doors, who may open them, codes, and what each lock has confirmed.
CREATE TABLE buildings (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL                -- IANA name
) STRICT, WITHOUT ROWID;

CREATE TABLE doors (
    id BLOB PRIMARY KEY NOT NULL,
    building_id BLOB NOT NULL REFERENCES buildings (id),
    position INTEGER NOT NULL,            -- the order in which a resident sees them
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    lock_id BLOB NOT NULL UNIQUE,
    connected INTEGER NOT NULL,
    bluetooth_unlock INTEGER NOT NULL,
    keypad_digits INTEGER NOT NULL,       -- of a synced code
    keypad_wake TEXT NOT NULL,
    battery_percentage INTEGER,
    battery_at INTEGER,
    -- The two lanes: what the service says, and what the lock's receipts confirm.
    crit_seq INTEGER NOT NULL,
    bulk_seq INTEGER NOT NULL,
    confirmed_crit_seq INTEGER NOT NULL DEFAULT 0,
    confirmed_bulk_seq INTEGER NOT NULL DEFAULT 0,
    receipt_counter INTEGER NOT NULL DEFAULT 0,
    synced_at INTEGER,
    synced_by TEXT,
    -- The log: what arrived without a gap, and is therefore acked in the next critical lane.
    acked_index INTEGER NOT NULL DEFAULT 0,
    acked_head BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accesses (
    id BLOB PRIMARY KEY NOT NULL,
    door_id BLOB NOT NULL REFERENCES doors (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,
    UNIQUE (door_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX accesses_of_account ON accesses (account_id);

-- A code that the lock knows by its table carries the bulk sequence of its last change; a deleted one stays listed until the lock
-- confirmed that, because it opens until then. A daily code carries its slot instead: the lock computes it.
CREATE TABLE doorcodes (
    id BLOB PRIMARY KEY NOT NULL,
    door_id BLOB NOT NULL REFERENCES doors (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,              -- its id in the lock, per door
    kind TEXT NOT NULL,
    sealed_code BLOB NOT NULL,            -- digits, under a key outside
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,
    changed_seq INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0,
    day INTEGER,                          -- civil day number at the door
    slot INTEGER,
    UNIQUE (door_id, kind, day, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX doorcodes_of_account ON doorcodes (account_id);

-- What the critical lane carries until a floor prunes it.
CREATE TABLE revocations (
    door_id BLOB NOT NULL REFERENCES doors (id),
    subject INTEGER NOT NULL,             -- 1: name is a subject, 0: name is a holder key's hash
    name BLOB NOT NULL,
    min_iat INTEGER NOT NULL,
    crit_seq INTEGER NOT NULL,
    PRIMARY KEY (door_id, subject, name)
) STRICT, WITHOUT ROWID;

-- Grants as issued, so that a lock's entries and receipts can be laid beside them.
CREATE TABLE grants (
    id BLOB PRIMARY KEY NOT NULL,
    door_id BLOB NOT NULL REFERENCES doors (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    holder BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts (
    door_id BLOB NOT NULL REFERENCES doors (id),
    counter INTEGER NOT NULL,
    sealed BLOB NOT NULL,                 -- as it came: signed by the lock, sealed for a key outside
    log_entries INTEGER NOT NULL,         -- where the lock says its log stands: only such a point is ever acked
    log_head BLOB NOT NULL,
    courier BLOB NOT NULL,                -- the account whose phone brought it
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (door_id, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_entries (
    door_id BLOB NOT NULL REFERENCES doors (id),
    number INTEGER NOT NULL,              -- as the lock counts
    sealed BLOB NOT NULL,                 -- as it came, sealed for a key outside
    courier BLOB NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (door_id, number)
) STRICT, WITHOUT ROWID;
