//! Residents, guests and their password hashes.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// One person's account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    /// Trimmed and in lower case.
    pub(crate) email: String,
    /// As it is shown.
    pub(crate) name: String,
    /// The same, as OpenDOOR splits it.
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    /// `None` until a person who was invited has set one.
    pub(crate) password_hash: Option<String>,
    pub(crate) active: bool,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}

/// An e-mail as accounts are found by it.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// A name that nobody split: the first word, and the rest.
pub(crate) fn split_name(name: &str) -> (String, String) {
    let (first, last) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
    (first.to_owned(), last.trim().to_owned())
}

pub(crate) fn insert(on: &Connection, account: &Account, now: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT INTO accounts (id, email, name, first_name, last_name, password_hash, active, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            account.id,
            account.email,
            account.name,
            account.first_name,
            account.last_name,
            account.password_hash.as_deref().unwrap_or_default(),
            account.active,
            now
        ],
    )?;
    Ok(())
}

pub(crate) fn by_email(on: &Connection, email: &str) -> Rows<Option<Account>> {
    let query = format!("SELECT {COLUMNS} FROM accounts WHERE email = ?1");
    on.query_row(&query, [email], account).optional()
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Account>> {
    let query = format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1");
    on.query_row(&query, [id], account).optional()
}

pub(crate) fn set_password(on: &Connection, id: Uuid, hash: &str) -> Rows<()> {
    on.execute(
        "UPDATE accounts SET password_hash = ?2 WHERE id = ?1",
        params![id, hash],
    )?;
    Ok(())
}

/// The people who live behind one of the building's doors.
pub(crate) fn residents_of(on: &Connection, building: Uuid, now: UnixMillis) -> Rows<Vec<Account>> {
    let query = format!(
        "SELECT {COLUMNS} FROM accounts WHERE id IN (
             SELECT access.account_id FROM accesses access JOIN doors door ON door.id = access.door_id
             WHERE door.building_id = ?1 AND access.role = 'RESIDENT'
               AND (access.ends_at IS NULL OR access.ends_at > ?2)
         )"
    );
    on.prepare(&query)?
        .query_map(params![building, now], account)?
        .collect()
}

/// The account belongs to the property's staff.
pub(crate) fn set_staff(on: &Connection, id: Uuid) -> Rows<bool> {
    let changed = on.execute("UPDATE accounts SET staff = 1 WHERE id = ?1", [id])?;
    Ok(changed == 1)
}

/// Whether the account belongs to the property's staff.
pub(crate) fn is_staff(on: &Connection, id: Uuid) -> Rows<bool> {
    on.prepare("SELECT 1 FROM accounts WHERE id = ?1 AND staff")?
        .exists([id])
}

const COLUMNS: &str = "id, email, name, first_name, last_name, password_hash, active";

fn account(row: &Row<'_>) -> Rows<Account> {
    Ok(Account {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        first_name: row.get(3)?,
        last_name: row.get(4)?,
        password_hash: Some(row.get::<_, String>(5)?).filter(|hash| !hash.is_empty()),
        active: row.get(6)?,
    })
}
