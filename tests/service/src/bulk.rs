//! `GET /v1/doors/{doorUuid}/bundle`: the bulk lane, sealed to the lock, as changes since what the courier's door has.
use crate::civil;
use crate::clock::UnixMillis;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::Octets;
use crate::doorcodes;
use crate::extract::{Caller, DoorId};
use crate::issuing::seconds;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::doorcodes::{self as rows, Doorcode, Place};
use crate::store::doors::Door;
use crate::store::{carriers, revoked};
use crate::words::DoorcodeKind;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use keyway_protocol::bundle::{Bundle, Change, CodeEntry, CodeKind, DoorConfig, Section};
use keyway_protocol::code::{CodeTag, DAILY_DIGITS, Digits};
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::ids::LockId;
use keyway_protocol::service::{BundleHead, bundle};
use rusqlite::Connection;
use serde::Deserialize;

/// The change that carries the door's configuration.
pub(crate) const CONFIG_SEQ: u64 = 1;
/// The media type of a bundle.
const MEDIA_TYPE: &str = "application/vnd.keyway.bundle";

/// What the door is known to have.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Have {
    /// Its bulk sequence; 0 or absent for a door that never synced.
    #[serde(default)]
    have: u64,
}

/// 204 where the door has everything. A door that claims to be ahead gets a snapshot.
#[utoipa::path(
    get,
    path = "/v1/doors/{doorUuid}/bundle",
    tag = "couriers",
    operation_id = "bundle",
    params(DoorId, Have),
    responses(
        (status = 200, body = Octets, content_type = "application/vnd.keyway.bundle", description = "A bundle"),
        (status = 204, description = "The door has everything"),
        problems::BadRequest,
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn show(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    have: Result<Query<Have>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Have { have }) = have.map_err(|_| Problem::BadRequest("have must be a number"))?;
    let now = service.now();
    let account = session.account_id;
    let bundle = service.store().write(|on| {
        let (door, _) = standing_at(on, door, account, now)?;
        if have == door.bulk_seq {
            return Ok(None);
        }
        carriers::fetched_bundle(on, door.id, account, door.bulk_seq, now)?;
        revoked::carried_bundle(on, door.id, account, door.bulk_seq, now)?;
        build(&service, on, &door, have, now).map(Some)
    })?;
    Ok(match bundle {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(bundle) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], bundle.encode()).into_response(),
    })
}

fn build(
    service: &Service,
    on: &Connection,
    door: &Door,
    have: u64,
    now: UnixMillis,
) -> Result<Bundle, Problem> {
    let base = (have > 0 && have < door.bulk_seq).then_some(have);
    let codes = rows::changed_since(on, door.id, base.unwrap_or(0))?;
    let mut changes = Vec::with_capacity(codes.len());
    for code in &codes {
        // A snapshot replaces the table: what is not in it is gone.
        if base.is_some() || !is_deleted(code) {
            changes.push(change(service, door, code)?);
        }
    }
    let mut sections = Vec::new();
    if base.is_none() || !changes.is_empty() {
        sections.push(Section::Codes(changes));
    }
    if base.is_none_or(|base| base < CONFIG_SEQ) {
        sections.push(Section::Config(config(door, now)?));
    }
    let head = BundleHead {
        lock: LockId(door.lock_id),
        seq: door.bulk_seq,
        base,
        issued: seconds(now),
        expires: seconds(now + limits::LANE),
    };
    let mut random = SeededRandom::new(&ephemeral_seed(service, door, &head, &sections));
    let epoch = service.issuer().epoch(door)?;
    let policy = service.issuer().policy();
    bundle(&head, sections, &epoch, policy, &mut random)
        .ok_or(Problem::Internal("the door's table is too large"))
}

/// The same changes are sealed to the same bytes, so that a sync broken on one phone goes on with the chunks of another. Everything that
/// is sealed is in the seed: no two plaintexts ever share a key stream.
fn ephemeral_seed(
    service: &Service,
    door: &Door,
    head: &BundleHead,
    sections: &[Section],
) -> Secret32 {
    let plain: Vec<u8> = sections.iter().flat_map(Section::encode).collect();
    let base = head.base.unwrap_or(u64::MAX);
    Secret32::new(service.keys().mac(
        Purpose::BundleSeed,
        &[
            &door.lock_id,
            &head.seq.to_be_bytes(),
            &base.to_be_bytes(),
            &crypto::sha256(&plain),
        ],
    ))
}

fn change(service: &Service, door: &Door, code: &Doorcode) -> Result<Change<CodeEntry>, Problem> {
    let version = version(code)?;
    if is_deleted(code) {
        return Ok(Change::Delete(code.number, version));
    }
    let text = doorcodes::digits(service, code)?;
    let digits =
        Digits::parse(&text).ok_or(Problem::Internal("a sealed code is not made of digits"))?;
    let pepper = service.issuer().lock(door).pepper;
    let entry = CodeEntry {
        kind: match code.kind {
            DoorcodeKind::Residence => CodeKind::Residence,
            DoorcodeKind::Communal => CodeKind::Communal,
            _ => CodeKind::Guest,
        },
        digits: u8::try_from(digits.length()).unwrap_or(u8::MAX),
        tag: CodeTag::of(&pepper, LockId(door.lock_id), &digits),
        not_before: Some(seconds(code.starts_at)),
        expires: code.ends_at.map(seconds),
        schedule: None,
    };
    Ok(Change::Set(code.number, version, entry))
}

/// A door's daily codes are as long as its others, and never shorter than the bound on guessing allows.
pub(crate) fn daily_digits(door: &Door) -> u8 {
    door.keypad_digits.max(DAILY_DIGITS)
}

fn config(door: &Door, now: UnixMillis) -> Result<DoorConfig, Problem> {
    let zone = civil::zone(&door.timezone)?;
    Ok(DoorConfig {
        daily_digits: daily_digits(door),
        local_time: Some(civil::offsets(&zone, now)?),
    })
}

fn is_deleted(code: &Doorcode) -> bool {
    matches!(code.place, Place::Table { deleted: true, .. })
}

/// A code's version is the bulk sequence of its last change: it rises with each.
fn version(code: &Doorcode) -> Result<u32, Problem> {
    match code.place {
        Place::Table { changed_seq, .. } => u32::try_from(changed_seq).ok(),
        Place::Slot { .. } => None,
    }
    .ok_or(Problem::Internal("a table code has no version"))
}
