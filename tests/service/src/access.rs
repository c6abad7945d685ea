//! `GET /v1/doors/{doorUuid}/access`: everything a phone needs to unlock one door for the length of a lease, in one record.
//!
//! Staff without an access of their own get a grant that carries syncs and never moves the bolt.
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Octets;
use crate::extract::{Caller, DoorId};
use crate::issuing::{self, ROOT_VERSION, seconds};
use crate::limits;
use crate::problem::Problem;
use crate::standing::{Standing, standing_at};
use crate::state::Service;
use crate::store::doors::Door;
use crate::store::grants::{self, IssuedGrant};
use crate::store::phone_keys::PhoneKey;
use crate::store::sessions::Session;
use crate::store::{carriers, revocations, revoked};
use crate::words::Role;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use keyway_protocol::crypto::VerifyingKey;
use keyway_protocol::grant::{Flags, GrantClaims, Operations};
use keyway_protocol::ids::{GrantId, LockId, SubjectId};
use keyway_protocol::record::AccessRecord;
use keyway_protocol::service::issue;
use keyway_protocol::time::UtcSeconds;
use rusqlite::Connection;
use uuid::Uuid;

/// The media type of a record.
const MEDIA_TYPE: &str = "application/vnd.keyway.access";

/// See the module.
#[utoipa::path(
    get,
    path = "/v1/doors/{doorUuid}/access",
    tag = "couriers",
    operation_id = "accessRecord",
    params(DoorId),
    responses(
        (status = 200, body = Octets, content_type = "application/vnd.keyway.access", description = "An access record"),
        problems::NotFound,
        problems::NoBluetoothUnlock,
        problems::PhoneKeyRequired,
        problems::AccessNotYet,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn show(
    State(service): State<Service>,
    caller: Caller,
    DoorId(door): DoorId,
) -> Result<Response, Problem> {
    let Caller(session) = caller;
    let now = service.now();
    let record = service.store().write(|on| {
        let account = session.account_id;
        let (door, standing) = standing_at(on, door, account, now)?;
        if !door.bluetooth_unlock {
            return Err(Problem::NoBluetoothUnlock);
        }
        let key = caller.phone_key(on)?;
        let grant = grant(&service, on, &door, &standing, &session, &key, now)?;
        carriers::fetched_lane(on, door.id, account, door.crit_seq, now)?;
        revoked::carried_lane(on, door.id, account, door.crit_seq, now)?;
        revocations::prune(on, door.id, issuing::issue_floor(now))?;
        let revocations = revocations::of_door(on, door.id)?;
        let issuer = service.issuer();
        let section = issuer.lane_section(&door, &revocations, now);
        Ok(AccessRecord::assemble(
            section,
            issuer.descriptor(&door)?,
            grant,
        ))
    })?;
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], record).into_response())
}

/// A grant for the longest term this access, this session and this kind of right allow.
fn grant(
    service: &Service,
    on: &Connection,
    door: &Door,
    standing: &Standing,
    session: &Session,
    key: &PhoneKey,
    now: UnixMillis,
) -> Result<Vec<u8>, Problem> {
    let holder = VerifyingKey::from_sec1(&key.public_key)
        .ok_or(Problem::Internal("a phone's key cannot be read"))?;
    let mut ends_at = end(standing, session, now);
    if let Some(longest) = service.longest_lease() {
        ends_at = ends_at.min(now + longest);
    }
    let mut starts_at = now - limits::BACKDATING;
    if let Some(access) = standing.access {
        starts_at = starts_at.max(access.starts_at);
    }
    if seconds(starts_at) >= seconds(ends_at) {
        return Err(Problem::AccessNotYet);
    }
    let id = service.random()?;
    let subject = SubjectId(*session.account_id.as_bytes());
    let mut claims = GrantClaims::new(
        (GrantId(id), subject, LockId(door.lock_id)),
        &holder,
        issued(on, door, &subject, key, now)?,
        (seconds(starts_at), seconds(ends_at)),
        (ROOT_VERSION, door.crit_seq),
    );
    claims.flags = flags(standing, session);
    if standing.access.is_none() {
        claims.operations = Operations::SYNC;
    }
    let row = IssuedGrant {
        id,
        door_id: door.id,
        account_id: session.account_id,
        holder: key.holder,
        issued_at: now,
        ends_at,
        role: standing.role(),
        granted_by: standing.access.and_then(|access| access.granted_by),
    };
    grants::insert(on, &row)?;
    Ok(issue::grant(&claims, service.issuer().policy()))
}

/// Now; where the person or the phone was revoked within this very second and counts again, the next one: the lock refuses what was issued
/// up to then.
fn issued(
    on: &Connection,
    door: &Door,
    subject: &SubjectId,
    key: &PhoneKey,
    now: UnixMillis,
) -> Result<UtcSeconds, Problem> {
    let subject = Uuid::from_bytes(subject.0);
    let refused = revocations::newest_of(on, door.id, subject, &key.holder)?;
    let after = refused.map_or(UtcSeconds(0), |until| seconds(until).plus(1));
    Ok(seconds(now).max(after))
}

fn end(standing: &Standing, session: &Session, now: UnixMillis) -> UnixMillis {
    let lease = match standing.access.map(|access| access.role) {
        Some(Role::Resident | Role::NonResident) => limits::RESIDENT_LEASE,
        Some(Role::Guest) | None => limits::GUEST_LEASE,
    };
    let mut end = now + lease;
    if let Some(access_ends) = standing.access.and_then(|access| access.ends_at) {
        end = end.min(access_ends);
    }
    if session.borrowed {
        end = end.min(session.ends_at);
    }
    end
}

fn flags(standing: &Standing, session: &Session) -> Flags {
    let mut flags = Flags::default();
    if session.borrowed {
        flags = flags.and(Flags::BORROWED);
    }
    if standing.role() == Role::Guest {
        flags = flags.and(Flags::GUEST);
    }
    flags
}
