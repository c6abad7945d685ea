//! What the property's office does: accounts, doors, who may open them, and residents' codes. It acts on the service directly; residents
//! never reach these calls over HTTP.
use crate::bulk::CONFIG_SEQ;
use crate::clock::UnixMillis;
use crate::contact::Contact;
use crate::doorcode_table::{self, NewCode};
use crate::letting_in::withdraw;
use crate::messages::{self, OutgoingMessage};
use crate::problem::Problem;
use crate::sessions::end_all;
use crate::state::Service;
use crate::store::accesses::{self, Access};
use crate::store::accounts::{self, Account};
use crate::store::buildings;
use crate::store::doors::{self, Door};
use crate::store::sessions::EndReason;
use crate::store::web_sessions;
use crate::words::{DoorType, DoorcodeKind, LockModel, PasscodeType, Role};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A new account.
#[derive(Clone, Copy)]
pub struct NewAccount<'a> {
    /// Trimmed and lower-cased before it is stored.
    pub email: &'a str,
    /// As the property knows the person.
    pub name: &'a str,
    /// Byte-exact.
    pub password: &'a str,
    /// An account that is not active cannot sign in.
    pub active: bool,
}

impl std::fmt::Debug for NewAccount<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewAccount(..)")
    }
}

/// A new door with its lock.
#[derive(Clone, Copy, Debug)]
pub struct NewDoor<'a> {
    /// The building it belongs to.
    pub building: Uuid,
    /// As residents know it.
    pub name: &'a str,
    /// What kind of door.
    pub door_type: DoorType,
    /// The lock has internet of its own.
    pub connected: bool,
    /// A phone can unlock it.
    pub bluetooth_unlock: bool,
    /// Digits of a synced code, 7 by default.
    pub keypad_digits: u8,
    /// How to wake its keypad.
    pub keypad_wake: &'a str,
    /// What hangs on it.
    pub hardware: Hardware<'a>,
}

/// What hangs on a door beside its keypad, and what else opens it.
#[derive(Clone, Copy, Debug)]
pub struct Hardware<'a> {
    /// The lock's model.
    pub model: LockModel,
    /// As it is printed on the lock; the first ten digits of its id where nothing is.
    pub serial_number: Option<&'a str>,
    /// A keycard opens it.
    pub keycard: bool,
    /// A mechanical key opens it.
    pub mechanical_key: bool,
}

impl Default for Hardware<'_> {
    fn default() -> Self {
        Self {
            model: LockModel::Cylindrical,
            serial_number: None,
            keycard: false,
            mechanical_key: false,
        }
    }
}

/// What somebody may do at a door.
#[derive(Clone, Copy, Debug)]
pub struct NewAccess {
    /// The door.
    pub door: Uuid,
    /// The person.
    pub account: Uuid,
    /// As what.
    pub role: Role,
    /// From when.
    pub starts_at: UnixMillis,
    /// Until when, if not for good.
    pub ends_at: Option<UnixMillis>,
}

impl Service {
    /// Adds an account and gives its id. Fails if the e-mail has one already.
    pub fn add_account(&self, new: &NewAccount<'_>) -> Result<Uuid, Problem> {
        let (first_name, last_name) = accounts::split_name(new.name);
        let hash = self
            .passwords()
            .hash(new.password.as_bytes(), self.entropy())?;
        let account = Account {
            id: self.fresh_id()?,
            email: accounts::normal_email(new.email),
            name: new.name.to_owned(),
            first_name,
            last_name,
            password_hash: Some(hash),
            active: new.active,
        };
        let now = self.now();
        self.store()
            .write(|on| Ok(accounts::insert(on, &account, now)?))?;
        Ok(account.id)
    }

    /// Makes somebody staff: at every door of each building whose service doors they may open, they see what the property may see, let
    /// others in and carry syncs.
    pub fn make_staff(&self, account: Uuid) -> Result<(), Problem> {
        self.store()
            .write(|on| known(accounts::set_staff(on, account)?))
    }

    /// Adds a building in an IANA timezone and gives its id.
    pub fn add_building(&self, name: &str, timezone: &str) -> Result<Uuid, Problem> {
        crate::civil::zone(timezone)?;
        let id = self.fresh_id()?;
        self.store()
            .write(|on| Ok(buildings::insert(on, id, name, timezone)?))?;
        Ok(id)
    }

    /// Says how a building is reached.
    pub fn set_contact(&self, building: Uuid, contact: &Contact) -> Result<(), Problem> {
        self.store()
            .write(|on| known(buildings::set_contact(on, building, contact)?))
    }

    /// Adds a door with a new lock and gives the door's id. The lock is provisioned apart.
    pub fn add_door(&self, new: &NewDoor<'_>) -> Result<Uuid, Problem> {
        let id = self.fresh_id()?;
        let lock_id = self.random()?;
        self.store().write(|on| {
            let building = buildings::by_id(on, new.building)?.ok_or(Problem::NotFound)?;
            let printed = new.hardware.serial_number.map(str::to_owned);
            let door = Door {
                id,
                building_id: new.building,
                position: doors::count(on)?,
                name: new.name.to_owned(),
                door_type: new.door_type,
                lock_id,
                connected: new.connected,
                bluetooth_unlock: new.bluetooth_unlock,
                keypad_digits: new.keypad_digits,
                keypad_wake: new.keypad_wake.to_owned(),
                lock_model: new.hardware.model,
                serial_number: printed.unwrap_or_else(|| serial_number(&lock_id)),
                keycard: new.hardware.keycard,
                mechanical_key: new.hardware.mechanical_key,
                battery: None,
                crit_seq: 1,
                // The door's configuration is the first change.
                bulk_seq: CONFIG_SEQ,
                confirmed_crit_seq: 0,
                confirmed_bulk_seq: 0,
                last_sync: None,
                receipt_counter: 0,
                acked_index: 0,
                acked_head: [0; 32],
                building_name: building.name,
                timezone: building.timezone,
            };
            Ok(doors::insert(on, &door)?)
        })?;
        Ok(id)
    }

    /// The id of a door's lock.
    pub fn lock_id(&self, door: Uuid) -> Result<[u8; 16], Problem> {
        self.store()
            .read(|on| doors::by_id(on, door))?
            .map(|door| door.lock_id)
            .ok_or(Problem::NotFound)
    }

    /// What the door's new lock is given before it is mounted: its name, its root and its secrets, as the lock role reads them. Whoever has
    /// these bytes is the lock; the same door gives the same bytes each time.
    pub fn provision(&self, door: Uuid) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let door = self
            .store()
            .read(|on| doors::by_id(on, door))?
            .ok_or(Problem::NotFound)?;
        Ok(Zeroizing::new(self.issuer().provision(&door)))
    }

    /// Gives somebody access to a door; unless it is a guest's, they may let others in. Fails if they have one there.
    pub fn add_access(&self, new: &NewAccess) -> Result<(), Problem> {
        let access = Access {
            id: self.fresh_id()?,
            door_id: new.door,
            account_id: new.account,
            role: new.role,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            shareable: new.role != Role::Guest,
            granted_by: None,
        };
        self.store().write(|on| Ok(accesses::insert(on, &access)?))
    }

    /// Takes somebody's access to a door away: the lock refuses the person's grants from its next critical lane on, and forgets the
    /// person's codes at its next sync.
    pub fn remove_access(&self, door: Uuid, account: Uuid) -> Result<(), Problem> {
        let now = self.now();
        self.store().write(|on| {
            let door = doors::by_id(on, door)?.ok_or(Problem::NotFound)?;
            withdraw(on, &door, account, now)
        })
    }

    /// Queues a message of the office's own; it leaves with the next [`Service::deliver_messages`].
    pub fn queue_message(&self, message: &OutgoingMessage) -> Result<(), Problem> {
        self.store().write(|on| messages::queue(self, on, message))
    }

    /// Ends every session of somebody: their phones are told at their next contact, and their keys are refused by the locks from the next
    /// critical lane on.
    pub fn end_sessions(&self, account: Uuid) -> Result<(), Problem> {
        let now = self.now();
        self.store().write(|on| {
            web_sessions::end_all(on, account)?;
            end_all(on, account, None, EndReason::EndedByOffice, now)
        })
    }

    /// Gives somebody a code of a kind that the lock knows from its table; it opens after the door's next sync. An earlier code of that
    /// kind is deleted with the same sync: until then it is the one that opens.
    ///
    /// Refuses a daily kind, and a code too many for the bound on guessing (threat R15).
    pub fn set_code(
        &self,
        door: Uuid,
        account: Uuid,
        kind: DoorcodeKind,
        ends_at: Option<UnixMillis>,
    ) -> Result<(), Problem> {
        if kind.passcode_type() != PasscodeType::Permanent {
            return Err(Problem::BadRequest("daily codes are not set but issued"));
        }
        let now = self.now();
        let new = NewCode {
            account,
            kind,
            starts_at: now,
            ends_at,
            granted_by: None,
        };
        self.store().write(|on| {
            let door = doors::by_id(on, door)?.ok_or(Problem::NotFound)?;
            doorcode_table::set(self, on, &door, &new, now).map(drop)
        })
    }
}

/// What was asked to change was there.
fn known(found: bool) -> Result<(), Problem> {
    found.then_some(()).ok_or(Problem::NotFound)
}

fn serial_number(lock_id: &[u8; 16]) -> String {
    lock_id[..5]
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}
