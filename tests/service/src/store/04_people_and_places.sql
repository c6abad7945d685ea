-- Names as OpenDOOR splits them, who is staff, how a building is reached, what hangs on a door, and who let whom in.
-- An account without a password has an empty hash: it was invited and signs in by one-time code.
ALTER TABLE accounts ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN staff INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET first_name = substr(name, 1, instr(name || ' ', ' ') - 1),
                    last_name = trim(substr(name, instr(name || ' ', ' ')));

ALTER TABLE buildings ADD COLUMN phone TEXT;
ALTER TABLE buildings ADD COLUMN email TEXT;
ALTER TABLE buildings ADD COLUMN address TEXT NOT NULL DEFAULT '{}';      -- JSON, as OpenDOOR has it

ALTER TABLE doors ADD COLUMN lock_model TEXT NOT NULL DEFAULT 'C';
ALTER TABLE doors ADD COLUMN serial_number TEXT NOT NULL DEFAULT '';
ALTER TABLE doors ADD COLUMN keycard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE doors ADD COLUMN mechanical_key INTEGER NOT NULL DEFAULT 0;
UPDATE doors SET serial_number = substr(hex(lock_id), 1, 10);

ALTER TABLE accesses ADD COLUMN shareable INTEGER NOT NULL DEFAULT 0;     -- may let others in
ALTER TABLE accesses ADD COLUMN granted_by BLOB REFERENCES accounts (id); -- NULL: the property itself
UPDATE accesses SET shareable = role <> 'GUEST';
