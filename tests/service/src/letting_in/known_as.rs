//! By which name somebody with an account is shown. Whoever knows an address may invite it, so that an invitation never tells whose account
//! it is: a guest goes by the name that the host wrote.
use super::invitation::Invitation;
use super::view::AccessView;
use crate::clock::UnixMillis;
use crate::crypto;
use crate::keys::Purpose;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accesses;
use crate::store::accounts::Account;
use crate::store::names_given;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody is called.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Names {
    pub(super) first_name: String,
    pub(super) last_name: String,
}

impl Names {
    /// As the host wrote them.
    pub(super) fn written(invitation: &Invitation) -> Self {
        Self {
            first_name: invitation.first_name.clone(),
            last_name: invitation.last_name.clone(),
        }
    }

    /// As `caller` may know the account's person: by the account's own name where it is the caller's, or of somebody who lives behind one
    /// of the doors that are shown, or with the caller; else by the caller's name for them, or that of whoever else let them in. Whom the
    /// property itself let in goes by the account's name.
    pub(super) fn known_to(
        caller: Uuid,
        service: &Service,
        on: &Connection,
        account: &Account,
        accesses: &[AccessView],
        now: UnixMillis,
    ) -> Result<Self, Problem> {
        let own = || Self {
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
        };
        let is_known = account.id == caller
            || accesses.iter().any(AccessView::is_residents)
            || accesses::live_together(on, account.id, caller, now)?;
        if is_known {
            return Ok(own());
        }
        let hosts = accesses.iter().filter_map(AccessView::host);
        for host in [caller].into_iter().chain(hosts) {
            if let Some(given) = given_by(host, service, on, account.id)? {
                return Ok(given);
            }
        }
        Ok(own())
    }

    /// Remembers them as what `host` calls the account's person.
    pub(super) fn keep(
        &self,
        host: Uuid,
        service: &Service,
        on: &Connection,
        account: Uuid,
    ) -> Result<(), Problem> {
        let plain =
            serde_json::to_vec(self).map_err(|_| Problem::Internal("names cannot be written"))?;
        let key = service.keys().key(Purpose::NameGiven);
        let context = context(host, account);
        let sealed = crypto::seal(&key, service.entropy(), &context, &plain)?;
        Ok(names_given::keep(on, host, account, &sealed)?)
    }
}

fn given_by(
    host: Uuid,
    service: &Service,
    on: &Connection,
    account: Uuid,
) -> Result<Option<Names>, Problem> {
    let Some(sealed) = names_given::find(on, host, account)? else {
        return Ok(None);
    };
    let key = service.keys().key(Purpose::NameGiven);
    let plain = crypto::open(&key, &context(host, account), &sealed)?;
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|_| Problem::Internal("names cannot be read"))
}

fn context(host: Uuid, account: Uuid) -> [u8; 32] {
    let mut context = [0; 32];
    context[..16].copy_from_slice(host.as_bytes());
    context[16..].copy_from_slice(account.as_bytes());
    context
}
