//! `GET /v1/doors/{uuid}/access`: everything a phone needs to unlock one door for the length of a lease, in one record.
use crate::clock::UnixMillis;
use crate::doors::accessible;
use crate::extract::{Caller, DoorId};
use crate::issuing::{self, ROOT_VERSION, seconds};
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accesses::Access;
use crate::store::doors::Door;
use crate::store::grants::{self, IssuedGrant};
use crate::store::phone_keys::PhoneKey;
use crate::store::revocations;
use crate::store::sessions::Session;
use crate::words::Role;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use keyway_protocol::crypto::VerifyingKey;
use keyway_protocol::grant::{Flags, GrantClaims};
use keyway_protocol::ids::{GrantId, LockId, SubjectId};
use keyway_protocol::record::AccessRecord;
use keyway_protocol::service::issue;
use rusqlite::Connection;

/// The media type of a record.
const MEDIA_TYPE: &str = "application/vnd.keyway.access";

/// See the module.
pub(crate) async fn show(
    State(service): State<Service>,
    caller: Caller,
    DoorId(door): DoorId,
) -> Result<Response, Problem> {
    let Caller(session) = caller;
    let now = service.now();
    let record = service.store().write(|on| {
        let (door, access) = accessible(on, door, session.account_id, now)?;
        if !door.bluetooth_unlock {
            return Err(Problem::NoBluetoothUnlock);
        }
        let key = caller.phone_key(on)?;
        let grant = grant(&service, on, &door, &access, &session, &key, now)?;
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
    access: &Access,
    session: &Session,
    key: &PhoneKey,
    now: UnixMillis,
) -> Result<Vec<u8>, Problem> {
    let holder = VerifyingKey::from_sec1(&key.public_key)
        .ok_or(Problem::Internal("a phone's key cannot be read"))?;
    let mut ends_at = end(access, session, now);
    if let Some(longest) = service.longest_lease() {
        ends_at = ends_at.min(now + longest);
    }
    let starts_at = access.starts_at.max(now - limits::BACKDATING);
    if seconds(starts_at) >= seconds(ends_at) {
        return Err(Problem::AccessNotYet);
    }
    let id = service.random()?;
    let subject = SubjectId(*access.account_id.as_bytes());
    let mut claims = GrantClaims::new(
        (GrantId(id), subject, LockId(door.lock_id)),
        &holder,
        seconds(now),
        (seconds(starts_at), seconds(ends_at)),
        (ROOT_VERSION, door.crit_seq),
    );
    claims.flags = flags(access, session);
    let row = IssuedGrant {
        id,
        door_id: door.id,
        account_id: access.account_id,
        holder: key.holder,
        issued_at: now,
        ends_at,
    };
    grants::insert(on, &row)?;
    Ok(issue::grant(&claims, service.issuer().policy()))
}

fn end(access: &Access, session: &Session, now: UnixMillis) -> UnixMillis {
    let lease = match access.role {
        Role::Guest => limits::GUEST_LEASE,
        Role::Resident | Role::NonResident => limits::RESIDENT_LEASE,
    };
    let mut end = now + lease;
    if let Some(access_ends) = access.ends_at {
        end = end.min(access_ends);
    }
    if session.borrowed {
        end = end.min(session.ends_at);
    }
    end
}

fn flags(access: &Access, session: &Session) -> Flags {
    let mut flags = Flags::default();
    if session.borrowed {
        flags = flags.and(Flags::BORROWED);
    }
    if access.role == Role::Guest {
        flags = flags.and(Flags::GUEST);
    }
    flags
}
