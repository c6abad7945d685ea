//! Doorcodes as the service tells them.

use super::{Breach, Call, DoorId, DoorcodeId, LocalTime, parse_instant};
use crate::ports::UnixMillis;
use crate::secret::{Digits, SecretString};
use serde::Deserialize;

/// What kind of doorcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeKind {
    /// One's own, at one's own door.
    Residence,
    /// One's own, at a shared door.
    Communal,
    /// Holds one calendar day at the door.
    Daily,
    /// Holds one calendar day until 15 minutes after its first use.
    DailySingleUse,
    /// A guest's.
    Permanent,
}

/// How the lock knows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasscodeType {
    /// From its table, after a sync.
    Permanent,
    /// By computing it.
    Daily,
    /// By computing it, once.
    DailySingleUse,
}

impl PasscodeType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "PERMANENT",
            Self::Daily => "DAILY",
            Self::DailySingleUse => "DAILY_SINGLE_USE",
        }
    }
}

/// For which day, on the door's own calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeDay {
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
}

impl CodeDay {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Today => "TODAY",
            Self::Tomorrow => "TOMORROW",
        }
    }
}

/// Does the code work at the door?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeStatus {
    /// Yes.
    Active,
    /// After the door's next sync.
    PendingSync,
    /// From its start.
    NotYet,
    /// No longer.
    Expired,
}

/// One doorcode.
#[derive(Clone, Debug)]
pub struct Doorcode {
    /// Its id.
    pub id: DoorcodeId,
    /// Its door.
    pub door: DoorId,
    /// What kind of code.
    pub kind: CodeKind,
    /// How the lock knows it.
    pub passcode_type: PasscodeType,
    /// The digits, behind a handle.
    pub digits: Digits,
    /// When it begins.
    pub start: UnixMillis,
    /// When it ends, if ever.
    pub end: Option<UnixMillis>,
    /// When it begins, on the door's wall.
    pub start_local: LocalTime,
    /// When it ends, on the door's wall.
    pub end_local: Option<LocalTime>,
    /// As the service saw it when it answered.
    pub status: CodeStatus,
    /// The code that takes its place at the door's next sync.
    pub replaced_by: Option<DoorcodeId>,
}

/// The service's answer on doorcodes.
#[derive(Clone, Debug)]
pub struct DoorcodeList {
    /// The service's time of the answer.
    pub server_time: UnixMillis,
    /// The doorcodes, in the service's order.
    pub doorcodes: Vec<Doorcode>,
}

/// The call that makes a new daily code at `door`.
pub(crate) fn issue_doorcode(door: DoorId, passcode_type: PasscodeType, day: CodeDay) -> Call {
    let body = serde_json::json!({ "passcodeType": passcode_type.as_str(), "day": day.as_str() });
    Call::post_json(format!("/v1/doors/{door}/doorcodes"), &body)
}

/// The call that resets one of the resident's own codes.
pub(crate) fn reset_doorcode(code: DoorcodeId) -> Call {
    Call::post_json(
        format!("/v1/doorcodes/{code}/reset"),
        &serde_json::json!({}),
    )
}

/// Parses the body of `GET /v1/doorcodes`, fresh or from the cache.
pub(crate) fn parse_doorcodes(body: &[u8]) -> Result<DoorcodeList, Breach> {
    let wire: Wire = serde_json::from_slice(body).map_err(|_| Breach::NotTheAgreedBody)?;
    Ok(DoorcodeList {
        server_time: parse_instant(&wire.server_time)?,
        doorcodes: wire
            .doorcodes
            .into_iter()
            .map(Doorcode::try_from)
            .collect::<Result<_, _>>()?,
    })
}

/// Parses the answer to [`issue_doorcode`] and [`reset_doorcode`].
pub(crate) fn parse_doorcode(body: &[u8]) -> Result<Doorcode, Breach> {
    let wire: WireCode = serde_json::from_slice(body).map_err(|_| Breach::NotTheAgreedBody)?;
    wire.try_into()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    server_time: String,
    doorcodes: Vec<WireCode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCode {
    uuid: String,
    door_uuid: String,
    kind: CodeKind,
    passcode_type: PasscodeType,
    code: SecretString,
    start_time: String,
    end_time: Option<String>,
    start_local: String,
    end_local: Option<String>,
    status: CodeStatus,
    #[serde(default)]
    replaced_by: Option<String>,
}

impl TryFrom<WireCode> for Doorcode {
    type Error = Breach;

    fn try_from(wire: WireCode) -> Result<Self, Breach> {
        Ok(Self {
            id: DoorcodeId::parse(&wire.uuid).ok_or(Breach::NotTheAgreedBody)?,
            door: DoorId::parse(&wire.door_uuid).ok_or(Breach::NotTheAgreedBody)?,
            kind: wire.kind,
            passcode_type: wire.passcode_type,
            // EXPOSE: moved from the answer into its handle.
            digits: Digits::new(wire.code.expose()).ok_or(Breach::NotTheAgreedBody)?,
            start: parse_instant(&wire.start_time)?,
            end: wire.end_time.as_deref().map(parse_instant).transpose()?,
            start_local: LocalTime::parse(&wire.start_local)?,
            end_local: wire
                .end_local
                .as_deref()
                .map(LocalTime::parse)
                .transpose()?,
            status: wire.status,
            replaced_by: wire.replaced_by.as_deref().and_then(DoorcodeId::parse),
        })
    }
}
