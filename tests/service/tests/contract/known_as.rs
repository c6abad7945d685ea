//! Whoever knows an address may invite it, and learns nothing by that of the person whose account it is.
use crate::at_rest::{bytes_at_rest, holds};
use crate::guests::{
    TOM, at_door, change, invitation, invite, invited, let_tom_in, revoke, seen, text,
};
use crate::support::{
    GUEST, MINUTE, NOON, PASSWORD, Phone, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens,
};
use keyway_service::{DoorType, Hardware, NewAccess, NewAccount, NewDoor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

/// Tom has an account under another name than those who invite him know.
fn tom_is_theodore(property: &Property) -> Uuid {
    let account = NewAccount {
        email: TOM,
        name: "Theodore Secretname",
        password: PASSWORD,
        active: true,
    };
    property.service.add_account(&account).unwrap()
}

fn name(user: &Value) -> String {
    format!("{} {}", text(&user["firstName"]), text(&user["lastName"]))
}

fn listed(phone: &Phone<'_>, tokens: &Tokens, user: &Value) -> String {
    let users = phone.get(tokens, "/v1/users").expect(200).json();
    let users = users["users"].as_array().unwrap();
    let found = users
        .iter()
        .find(|listed| listed["userUuid"] == user["userUuid"]);
    name(found.unwrap())
}

fn add_access(property: &Property, door: Uuid, account: Uuid, role: Role) {
    let access = NewAccess {
        door,
        account,
        role,
        starts_at: NOON,
        ends_at: None,
    };
    property.service.add_access(&access).unwrap();
}

#[test]
fn a_host_is_answered_with_the_name_that_they_wrote_wherever_the_guest_is_shown() {
    let (property, seeded) = Property::seeded();
    let account = tom_is_theodore(&property);
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = let_tom_in(&property, &seeded, &host);
    assert_eq!(made["userUuid"], account.to_string());
    assert_eq!(name(&made), "Tom Taylor");
    assert_eq!(listed(&phone, &host, &made), "Tom Taylor");
    let shown = seen(&phone, &host, &made).expect(200).json();
    assert_eq!(name(&shown), "Tom Taylor");
    let at_home = at_door(&made, seeded.doors[0].uuid);
    let body = json!({ "endTime": "2026-12-24T12:00:00Z" });
    let changed = change(&phone, &host, &at_home, &body).expect(200).json();
    assert_eq!(name(&changed), "Tom Taylor");
    revoke(&phone, &host, &at_home).expect(204);
    assert_eq!(listed(&phone, &host, &made), "Tom Taylor");
    // The person's own name is their own to see.
    let tokens = phone.sign_in(TOM, "own");
    let mut asked = invitation("PERMANENT", &[seeded.doors[0].uuid]);
    asked["firstName"] = json!("Tommy");
    invite(&phone, &host, &asked).expect(201);
    let own = seen(&phone, &tokens, &made).expect(200).json();
    assert_eq!(name(&own), "Theodore Secretname");
    assert_eq!(listed(&phone, &host, &made), "Tommy Taylor");
}

#[test]
fn each_host_goes_by_the_own_name_and_a_household_and_staff_by_the_hosts() {
    let (property, seeded) = Property::seeded();
    tom_is_theodore(&property);
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = let_tom_in(&property, &seeded, &host);
    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    let staff = phone.sign_in(STAFF, "own");
    for other in [&partner, &staff] {
        assert_eq!(listed(&phone, other, &made), "Tom Taylor");
    }
    let mut asked = invitation("PERMANENT", &[seeded.doors[1].uuid]);
    asked["firstName"] = json!("Thomas");
    let again = invite(&phone, &partner, &asked).expect(201).json();
    assert_eq!(name(&again), "Thomas Taylor");
    assert_eq!(listed(&phone, &partner, &made), "Thomas Taylor");
    assert_eq!(listed(&phone, &host, &made), "Tom Taylor");
}

#[test]
fn an_invitation_that_makes_nothing_tells_no_name_either() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("PERMANENT", &[seeded.doors[0].uuid]);
    asked["email"] = json!(GUEST);
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(name(&user), "Tom Taylor");
    // The property let Gina in, and calls her by her name; what somebody else wrote does not change that.
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    assert_eq!(listed(&phone, &host, &user), "Gina Guest");
}

#[test]
fn who_lives_with_one_or_behind_the_door_goes_by_the_own_name() {
    let (property, seeded) = Property::seeded();
    let attic = attic(&property);
    add_access(&property, attic, seeded.accounts[0], Role::Resident);
    let mut asked = invitation("PERMANENT", &[attic]);
    asked["email"] = json!(SECOND_RESIDENT);
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = invite(&phone, &host, &asked).expect(201).json();
    assert_eq!(name(&made), "Tom Taylor");
    assert_eq!(listed(&phone, &host, &made), "Sam Ortiz");

    let account = tom_is_theodore(&property);
    let made = let_tom_in(&property, &seeded, &host);
    let staff = phone.sign_in(STAFF, "own");
    assert_eq!(listed(&phone, &staff, &made), "Tom Taylor");
    add_access(&property, attic, account, Role::Resident);
    assert_eq!(listed(&phone, &staff, &made), "Theodore Secretname");
    assert_eq!(listed(&phone, &host, &made), "Tom Taylor");
}

#[test]
fn r20_what_hosts_call_people_is_not_in_the_rows_and_is_forgotten_with_the_access() {
    let (property, seeded) = Property::seeded();
    tom_is_theodore(&property);
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = let_tom_in(&property, &seeded, &host);
    let bytes = bytes_at_rest(property.folder.path());
    assert!(holds(&bytes, b"Secretname"), "the control");
    assert!(!holds(&bytes, b"Taylor"));

    let names = || {
        let database = property.folder.path().join("service.db");
        let database = rusqlite::Connection::open(database).unwrap();
        let count = |row: &rusqlite::Row<'_>| row.get::<_, u32>(0);
        database
            .query_row("SELECT count(*) FROM names_given", [], count)
            .unwrap()
    };
    assert_eq!(names(), 1);
    let account = text(&made["userUuid"]).parse().unwrap();
    let home = seeded.doors[0].uuid;
    property.service.remove_access(home, account).unwrap();
    forget_revocations(&property);
    property.clock.advance(31 * 24 * 60 * MINUTE);
    let mut una = invitation("PERMANENT", &[home]);
    una["email"] = json!("una@example.com");
    una["startTime"] = json!("2026-12-26T12:00:00Z");
    invited(&property, RESIDENT, &una).expect(201);
    assert_eq!(names(), 1, "Una's, no longer Tom's");
}

/// As after the lock confirmed them and a month went by.
fn forget_revocations(property: &Property) {
    let database = property.folder.path().join("service.db");
    let database = rusqlite::Connection::open(database).unwrap();
    database
        .execute("DELETE FROM revoked_accesses", [])
        .unwrap();
}

fn attic(property: &Property) -> Uuid {
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let answer = phone.get(&tokens, "/v1/buildings").expect(200).json();
    let door = NewDoor {
        building: text(&answer["buildings"][0]["uuid"]).parse().unwrap(),
        name: "Attic",
        door_type: DoorType::Communal,
        connected: false,
        bluetooth_unlock: true,
        keypad_digits: 7,
        keypad_wake: "Touch the lens",
        hardware: Hardware::default(),
    };
    property.service.add_door(&door).unwrap()
}
