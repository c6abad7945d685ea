//! Buildings: their name, their clock and how they are reached.
use super::Rows;
use crate::contact::{Address, Contact};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// One building.
#[derive(Clone, Debug)]
pub(crate) struct Building {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// IANA name.
    pub(crate) timezone: String,
    pub(crate) contact: Contact,
}

pub(crate) fn insert(on: &Connection, id: Uuid, name: &str, timezone: &str) -> Rows<()> {
    on.execute(
        "INSERT INTO buildings (id, name, timezone) VALUES (?1, ?2, ?3)",
        params![id, name, timezone],
    )?;
    Ok(())
}

/// Says how the building is reached from now on, and whether there is such a building.
pub(crate) fn set_contact(on: &Connection, id: Uuid, contact: &Contact) -> Rows<bool> {
    let address = serde_json::to_string(&contact.address)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let changed = on.execute(
        "UPDATE buildings SET phone = ?2, email = ?3, address = ?4 WHERE id = ?1",
        params![id, contact.phone, contact.email, address],
    )?;
    Ok(changed == 1)
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Building>> {
    on.query_row(
        "SELECT id, name, timezone, phone, email, address FROM buildings WHERE id = ?1",
        [id],
        building,
    )
    .optional()
}

fn building(row: &Row<'_>) -> Rows<Building> {
    let address: String = row.get(5)?;
    let address: Address = serde_json::from_str(&address)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, error.into()))?;
    Ok(Building {
        id: row.get(0)?,
        name: row.get(1)?,
        timezone: row.get(2)?,
        contact: Contact {
            phone: row.get(3)?,
            email: row.get(4)?,
            address,
        },
    })
}
