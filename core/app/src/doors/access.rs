//! The rights to open doors: access records, fetched ahead, valid while their grant's lease runs.

use crate::account::{SessionHandle, WhosePhone};
use crate::context::Context;
use crate::error::{Error, Fault};
use crate::ports::{KeyPurpose, UnixMillis};
use crate::service::{Call, DoorId};
use crate::vault::File;
use keyway_protocol::crypto::VerifyingKey;
use keyway_protocol::hello;
use keyway_protocol::ids::GrantId;
use keyway_protocol::phone::Credentials;
use keyway_protocol::record::AccessRecord;
use keyway_protocol::time::UtcSeconds;
use zeroize::Zeroizing;

/// One door's access record, decoded for this phone.
pub(crate) struct Access {
    credentials: Credentials,
    presence: bool,
    not_before: UnixMillis,
    expires: UnixMillis,
    issued: UnixMillis,
}

/// How a grant stands at a moment of the service's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It holds until then.
    Valid {
        /// When the lease ends.
        until: UnixMillis,
        /// Half the lease is gone: fetch the next one when there is network.
        stale: bool,
    },
    /// It begins later.
    NotYet,
    /// It has ended.
    Lapsed,
}

impl Access {
    fn parse(bytes: &[u8], holder: VerifyingKey, phone: WhosePhone) -> Result<Self, Fault> {
        let record = AccessRecord::decode(bytes, None).map_err(|_| Error::ServiceNotTrusted)?;
        let credentials = record
            .credentials(holder)
            .map_err(|_| Error::PhoneKeyLost)?;
        let claims = record.claims();
        Ok(Self {
            presence: record.needs_presence(),
            not_before: millis(claims.not_before),
            expires: millis(claims.expires),
            issued: millis(claims.issued),
            credentials: Credentials {
                // Belt to the document's braces: nothing outlives the moment on a phone that is not the resident's.
                resumable: credentials.resumable && phone == WhosePhone::Own,
                ..credentials
            },
        })
    }

    /// How the grant stands at `now`, the service's time.
    pub(crate) fn standing(&self, now: UnixMillis) -> Standing {
        if now < self.not_before {
            return Standing::NotYet;
        }
        if now >= self.expires {
            return Standing::Lapsed;
        }
        let from = self.issued.max(self.not_before);
        Standing::Valid {
            until: self.expires,
            stale: now - from > self.expires - now,
        }
    }

    /// Does the grant still hold, or begin, some time?
    pub(crate) fn is_of_use(&self, now: UnixMillis) -> bool {
        self.standing(now) != Standing::Lapsed
    }

    /// Is this advertisement the door's lock?
    pub(crate) fn is_seen_in(&self, service_data: &[u8]) -> bool {
        hello::advertisement_matches(service_data, &self.credentials.known.hint_key)
    }

    /// What a conversation is opened with. `held`: the lock has seen the grant, so its name will do.
    pub(crate) fn credentials(&self, held: bool) -> Credentials {
        Credentials {
            held_by_lock: held,
            ..self.credentials.clone()
        }
    }

    /// The grant's name.
    pub(crate) fn grant_id(&self) -> GrantId {
        self.credentials.grant_id
    }

    /// Does the grant ask for the resident's presence at each use?
    pub(crate) fn needs_presence(&self) -> bool {
        self.presence
    }
}

/// The cached record, whatever its standing; `None` when there is none that this phone can use.
pub(crate) async fn cached_access(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Option<Access>, Fault> {
    let bytes = context
        .vault()
        .read(session.generation(), File::Access(door))
        .await?;
    let Some(bytes) = bytes else {
        return Ok(None);
    };
    let holder = holder(context).await?;
    // A record of another version is fetched again, never a reason to fail.
    Ok(Access::parse(&bytes, holder, session.phone()).ok())
}

/// A record that holds now: the cached one without any network, else a fresh one.
pub(crate) async fn current_access(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Access, Fault> {
    let cached = cached_access(context, session, door).await?;
    if let Some(access) = cached {
        match access.standing(context.client().service_time()) {
            Standing::Valid { .. } => return Ok(access),
            Standing::NotYet | Standing::Lapsed => {}
        }
    }
    let access = match fetch_access(context, session, door).await {
        Err(Fault::Http(_)) => return Err(Error::OfflineAndGrantLapsed.into()),
        fetched => fetched?,
    };
    match access.standing(context.client().service_time()) {
        Standing::Valid { .. } => Ok(access),
        Standing::NotYet => Err(Error::NotYet.into()),
        Standing::Lapsed => Err(Error::Expired.into()),
    }
}

/// Fetches and stores one door's record.
pub(crate) async fn fetch_access(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Access, Fault> {
    let answer = session.send(Call::access(door)).await?;
    let access = Access::parse(&answer.body, holder(context).await?, session.phone())?;
    let bytes = Zeroizing::new(answer.body.to_vec());
    context
        .vault()
        .write(session.generation(), File::Access(door), bytes)
        .await?;
    Ok(access)
}

/// Fetches a record where there is none, or where half its lease is gone.
pub(crate) async fn keep_access_fresh(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<(), Fault> {
    let now = context.client().service_time();
    let cached = cached_access(context, session, door).await?;
    match cached.map(|access| access.standing(now)) {
        Some(Standing::Valid { stale: false, .. } | Standing::NotYet) => Ok(()),
        Some(Standing::Valid { stale: true, .. } | Standing::Lapsed) | None => {
            fetch_access(context, session, door).await.map(drop)
        }
    }
}

async fn holder(context: &Context) -> Result<VerifyingKey, Fault> {
    let public = context.ports().keys.public(KeyPurpose::Holder).await?;
    VerifyingKey::from_sec1(&public).ok_or_else(|| Error::PhoneKeyLost.into())
}

fn millis(seconds: UtcSeconds) -> UnixMillis {
    UnixMillis::try_from(seconds.0.saturating_mul(1_000)).unwrap_or(UnixMillis::MAX)
}
