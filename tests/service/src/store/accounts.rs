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
    pub(crate) name: String,
    pub(crate) password_hash: String,
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

pub(crate) fn insert(on: &Connection, account: &Account, now: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT INTO accounts (id, email, name, password_hash, active, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            account.id,
            account.email,
            account.name,
            account.password_hash,
            account.active,
            now
        ],
    )?;
    Ok(())
}

pub(crate) fn by_email(on: &Connection, email: &str) -> Rows<Option<Account>> {
    on.query_row(
        "SELECT id, email, name, password_hash, active FROM accounts WHERE email = ?1",
        [email],
        account,
    )
    .optional()
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Account>> {
    on.query_row(
        "SELECT id, email, name, password_hash, active FROM accounts WHERE id = ?1",
        [id],
        account,
    )
    .optional()
}

pub(crate) fn set_password(on: &Connection, id: Uuid, hash: &str) -> Rows<()> {
    on.execute(
        "UPDATE accounts SET password_hash = ?2 WHERE id = ?1",
        params![id, hash],
    )?;
    Ok(())
}

fn account(row: &Row<'_>) -> Rows<Account> {
    Ok(Account {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        password_hash: row.get(3)?,
        active: row.get(4)?,
    })
}
