//! What a door's list says beside its name: the lock, the other ways in, whom to call, and who may let somebody in.
use crate::support::{GUEST, NOON, PASSWORD, Property, RESIDENT, SECOND_RESIDENT, STAFF};
use keyway_service::{DoorType, Hardware, NewAccess, NewAccount, NewDoor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: i64 = 86_400_000;

/// The doors that `email` sees.
fn doors_of(property: &Property, email: &str) -> Vec<Value> {
    let phone = property.phone();
    let tokens = phone.sign_in(email, "own");
    let answer = phone.get(&tokens, "/v1/doors").expect(200).json();
    answer["doors"].as_array().unwrap().clone()
}

fn named<'a>(doors: &'a [Value], name: &str) -> &'a Value {
    doors.iter().find(|door| door["name"] == name).unwrap()
}

#[test]
fn a_door_tells_its_lock_and_what_else_opens_it() {
    let (property, seeded) = Property::seeded();
    let doors = doors_of(&property, RESIDENT);
    let home = named(&doors, "Home 4B");
    assert_eq!(home["accessibilityType"], "PRIVATE");
    assert_eq!(home["device"]["type"], "M");
    let lock_id = home["lockId"].as_str().unwrap();
    let serial = home["device"]["serialNumber"].as_str().unwrap();
    assert_eq!(serial.to_lowercase(), lock_id[..10]);
    assert_eq!(
        home["waysIn"],
        json!({"keycard": false, "mechanicalKey": true})
    );
    assert_eq!(home["keypad"]["sleepSeconds"], 5);
    assert_eq!(home["keypad"]["deadbolt"], "REFUSES_DAILY_CODES");
    assert_eq!(home["uuid"], seeded.doors[0].uuid.to_string());

    let entrance = named(&doors, "Main entrance");
    assert_eq!(entrance["accessibilityType"], "COMMUNAL");
    assert_eq!(entrance["device"]["type"], "R");
    assert_eq!(
        entrance["waysIn"],
        json!({"keycard": true, "mechanicalKey": false})
    );
    assert_eq!(entrance["keypad"]["deadbolt"], "NONE");
    assert_eq!(entrance["buildingUuid"], home["buildingUuid"]);
}

#[test]
fn a_door_tells_whom_to_call() {
    let (property, _) = Property::seeded();
    for person in [RESIDENT, GUEST] {
        let doors = doors_of(&property, person);
        let contact =
            json!({"name": "Elm Court", "phone": "+1 212 555 0142", "email": "office@example.org"});
        assert_eq!(doors[0]["property"], contact);
    }
}

#[test]
fn a_building_that_nobody_described_has_null_contacts() {
    let property = Property::open();
    let service = &property.service;
    let building = service.add_building("Bare", "Europe/Berlin").unwrap();
    let door = bare_door(&property, building);
    let account = add(&property, "bare@example.org", "Barbara");
    give(&property, door, account, Role::Resident);
    let doors = doors_of(&property, "bare@example.org");
    assert_eq!(
        doors[0]["property"],
        json!({"name": "Bare", "phone": null, "email": null})
    );
}

#[test]
fn sharers_are_the_others_who_may_let_somebody_in_the_household_first() {
    let (property, seeded) = Property::seeded();
    let doors = doors_of(&property, RESIDENT);
    // Gina is a guest, Ida is not active, and nobody shares with themselves.
    assert_eq!(named(&doors, "Home 4B")["sharers"], json!(["Sam Ortiz"]));
    let doors = doors_of(&property, GUEST);
    let both = json!(["Rosa Ortiz", "Sam Ortiz"]);
    assert_eq!(named(&doors, "Main entrance")["sharers"], both);

    let neighbour = add(&property, "anna@example.org", "Anna Anders");
    let entrance = seeded.doors[1].uuid;
    give(&property, entrance, neighbour, Role::Resident);
    let doors = doors_of(&property, RESIDENT);
    let told = json!(["Sam Ortiz", "Anna Anders"]);
    assert_eq!(named(&doors, "Main entrance")["sharers"], told);
}

#[test]
fn at_most_ten_sharers_are_told() {
    let (property, seeded) = Property::seeded();
    for number in 0..12 {
        let account = add(&property, &format!("n{number}@example.org"), "Neighbour");
        give(&property, seeded.doors[1].uuid, account, Role::NonResident);
    }
    let doors = doors_of(&property, RESIDENT);
    let sharers = named(&doors, "Main entrance")["sharers"]
        .as_array()
        .unwrap();
    assert_eq!(sharers.len(), 10);
    assert_eq!(sharers[0], "Sam Ortiz");
}

#[test]
fn a_door_says_whether_it_may_be_shared_and_when_it_is_over() {
    let (property, seeded) = Property::seeded();
    let resident = doors_of(&property, SECOND_RESIDENT);
    assert_eq!(resident[0]["shareable"], true);
    assert_eq!(resident[0]["accessEnds"], Value::Null);
    let guest = doors_of(&property, GUEST);
    assert_eq!(guest[0]["shareable"], false);
    assert_eq!(guest[0]["accessEnds"], "2026-11-27T12:00:00Z");

    let later = add(&property, "later@example.org", "Lara Later");
    property
        .service
        .add_access(&NewAccess {
            door: seeded.doors[0].uuid,
            account: later,
            role: Role::Resident,
            starts_at: NOON + DAY,
            ends_at: None,
        })
        .unwrap();
    let doors = doors_of(&property, "later@example.org");
    assert_eq!(doors[0]["shareable"], false, "before it begins");
    let sharers = doors_of(&property, RESIDENT)[0]["sharers"].clone();
    assert_eq!(sharers, json!(["Sam Ortiz"]));
}

#[test]
fn doors_come_in_pages_and_by_building() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let get = |path: &str| phone.get(&tokens, path);
    let first = get("/v1/doors?pageSize=2").expect(200).json();
    assert_eq!(names(&first), ["Home 4B", "Main entrance"]);
    let token = first["nextPageToken"].as_str().unwrap();
    let rest = get(&format!("/v1/doors?pageSize=2&pageToken={token}"))
        .expect(200)
        .json();
    assert_eq!(names(&rest), ["Laundry"]);
    assert!(rest.get("nextPageToken").is_none());
    let all = get("/v1/doors").expect(200).json();
    assert_eq!(names(&all).len(), 3);
    assert!(all.get("nextPageToken").is_none());

    let building = all["doors"][0]["buildingUuid"].as_str().unwrap();
    let here = get(&format!("/v1/doors?buildingUuid={building}")).expect(200);
    assert_eq!(names(&here.json()).len(), 3);
    let elsewhere = seeded.accounts[0];
    let none = get(&format!("/v1/doors?buildingUuid={elsewhere}")).expect(200);
    assert_eq!(names(&none.json()).len(), 0);

    for nonsense in [
        "pageSize=0",
        "pageSize=101",
        "pageSize=many",
        "pageToken=%20",
        "buildingUuid=4B",
    ] {
        let told = get(&format!("/v1/doors?{nonsense}")).expect(400);
        assert_eq!(told.code(), "BAD_REQUEST", "{nonsense}");
    }
}

#[test]
fn staff_see_every_door_of_their_building_and_are_residents_of_none() {
    let (property, _) = Property::seeded();
    let doors = doors_of(&property, STAFF);
    let roles: Vec<_> = doors.iter().map(|door| &door["role"]).collect();
    assert_eq!(roles, ["NON_RESIDENT"; 4]);
    assert!(doors.iter().all(|door| door["shareable"] == true));
    // A building without a service door of theirs is not theirs.
    let other = property
        .service
        .add_building("Oak Court", "America/New_York")
        .unwrap();
    bare_door(&property, other);
    assert_eq!(doors_of(&property, STAFF).len(), 4);
}

fn names(answer: &Value) -> Vec<&str> {
    let doors = answer["doors"].as_array().unwrap();
    doors
        .iter()
        .map(|door| door["name"].as_str().unwrap())
        .collect()
}

fn bare_door(property: &Property, building: Uuid) -> Uuid {
    let door = NewDoor {
        building,
        name: "Bare",
        door_type: DoorType::Residence,
        connected: false,
        bluetooth_unlock: true,
        keypad_digits: 7,
        keypad_wake: "",
        hardware: Hardware::default(),
    };
    property.service.add_door(&door).unwrap()
}

fn add(property: &Property, email: &str, name: &str) -> Uuid {
    let account = NewAccount {
        email,
        name,
        password: PASSWORD,
        active: true,
    };
    property.service.add_account(&account).unwrap()
}

fn give(property: &Property, door: Uuid, account: Uuid, role: Role) {
    let access = NewAccess {
        door,
        account,
        role,
        starts_at: NOON,
        ends_at: None,
    };
    property.service.add_access(&access).unwrap();
}
