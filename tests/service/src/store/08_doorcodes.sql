-- A code remembers when the lock first heard of it, when that changed last, and what it made room for.
ALTER TABLE doorcodes ADD COLUMN added_seq INTEGER;                  -- bulk sequence; a lock behind it does not have the code
ALTER TABLE doorcodes ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE doorcodes ADD COLUMN replaced_by BLOB;                   -- the code that opens instead, once the lock has both changes
UPDATE doorcodes SET added_seq = changed_seq, changed_at = starts_at;
