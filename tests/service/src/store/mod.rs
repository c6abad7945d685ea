//! SQLite on disk: one writer, whole transactions, and one file per aggregate.
//!
//! Rows hold no bearer secret and no doorcode in the clear: secrets stand as MACs under a key outside, codes, log entries and
//! messages sealed.
pub(crate) mod accesses;
pub(crate) mod accounts;
pub(crate) mod authorization_codes;
pub(crate) mod buildings;
pub(crate) mod carriers;
pub(crate) mod doorcodes;
pub(crate) mod doors;
pub(crate) mod forks;
pub(crate) mod grants;
pub(crate) mod log_entries;
pub(crate) mod mails_asked;
pub(crate) mod messages_caused;
pub(crate) mod names_given;
pub(crate) mod one_time_codes;
pub(crate) mod outbox;
pub(crate) mod phone_keys;
pub(crate) mod proofs;
pub(crate) mod receipts;
pub(crate) mod recipients;
pub(crate) mod reset_links;
pub(crate) mod revocations;
pub(crate) mod revoked;
pub(crate) mod sessions;
pub(crate) mod staff;
pub(crate) mod tokens;
pub(crate) mod tries;
pub(crate) mod web_sessions;

use crate::problem::Problem;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a query gives; every error is the database's own.
pub(crate) type Rows<T> = rusqlite::Result<T>;

/// Add at the end, never change: a database remembers how many it has seen.
const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("01_accounts.sql")),
    M::up(include_str!("02_doors.sql")),
    M::up(include_str!("03_outbox.sql")),
    M::up(include_str!("04_people_and_places.sql")),
    M::up(include_str!("05_one_time_codes.sql")),
    M::up(include_str!("06_reset_links.sql")),
    M::up(include_str!("07_web_sessions.sql")),
    M::up(include_str!("08_doorcodes.sql")),
    M::up(include_str!("09_letting_in.sql")),
    M::up(include_str!("10_activity.sql")),
    M::up(include_str!("11_alarms.sql")),
    M::up(include_str!("12_hosts.sql")),
];

/// The database.
pub(crate) struct Store(Mutex<Connection>);

impl Store {
    pub(crate) fn open(path: &Path) -> Result<Self, rusqlite_migration::Error> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What is deleted is overwritten: a copy of the file shows only what is true now.
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Reads without changing anything.
    pub(crate) fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        // A panic under the lock cannot have left half a change behind: its transaction was rolled back.
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(&connection)
    }

    /// One transaction: all of `work` or, if it fails, nothing of it.
    ///
    /// A refusal that must leave a trace (a spent try, an ended family) is therefore an `Ok` that holds the refusal.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}
