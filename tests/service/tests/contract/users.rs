//! Who sees whom: hosts their guests, a household who may enter its home, staff everybody, and a guest nobody but themselves.
use crate::at_rest::{bytes_at_rest, holds};
use crate::guests::{TOM, add_tom, code, invitation, invite, let_tom_in, seen, text};
use crate::support::{
    GUEST, MINUTE, NOON, PASSWORD, Phone, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens,
};
use keyway_service::{NewAccess, NewAccount, Role, Seeded};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * MINUTE;

fn users(phone: &Phone<'_>, tokens: &Tokens) -> Vec<Value> {
    let answer = phone.get(tokens, "/v1/users").expect(200).json();
    answer["users"].as_array().unwrap().clone()
}

fn names(users: &[Value]) -> Vec<&str> {
    users.iter().map(|user| text(&user["firstName"])).collect()
}

/// A neighbour with a home of their own, who shares the entrance with everybody.
fn add_neighbour(property: &Property, seeded: &Seeded) {
    let account = NewAccount {
        email: "nora@example.org",
        name: "Nora Neighbour",
        password: PASSWORD,
        active: true,
    };
    let account = property.service.add_account(&account).unwrap();
    let access = NewAccess {
        door: seeded.doors[1].uuid,
        account,
        role: Role::Resident,
        starts_at: 0,
        ends_at: None,
    };
    property.service.add_access(&access).unwrap();
}

#[test]
fn a_host_sees_the_own_guests_with_their_codes() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = let_tom_in(&property, &seeded, &host);
    let users = users(&phone, &host);
    let tom = users
        .iter()
        .find(|user| user["userUuid"] == made["userUuid"])
        .unwrap();
    assert_eq!(tom["accesses"], made["accesses"]);
    assert!(tom.get("failures").is_none());
    assert_eq!(seen(&phone, &host, tom).expect(200).json(), *tom);
}

#[test]
fn a_household_sees_who_may_enter_its_home_and_not_their_codes() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let made = let_tom_in(&property, &seeded, &host);
    let daily = invitation("DAILY", &[seeded.doors[0].uuid]);
    invite(&phone, &host, &daily).expect(201);

    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    let users = users(&phone, &partner);
    // The guest of the property, Tom with his account, and Tom with his daily code.
    assert_eq!(names(&users), ["Gina", "Tom", "Tom"]);
    for user in &users {
        for access in user["accesses"].as_array().unwrap() {
            assert_eq!(access["doorUuid"], seeded.doors[0].uuid.to_string());
            assert_eq!(access["doorcode"]["code"], Value::Null);
        }
    }
    assert_eq!(users[0]["accesses"][0]["granter"]["type"], "PARTNER");
    seen(&phone, &partner, &made).expect(200);
}

#[test]
fn a_neighbour_sees_nothing_of_anothers_guests() {
    let (property, seeded) = Property::seeded();
    add_neighbour(&property, &seeded);
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let both = [seeded.doors[0].uuid, seeded.doors[1].uuid];
    let tom = invite(&phone, &host, &invitation("PERMANENT", &both)).expect(201);
    let neighbour = phone.sign_in("nora@example.org", "own");
    assert_eq!(users(&phone, &neighbour), Vec::<Value>::new());
    let told = seen(&phone, &neighbour, &tom.json()).expect(404);
    assert_eq!(told.code(), "NOT_FOUND");
    // The partner sees what concerns the home, not what concerns the entrance.
    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    let told = seen(&phone, &partner, &tom.json()).expect(200).json();
    assert_eq!(told["accesses"].as_array().unwrap().len(), 1);
}

#[test]
fn a_guest_sees_nobody_but_themselves() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let tom = let_tom_in(&property, &seeded, &host);
    let guest = phone.sign_in(GUEST, "own");
    assert_eq!(users(&phone, &guest), Vec::<Value>::new());
    seen(&phone, &guest, &tom).expect(404);
    let own = json!({"userUuid": seeded.accounts[2]});
    let own = seen(&phone, &guest, &own).expect(200).json();
    assert_eq!(own["accesses"].as_array().unwrap().len(), 3);
    assert_eq!(own["accesses"][0]["doorcode"]["code"], Value::Null);
}

#[test]
fn staff_see_everybody_at_their_building_and_no_residents_code() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let_tom_in(&property, &seeded, &host);
    let staff = phone.sign_in(STAFF, "own");
    let all = users(&phone, &staff);
    // By last name, then by first.
    assert_eq!(names(&all), ["Gina", "Ida", "Rosa", "Sam", "Stella", "Tom"]);
    for user in &all {
        for access in user["accesses"].as_array().unwrap() {
            assert_eq!(access["doorcode"]["code"], Value::Null);
        }
    }
}

#[test]
fn whoever_lost_access_sees_nothing_any_more() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let tom = let_tom_in(&property, &seeded, &host);
    let (door, rosa) = (seeded.doors[0].uuid, seeded.accounts[0]);
    property.service.remove_access(door, rosa).unwrap();
    assert_eq!(users(&phone, &host), Vec::<Value>::new());
    seen(&phone, &host, &tom).expect(404);
}

#[test]
fn a_resident_to_be_does_not_see_who_enters_now() {
    let (property, seeded) = Property::seeded();
    let tom = add_tom(&property);
    let access = NewAccess {
        door: seeded.doors[0].uuid,
        account: tom,
        role: Role::Resident,
        starts_at: NOON + DAY,
        ends_at: None,
    };
    property.service.add_access(&access).unwrap();
    let phone = property.phone();
    let tokens = phone.sign_in(TOM, "own");
    assert_eq!(users(&phone, &tokens), Vec::<Value>::new());
    property.clock.advance(DAY);
    let tokens = phone.sign_in(TOM, "own");
    assert_eq!(names(&users(&phone, &tokens)), ["Gina"]);
}

#[test]
fn people_outside_are_shown_while_their_daily_code_lives() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let daily = invitation("DAILY", &[seeded.doors[0].uuid]);
    let made = invite(&phone, &host, &daily).expect(201).json();
    let shown = seen(&phone, &host, &made).expect(200).json();
    assert_eq!(shown["accesses"][0]["passcodeType"], "DAILY");
    assert_eq!(code(&shown), code(&made));
    property.clock.advance(DAY);
    let host = phone.sign_in(RESIDENT, "own");
    seen(&phone, &host, &made).expect(404);
}

#[test]
fn users_come_in_pages() {
    let (property, _) = Property::seeded();
    let phone = property.phone();
    let staff = phone.sign_in(STAFF, "own");
    let mut told = Vec::new();
    let mut path = "/v1/users?pageSize=2".to_owned();
    loop {
        let page = phone.get(&staff, &path).expect(200).json();
        let users = page["users"].as_array().unwrap().clone();
        assert!((1..=2).contains(&users.len()));
        told.extend(users);
        match page["nextPageToken"].as_str() {
            Some(token) => path = format!("/v1/users?pageSize=2&pageToken={token}"),
            None => break,
        }
    }
    assert_eq!(names(&told), ["Gina", "Ida", "Rosa", "Sam", "Stella"]);
    phone.get(&staff, "/v1/users?pageSize=0").expect(400);
}

#[test]
fn r20_people_outside_are_not_in_the_rows() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let daily = invitation("DAILY", &[seeded.doors[0].uuid]);
    let made = invite(&phone, &host, &daily).expect(201).json();
    let bytes = bytes_at_rest(property.folder.path());
    assert!(holds(&bytes, RESIDENT.as_bytes()));
    for secret in ["tom@example.com", "Taylor", &code(&made)] {
        assert!(!holds(&bytes, secret.as_bytes()), "{secret}");
    }
}
