//! People outside who are sent a daily code: no account is made for them, and their names and addresses rest sealed.
use super::invitation::Invitation;
use crate::clock::UnixMillis;
use crate::crypto;
use crate::keys::Purpose;
use crate::limits;
use crate::messages;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::recipients::{self, Recipient};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is sealed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Described {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

impl Described {
    /// As told.
    pub(super) fn of(invitation: &Invitation) -> Self {
        let (email, phone) = match &invitation.to {
            messages::Recipient::Email(email) => (Some(email.clone()), None),
            messages::Recipient::Phone(phone) => (None, Some(phone.clone())),
        };
        Self {
            first_name: invitation.first_name.clone(),
            last_name: invitation.last_name.clone(),
            email,
            phone,
        }
    }
}

/// What an address is found by.
pub(crate) fn address_mac(service: &Service, address: &str) -> [u8; 32] {
    service
        .keys()
        .mac(Purpose::RecipientAddress, &[address.as_bytes()])
}

/// The recipient as `account` knows them: the same for the same address, by the names used last.
pub(super) fn known(
    service: &Service,
    on: &Connection,
    account: Uuid,
    described: &Described,
    now: UnixMillis,
) -> Result<Uuid, Problem> {
    recipients::prune(on, now)?;
    let address = described.email.as_ref().or(described.phone.as_ref());
    let mac = address_mac(service, address.map_or("", String::as_str));
    let id = match recipients::find(on, account, &mac)? {
        Some(known) => known.id,
        None => service.fresh_id()?,
    };
    let plain = serde_json::to_vec(described)
        .map_err(|_| Problem::Internal("a recipient cannot be written"))?;
    let key = service.keys().key(Purpose::Recipient);
    let row = Recipient {
        id,
        account_id: account,
        address_mac: mac,
        sealed: crypto::seal(&key, service.entropy(), id.as_bytes(), &plain)?,
    };
    recipients::keep(on, &row, now + limits::RECIPIENT_KEPT)?;
    Ok(id)
}

/// Who that is; `None` once forgotten.
pub(super) fn described(
    service: &Service,
    on: &Connection,
    id: Uuid,
) -> Result<Option<Described>, Problem> {
    let Some(row) = recipients::by_id(on, id)? else {
        return Ok(None);
    };
    let key = service.keys().key(Purpose::Recipient);
    let plain = crypto::open(&key, id.as_bytes(), &row.sealed)?;
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|_| Problem::Internal("a recipient cannot be read"))
}

/// As the person is shown; `None` once forgotten.
pub(crate) fn name(
    service: &Service,
    on: &Connection,
    id: Uuid,
) -> Result<Option<String>, Problem> {
    let described = described(service, on, id)?;
    Ok(described.map(|person| format!("{} {}", person.first_name, person.last_name)))
}
