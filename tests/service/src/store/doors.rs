//! Doors, and where each door's lanes and log stand.
use super::Rows;
use crate::clock::UnixMillis;
use crate::words::{DoorType, LockModel};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use uuid::Uuid;

/// One door with its lock.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) id: Uuid,
    pub(crate) building_id: Uuid,
    /// Its place in a resident's list.
    pub(crate) position: u32,
    pub(crate) name: String,
    pub(crate) door_type: DoorType,
    pub(crate) lock_id: [u8; 16],
    pub(crate) connected: bool,
    pub(crate) bluetooth_unlock: bool,
    pub(crate) keypad_digits: u8,
    pub(crate) keypad_wake: String,
    pub(crate) lock_model: LockModel,
    pub(crate) serial_number: String,
    /// What else opens it.
    pub(crate) keycard: bool,
    pub(crate) mechanical_key: bool,
    pub(crate) battery: Option<(u8, UnixMillis)>,
    /// The newest critical and bulk sequence.
    pub(crate) crit_seq: u64,
    pub(crate) bulk_seq: u64,
    /// The newest sequences that a receipt of the lock confirmed.
    pub(crate) confirmed_crit_seq: u64,
    pub(crate) confirmed_bulk_seq: u64,
    pub(crate) last_sync: Option<(UnixMillis, String)>,
    /// Number of the newest receipt without a gap before it.
    pub(crate) receipt_counter: u64,
    /// Log entries below this number are safe here.
    pub(crate) acked_index: u64,
    /// The chain's head at `acked_index`.
    pub(crate) acked_head: [u8; 32],
    /// From the building: its name and IANA timezone.
    pub(crate) building_name: String,
    pub(crate) timezone: String,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Door({})", self.id)
    }
}

/// How many doors there are: a new one comes last.
pub(crate) fn count(on: &Connection) -> Rows<u32> {
    on.query_row("SELECT count(*) FROM doors", [], |row| row.get(0))
}

pub(crate) fn insert(on: &Connection, door: &Door) -> Rows<()> {
    on.execute(
        "INSERT INTO doors (id, building_id, position, name, type, lock_id, connected, bluetooth_unlock,
                            keypad_digits, keypad_wake, lock_model, serial_number, keycard, mechanical_key,
                            battery_percentage, battery_at, crit_seq, bulk_seq,
                            confirmed_crit_seq, confirmed_bulk_seq, acked_index, acked_head)
         VALUES (:id, :building, :position, :name, :type, :lock, :connected, :bluetooth,
                 :digits, :wake, :model, :serial, :keycard, :key,
                 :battery, :battery_at, :crit, :bulk, :confirmed_crit, :confirmed_bulk,
                 :acked, :head)",
        named_params! {
            ":id": door.id,
            ":building": door.building_id,
            ":position": door.position,
            ":name": door.name,
            ":type": door.door_type,
            ":lock": door.lock_id,
            ":connected": door.connected,
            ":bluetooth": door.bluetooth_unlock,
            ":digits": door.keypad_digits,
            ":wake": door.keypad_wake,
            ":model": door.lock_model,
            ":serial": door.serial_number,
            ":keycard": door.keycard,
            ":key": door.mechanical_key,
            ":battery": door.battery.map(|battery| battery.0),
            ":battery_at": door.battery.map(|battery| battery.1),
            ":crit": door.crit_seq,
            ":bulk": door.bulk_seq,
            ":confirmed_crit": door.confirmed_crit_seq,
            ":confirmed_bulk": door.confirmed_bulk_seq,
            ":acked": door.acked_index,
            ":head": door.acked_head,
        },
    )?;
    Ok(())
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Door>> {
    let query = format!("{SELECT} WHERE door.id = ?1");
    on.query_row(&query, [id], door).optional()
}

/// The doors an account has a role at now or will have, and every door of the buildings it is staff in.
pub(crate) fn of_account(
    on: &Connection,
    account: Uuid,
    staffed: &[Uuid],
    now: UnixMillis,
) -> Rows<Vec<Door>> {
    let query = format!(
        "{SELECT} WHERE EXISTS (
             SELECT 1 FROM accesses access WHERE access.door_id = door.id AND access.account_id = ?1
                AND (access.ends_at IS NULL OR access.ends_at > ?2)
         )"
    );
    let mut doors: Vec<Door> = on
        .prepare(&query)?
        .query_map(params![account, now], door)?
        .collect::<Rows<_>>()?;
    for building in staffed {
        for other in of_building(on, *building)? {
            if doors.iter().all(|known| known.id != other.id) {
                doors.push(other);
            }
        }
    }
    Ok(doors)
}

/// Every door of a building, in the property's order.
pub(crate) fn of_building(on: &Connection, building: Uuid) -> Rows<Vec<Door>> {
    let query = format!("{SELECT} WHERE door.building_id = ?1 ORDER BY door.position");
    on.prepare(&query)?.query_map([building], door)?.collect()
}

/// Raises the critical sequence and gives the new one.
pub(crate) fn next_crit_seq(on: &Connection, id: Uuid) -> Rows<u64> {
    on.query_row(
        "UPDATE doors SET crit_seq = crit_seq + 1 WHERE id = ?1 RETURNING crit_seq",
        [id],
        |row| row.get(0),
    )
}

/// Raises the bulk sequence and gives the new one.
pub(crate) fn next_bulk_seq(on: &Connection, id: Uuid) -> Rows<u64> {
    on.query_row(
        "UPDATE doors SET bulk_seq = bulk_seq + 1 WHERE id = ?1 RETURNING bulk_seq",
        [id],
        |row| row.get(0),
    )
}

/// A receipt confirmed these sequences; older receipts move nothing back.
pub(crate) fn confirm(on: &Connection, id: Uuid, crit_seq: u64, bulk_seq: u64) -> Rows<()> {
    on.execute(
        "UPDATE doors SET confirmed_crit_seq = max(confirmed_crit_seq, ?2),
                          confirmed_bulk_seq = max(confirmed_bulk_seq, ?3)
         WHERE id = ?1",
        params![id, crit_seq, bulk_seq],
    )?;
    Ok(())
}

/// The lock took documents from somebody's phone.
pub(crate) fn synced(on: &Connection, id: Uuid, by: &str, at: UnixMillis) -> Rows<()> {
    on.execute(
        "UPDATE doors SET synced_by = ?2, synced_at = ?3 WHERE id = ?1",
        params![id, by, at],
    )?;
    Ok(())
}

/// What the lock told of its battery.
pub(crate) fn set_battery(on: &Connection, id: Uuid, percentage: u8, at: UnixMillis) -> Rows<()> {
    on.execute(
        "UPDATE doors SET battery_percentage = ?2, battery_at = ?3 WHERE id = ?1",
        params![id, percentage, at],
    )?;
    Ok(())
}

/// Receipts are here without a gap up to `counter`.
pub(crate) fn set_receipt_counter(on: &Connection, id: Uuid, counter: u64) -> Rows<()> {
    on.execute(
        "UPDATE doors SET receipt_counter = ?2 WHERE id = ?1",
        params![id, counter],
    )?;
    Ok(())
}

/// The log is safe here up to `index`, where its chain has this head.
pub(crate) fn acknowledge(on: &Connection, id: Uuid, index: u64, head: &[u8; 32]) -> Rows<()> {
    on.execute(
        "UPDATE doors SET acked_index = ?2, acked_head = ?3 WHERE id = ?1",
        params![id, index, head],
    )?;
    Ok(())
}

const SELECT: &str =
    "SELECT door.*, building.name AS building_name, building.timezone AS timezone FROM doors door
     JOIN buildings building ON building.id = door.building_id";

fn door(row: &Row<'_>) -> Rows<Door> {
    let battery: Option<u8> = row.get("battery_percentage")?;
    let battery_at: Option<i64> = row.get("battery_at")?;
    let synced_at: Option<i64> = row.get("synced_at")?;
    let synced_by: Option<String> = row.get("synced_by")?;
    Ok(Door {
        id: row.get("id")?,
        building_id: row.get("building_id")?,
        position: row.get("position")?,
        name: row.get("name")?,
        door_type: row.get("type")?,
        lock_id: row.get("lock_id")?,
        connected: row.get("connected")?,
        bluetooth_unlock: row.get("bluetooth_unlock")?,
        keypad_digits: row.get("keypad_digits")?,
        keypad_wake: row.get("keypad_wake")?,
        lock_model: row.get("lock_model")?,
        serial_number: row.get("serial_number")?,
        keycard: row.get("keycard")?,
        mechanical_key: row.get("mechanical_key")?,
        battery: battery.zip(battery_at),
        crit_seq: row.get("crit_seq")?,
        bulk_seq: row.get("bulk_seq")?,
        confirmed_crit_seq: row.get("confirmed_crit_seq")?,
        confirmed_bulk_seq: row.get("confirmed_bulk_seq")?,
        last_sync: synced_at.zip(synced_by),
        receipt_counter: row.get("receipt_counter")?,
        acked_index: row.get("acked_index")?,
        acked_head: row.get("acked_head")?,
        building_name: row.get("building_name")?,
        timezone: row.get("timezone")?,
    })
}
