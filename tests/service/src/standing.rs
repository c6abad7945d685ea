//! What somebody is at a door: the one place that says who may see it and act at it.
use crate::clock::UnixMillis;
use crate::problem::Problem;
use crate::store::accesses::{self, Access};
use crate::store::doors::{self, Door};
use crate::store::staff;
use crate::words::Role;
use rusqlite::Connection;
use uuid::Uuid;

/// An access of one's own, the property's staff, or both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) access: Option<Access>,
    /// Staff act at every door of their building; into it they get only with an access of their own.
    pub(crate) staff: bool,
}

impl Standing {
    /// As what the door is shown.
    pub(crate) fn role(&self) -> Role {
        self.access.map_or(Role::NonResident, |access| access.role)
    }

    /// Whether the account lives behind the door now.
    pub(crate) fn is_resident(&self, now: UnixMillis) -> bool {
        self.access
            .is_some_and(|access| access.role == Role::Resident && access.starts_at <= now)
    }

    /// Whether others may be let in. Never by a guest, nor before one's own access begins.
    pub(crate) fn may_share(&self, now: UnixMillis) -> bool {
        self.staff || self.access.is_some_and(|access| access.may_share(now))
    }
}

/// The door and the account's own access to it. A door that somebody has no access to does not exist for them.
pub(crate) fn accessible(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    now: UnixMillis,
) -> Result<(Door, Access), Problem> {
    let access = accesses::find(on, door, account, now)?.ok_or(Problem::NotFound)?;
    let door = doors::by_id(on, door)?.ok_or(Problem::NotFound)?;
    Ok((door, access))
}

/// The door and what the account is there: for whoever looks, carries or lets in, and does not open.
pub(crate) fn standing_at(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    now: UnixMillis,
) -> Result<(Door, Standing), Problem> {
    let door = doors::by_id(on, door)?.ok_or(Problem::NotFound)?;
    let standing = of_account(on, &door, account, now)?;
    if standing.access.is_none() && !standing.staff {
        return Err(Problem::NotFound);
    }
    Ok((door, standing))
}

/// What the account is at a known door, be it nothing.
pub(crate) fn of_account(
    on: &Connection,
    door: &Door,
    account: Uuid,
    now: UnixMillis,
) -> Result<Standing, Problem> {
    Ok(Standing {
        access: accesses::find(on, door.id, account, now)?,
        staff: staff::works_in(on, account, door.building_id, now)?,
    })
}

/// Refuses everybody but staff; gives the buildings where the account is.
pub(crate) fn staffed_buildings(
    on: &Connection,
    account: Uuid,
    now: UnixMillis,
) -> Result<Vec<Uuid>, Problem> {
    let buildings = staff::buildings(on, account, now)?;
    if buildings.is_empty() {
        return Err(Problem::Forbidden);
    }
    Ok(buildings)
}
