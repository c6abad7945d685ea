use super::reveal::CodeDigits;
use crate::account::{SessionHandle, WhosePhone};
use crate::context::Context;
use crate::courier;
use crate::doors::cached_door;
use crate::error::Fault;
use crate::ports::UnixMillis;
use crate::service::{
    self, Call, CodeDay, CodeKind, CodeStatus, Door, DoorId, Doorcode, DoorcodeId, DoorcodeList,
    LocalTime, PasscodeType, issue_doorcode, parse_doorcode, parse_doorcodes,
};
use crate::vault::File;
use core::time::Duration;

/// One doorcode as a resident sees it.
#[derive(Clone, Debug)]
pub struct DoorcodeView {
    /// Its id.
    pub id: DoorcodeId,
    /// What kind of code.
    pub kind: CodeKind,
    /// How the lock knows it.
    pub passcode_type: PasscodeType,
    /// The digits, behind a handle.
    pub digits: CodeDigits,
    /// When it begins, on the door's wall.
    pub start: LocalTime,
    /// When it ends, on the door's wall; `None`: it does not.
    pub end: Option<LocalTime>,
    /// Does it work now, by the service's time?
    pub status: CodeStatus,
    /// It was reset: it works until the door's next sync, then this one does.
    pub replaced_by: Option<DoorcodeId>,
}

/// How to enter a code at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryHints {
    /// How to wake the keypad, in words.
    pub wake: String,
    /// At most this between two digits.
    pub between_digits: Duration,
    /// A thrown deadbolt refuses daily codes at this door.
    pub deadbolt_refuses_daily: bool,
}

/// The doorcodes of one door.
#[derive(Clone, Debug)]
pub struct Doorcodes {
    /// Best first: what works now, before what does not; on a borrowed phone a daily code before a lasting one.
    pub codes: Vec<DoorcodeView>,
    /// How to enter them; `None` until the doors were fetched.
    pub hints: Option<EntryHints>,
    /// When the service said so, its own time.
    pub as_of: UnixMillis,
    /// From the cache; [`crate::App::refresh`] asks the service.
    pub from_cache: bool,
}

/// What daily code to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDoorcode {
    /// Ends 15 minutes after its first use.
    pub single_use: bool,
    /// For which day on the door's calendar.
    pub day: CodeDay,
}

/// A door's codes: from the cache if they are there, else from the service.
pub(crate) async fn doorcodes(context: &Context, door: DoorId) -> Result<Doorcodes, Fault> {
    let session = context.session()?;
    let known = cached_door(context, &session, door).await?;
    let cached = context
        .vault()
        .read(session.generation(), File::Doorcodes)
        .await?;
    let (list, from_cache) = match cached.and_then(|bytes| parse_doorcodes(&bytes).ok()) {
        Some(list) => (list, true),
        None => (refresh_doorcodes(context, &session).await?, false),
    };
    let now = context.client().service_time().max(list.server_time);
    Ok(Doorcodes {
        codes: views(list.doorcodes, door, session.phone(), now),
        hints: known.as_ref().map(hints),
        as_of: list.server_time,
        from_cache,
    })
}

/// All doorcodes from the service.
pub(crate) async fn refresh_doorcodes(
    context: &Context,
    session: &SessionHandle,
) -> Result<DoorcodeList, Fault> {
    let answer = session.send(Call::get("/v1/doorcodes")).await?;
    let list = parse_doorcodes(&answer.body)?;
    context
        .vault()
        .write(session.generation(), File::Doorcodes, answer.body)
        .await?;
    Ok(list)
}

/// Has the service make a daily code. The list in the cache is fetched anew, so that the code is there without network too.
pub(crate) async fn new_doorcode(
    context: &Context,
    door: DoorId,
    wanted: NewDoorcode,
) -> Result<DoorcodeView, Fault> {
    let session = context.session()?;
    let passcode_type = match wanted.single_use {
        true => PasscodeType::DailySingleUse,
        false => PasscodeType::Daily,
    };
    let answer = session
        .send(issue_doorcode(door, passcode_type, wanted.day))
        .await?;
    let code = parse_doorcode(&answer.body)?;
    // The code is made and in hand: a refresh that fails must not hide it.
    let _ = refresh_doorcodes(context, &session).await;
    Ok(shown(
        code,
        session.phone(),
        context.client().service_time(),
    ))
}

/// See [`crate::App::reset_doorcode`].
pub(crate) async fn reset_doorcode(
    context: &Context,
    code: DoorcodeId,
) -> Result<DoorcodeView, Fault> {
    let session = context.session()?;
    let answer = session.send(service::reset_doorcode(code)).await?;
    let new = parse_doorcode(&answer.body)?;
    // The code is made: nothing that follows may hide it. The list shows both until the lock knows the new one, which this phone can carry.
    let _ = refresh_doorcodes(context, &session).await;
    let _ = courier::fetch_ahead(context, new.door).await;
    Ok(shown(new, session.phone(), context.client().service_time()))
}

fn views(
    codes: Vec<Doorcode>,
    door: DoorId,
    phone: WhosePhone,
    now: UnixMillis,
) -> Vec<DoorcodeView> {
    let mut views = codes
        .into_iter()
        .filter(|code| code.door == door)
        .map(|code| shown(code, phone, now))
        .collect::<Vec<_>>();
    // Stable: within a rank the service's order stays.
    views.sort_by_key(|view| (rank(view.status), view.digits.asks_twice()));
    views
}

fn shown(code: Doorcode, phone: WhosePhone, now: UnixMillis) -> DoorcodeView {
    DoorcodeView {
        status: status_at(&code, now),
        id: code.id,
        kind: code.kind,
        passcode_type: code.passcode_type,
        digits: CodeDigits::new(code.digits, code.passcode_type, phone),
        start: code.start_local,
        end: code.end_local,
        replaced_by: code.replaced_by,
    }
}

/// What was said when the list was made may have changed since; a pending sync only a lock and the service can end.
fn status_at(code: &Doorcode, now: UnixMillis) -> CodeStatus {
    if code.end.is_some_and(|end| now >= end) {
        return CodeStatus::Expired;
    }
    match code.status {
        CodeStatus::Expired | CodeStatus::PendingSync => code.status,
        CodeStatus::Active | CodeStatus::NotYet if now < code.start => CodeStatus::NotYet,
        CodeStatus::Active | CodeStatus::NotYet => CodeStatus::Active,
    }
}

fn rank(status: CodeStatus) -> u8 {
    match status {
        CodeStatus::Active => 0,
        CodeStatus::NotYet => 1,
        CodeStatus::PendingSync => 2,
        CodeStatus::Expired => 3,
    }
}

fn hints(door: &Door) -> EntryHints {
    EntryHints {
        wake: door.keypad.wake.clone(),
        between_digits: Duration::from_secs(door.keypad.sleep_seconds.into()),
        deadbolt_refuses_daily: door.keypad.deadbolt_refuses_daily,
    }
}
