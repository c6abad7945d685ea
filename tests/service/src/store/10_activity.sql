-- As what somebody held a grant, and who had let them in: it decides who sees what was done with it, also once the access is gone.
ALTER TABLE grants ADD COLUMN role TEXT NOT NULL DEFAULT 'RESIDENT';
ALTER TABLE grants ADD COLUMN granted_by BLOB REFERENCES accounts (id);   -- NULL: the property itself
UPDATE grants SET
    role = coalesce((SELECT access.role FROM accesses access
                     WHERE access.door_id = grants.door_id AND access.account_id = grants.account_id), role),
    granted_by = (SELECT access.granted_by FROM accesses access
                  WHERE access.door_id = grants.door_id AND access.account_id = grants.account_id);
CREATE INDEX grants_of_holder ON grants (door_id, holder);
