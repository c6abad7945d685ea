//! The ladder at one door.

use crate::account::{SessionHandle, WhosePhone};
use crate::codes::{DoorcodeView, doorcodes};
use crate::context::Context;
use crate::doors::{CanUnlock, DoorView, doors};
use crate::error::{Error, Fault};
use crate::service::{CodeStatus, DoorId, DoorRole, PropertyContact};

/// A way through a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WayIn {
    /// Unlock from this phone.
    Phone,
    /// Type a doorcode.
    Doorcode,
    /// Hold a keycard to the lock.
    Keycard,
    /// Turn the mechanical key.
    MechanicalKey,
    /// Ask someone with access for a daily code, by e-mail or SMS.
    AskSomeone,
    /// Call the property.
    Property,
}

/// Does a way exist now?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Yes,
    /// No; the error's words say what would change that.
    No {
        /// Why not.
        why: Error,
    },
}

/// One way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockoutOption {
    /// Which.
    pub way: WayIn,
    /// Does it exist now?
    pub availability: Availability,
}

/// The ladder at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockoutOptions {
    /// The door.
    pub door: DoorId,
    /// Every way, those that exist now first, best first.
    pub options: Vec<LockoutOption>,
    /// Names of others who may send a code for this door.
    pub sharers: Vec<String>,
    /// Whom to call.
    pub property: PropertyContact,
}

/// On one's own phone the ladder as it is; on somebody else's a code before an unlock: there is nothing to wipe after typing it.
const OWN: [WayIn; 6] = [
    WayIn::Phone,
    WayIn::Doorcode,
    WayIn::Keycard,
    WayIn::MechanicalKey,
    WayIn::AskSomeone,
    WayIn::Property,
];
const BORROWED: [WayIn; 6] = [
    WayIn::Doorcode,
    WayIn::Phone,
    WayIn::Keycard,
    WayIn::MechanicalKey,
    WayIn::AskSomeone,
    WayIn::Property,
];

/// See [`crate::App::lockout_options`].
pub(crate) async fn lockout_options(
    context: &Context,
    door: DoorId,
) -> Result<LockoutOptions, Fault> {
    let session = context.session()?;
    let list = doors(context).await?;
    let found = list.doors.into_iter().find(|view| view.door.id == door);
    let view = found.ok_or(Error::DoorUnknown)?;
    let codes = match doorcodes(context, door).await {
        Ok(codes) => Ok(codes.codes),
        Err(fault) => Err(Error::from(fault)),
    };
    let ladder = Ladder {
        context,
        session: &session,
        view: &view,
        codes,
    };
    let order = match session.phone() {
        WhosePhone::Own => OWN,
        WhosePhone::Borrowed => BORROWED,
    };
    let mut options = order.map(|way| ladder.option(way)).to_vec();
    // Stable: within both halves the ladder's order stays.
    options.sort_by_key(|option| option.availability != Availability::Yes);
    Ok(LockoutOptions {
        door,
        options,
        sharers: view.door.sharers,
        property: view.door.property,
    })
}

struct Ladder<'a> {
    context: &'a Context,
    session: &'a SessionHandle,
    view: &'a DoorView,
    codes: Result<Vec<DoorcodeView>, Error>,
}

impl Ladder<'_> {
    fn option(&self, way: WayIn) -> LockoutOption {
        let door = &self.view.door;
        let against = match way {
            WayIn::Phone => self.against_phone(),
            WayIn::Doorcode => self.against_doorcode(),
            WayIn::Keycard => (!door.has_keycard).then_some(Error::NoKeycard),
            WayIn::MechanicalKey => (!door.has_mechanical_key).then_some(Error::NoMechanicalKey),
            WayIn::AskSomeone => door.sharers.is_empty().then_some(Error::NobodyElse),
            WayIn::Property => {
                let silent = door.property.phone.is_none() && door.property.email.is_none();
                silent.then_some(Error::NoPropertyContact)
            }
        };
        LockoutOption {
            way,
            availability: against.map_or(Availability::Yes, |why| Availability::No { why }),
        }
    }

    fn against_phone(&self) -> Option<Error> {
        match self.view.can_unlock {
            CanUnlock::Yes { .. } => None,
            CanUnlock::WithNetwork if self.context.has_network() => None,
            CanUnlock::WithNetwork => Some(Error::OfflineAndGrantLapsed),
            CanUnlock::No { why } => Some(why),
        }
    }

    fn against_doorcode(&self) -> Option<Error> {
        let codes = match &self.codes {
            Ok(codes) => codes,
            Err(error) => return Some(*error),
        };
        let has = |status| codes.iter().any(|code| code.status == status);
        // A resident can have the service make a code for today, which needs no sync.
        let can_make = self.view.door.role != DoorRole::Guest && self.context.has_network();
        if has(CodeStatus::Active) || can_make && self.session.check().is_ok() {
            return None;
        }
        Some(
            match (has(CodeStatus::PendingSync), has(CodeStatus::NotYet)) {
                (true, _) => Error::CodePendingSync,
                (false, true) => Error::NotYet,
                (false, false) if self.view.door.role == DoorRole::Guest => Error::NoDoorcode,
                (false, false) => Error::ServiceUnreachable,
            },
        )
    }
}
