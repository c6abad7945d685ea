//! `POST /v2/users`: who is let in gets a code and a message, and what one door cannot do does not keep the others shut.
use crate::bench::Scene;
use crate::guests::{TOM, add_tom, code, invitation, invite, invited, let_tom_in, mail_to, text};
use crate::support::{GUEST, MINUTE, NOON, PASSWORD, Property, RESIDENT, SECOND_RESIDENT, STAFF};
use keyway_service::{DoorType, Hardware, NewAccess, NewDoor, Role, Seeded};
use serde_json::{Value, json};
use uuid::Uuid;

fn home(seeded: &Seeded) -> Uuid {
    seeded.doors[0].uuid
}

#[test]
fn a_guest_for_longer_gets_an_account_an_access_and_a_code() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("PERMANENT", &[home(&seeded)]);
    asked["endTime"] = json!("2026-12-24T12:00:00Z");
    asked["shareable"] = json!(true);
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(user["firstName"], "Tom");
    assert_eq!(user["lastName"], "Taylor");
    assert_eq!(user["email"], TOM);
    assert!(user.get("phone").is_none());
    assert_eq!(user["failures"], json!([]));
    let access = &user["accesses"][0];
    assert_eq!(access["doorUuid"], home(&seeded).to_string());
    assert_eq!(access["passcodeType"], "PERMANENT");
    assert_eq!(access["role"], "GUEST");
    assert_eq!(access["shareable"], false, "a guest lets nobody in");
    assert_eq!(access["startTime"], "2026-11-24T12:00:00Z");
    assert_eq!(access["endTime"], "2026-12-24T12:00:00Z");
    let granter = json!({"type": "USER", "uuid": seeded.accounts[0]});
    assert_eq!(access["granter"], granter);
    assert_eq!(access["doorcode"]["description"], "VALID");
    assert_eq!(code(&user).len(), 7);
    assert_eq!(access["state"], "ACTIVE");
    assert!(access.get("revocation").is_none());
}

#[test]
fn an_invited_account_has_no_password_and_is_told_from_none_by_nobody() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let_tom_in(&property, &seeded, &host);
    for password in ["", PASSWORD] {
        let known = phone.challenge(TOM, password, "own").expect(400);
        let unknown = phone.challenge("una@example.com", password, "own");
        assert_eq!(known.code(), "WRONG_CREDENTIALS");
        assert_eq!(known.body, unknown.expect(400).body);
    }
}

#[test]
fn somebody_with_an_account_keeps_it() {
    let (property, seeded) = Property::seeded();
    let tom = add_tom(&property);
    let mut asked = invitation("PERMANENT", &[home(&seeded)]);
    asked["email"] = json!(" Tom@Example.COM ");
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(user["userUuid"], tom.to_string());
    let phone = property.phone();
    let tokens = phone.sign_in(TOM, "own");
    let doors = phone.get(&tokens, "/v1/doors").expect(200).json();
    assert_eq!(doors["doors"][0]["role"], "GUEST");
    let codes = phone.get(&tokens, "/v1/doorcodes").expect(200).json();
    assert_eq!(codes["doorcodes"][0]["kind"], "PERMANENT");
    assert_eq!(codes["doorcodes"][0]["code"], code(&user));
    assert_eq!(codes["doorcodes"][0]["status"], "PENDING_SYNC");
}

#[test]
fn a_daily_code_for_somebody_outside_is_the_same_for_the_same_address() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("DAILY", &[home(&seeded)]);
    let first = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(first["accesses"][0]["passcodeType"], "DAILY");
    assert_eq!(first["accesses"][0]["startTime"], "2026-11-24T05:00:00Z");
    assert_eq!(first["accesses"][0]["endTime"], "2026-11-25T05:00:00Z");
    assert_eq!(code(&first).len(), 8);
    let again = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(
        (code(&first), &first["userUuid"]),
        (code(&again), &again["userUuid"])
    );
    let other_host = invited(&property, SECOND_RESIDENT, &asked).expect(201);
    assert_ne!(code(&first), code(&other_host.json()));
    asked["email"] = json!("una@example.com");
    let other_guest = invited(&property, RESIDENT, &asked).expect(201);
    assert_ne!(code(&first), code(&other_guest.json()));

    asked["passcodeType"] = json!("DAILY_SINGLE_USE");
    let codes: Vec<String> = (0..2)
        .map(|_| code(&invited(&property, RESIDENT, &asked).expect(201).json()))
        .collect();
    assert_ne!(codes[0], codes[1], "a single-use code is always new");
}

#[test]
fn a_day_by_name_is_the_doors_own_whatever_moment_stands_beside_it() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("DAILY", &[home(&seeded)]);
    for (day, starts) in [
        ("TODAY", "2026-11-24T05:00:00Z"),
        ("TOMORROW", "2026-11-25T05:00:00Z"),
    ] {
        asked["day"] = json!(day);
        let user = invited(&property, RESIDENT, &asked).expect(201).json();
        assert_eq!(user["accesses"][0]["startTime"], starts);
    }
}

#[test]
fn a_code_sent_to_others_is_not_among_ones_own() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let codes = || phone.get(&host, "/v1/doorcodes").expect(200).json()["doorcodes"].clone();
    let before = codes();
    invite(&phone, &host, &invitation("DAILY", &[home(&seeded)])).expect(201);
    assert_eq!(codes(), before);
    let path = format!("/v1/doors/{}/doorcodes", home(&seeded));
    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    let own = phone.post(&host, &path, &body).expect(200).json();
    let sent = invite(&phone, &host, &invitation("DAILY", &[home(&seeded)])).expect(201);
    assert_ne!(own["code"].as_str().unwrap(), code(&sent.json()));
}

#[test]
fn a_resident_locked_out_can_be_sent_a_daily_code() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("DAILY", &[home(&seeded)]);
    asked["email"] = json!(RESIDENT);
    let user = invited(&property, SECOND_RESIDENT, &asked).expect(201);
    assert_eq!(
        user.json()["accesses"][0]["doorcode"]["description"],
        "VALID"
    );
    let user = invited(&property, STAFF, &asked).expect(201);
    assert_eq!(code(&user.json()).len(), 8, "the property can, too");
}

#[test]
fn whoever_can_open_already_gets_nothing_new() {
    let (property, seeded) = Property::seeded();
    let doors = [home(&seeded), seeded.doors[1].uuid];
    let mut asked = invitation("PERMANENT", &doors);
    asked["email"] = json!(GUEST);
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    let told = |user: &Value, index: usize| user["accesses"][index]["doorcode"].clone();
    let conflict = |description| json!({"code": null, "description": description});
    assert_eq!(told(&user, 0), conflict("USER_HAS_GUEST_ACCESS_CONFLICT"));
    asked["email"] = json!(SECOND_RESIDENT);
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(told(&user, 0), conflict("USER_HAS_RESIDENT_ACCESS"));
    assert_eq!(told(&user, 1), conflict("COMMUNAL_DOORCODE_CONFLICT"));
    assert!(mail_to(&property, GUEST).is_empty());

    // What the guest has stays as it was.
    let phone = property.phone();
    let guest = phone.sign_in(GUEST, "own");
    let doors = phone.get(&guest, "/v1/doors").expect(200).json();
    assert_eq!(doors["doors"][0]["accessEnds"], "2026-11-27T12:00:00Z");
}

#[test]
fn an_access_that_ended_by_itself_is_no_conflict() {
    let (property, seeded) = Property::seeded();
    property.clock.advance(3 * 24 * 60 * MINUTE);
    let mut asked = invitation("PERMANENT", &[home(&seeded)]);
    asked["email"] = json!(GUEST);
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(user["accesses"][0]["doorcode"]["description"], "VALID");
    assert_eq!(user["userUuid"], seeded.accounts[2].to_string());
}

#[test]
fn what_one_door_cannot_do_is_told_and_done_at_the_others() {
    let (property, seeded) = Property::seeded();
    let service = &property.service;
    let building = building(&property);
    let full = door(&property, building, "Attic", DoorType::Communal);
    let account = seeded.accounts[0];
    let access = |door, role| NewAccess {
        door,
        account,
        role,
        starts_at: NOON,
        ends_at: None,
    };
    service.add_access(&access(full, Role::Resident)).unwrap();
    for number in 0..9 {
        let mut neighbour = invitation("PERMANENT", &[full]);
        neighbour["email"] = json!(format!("n{number}@example.com"));
        invited(&property, RESIDENT, &neighbour).expect(201);
    }
    let guest_only = door(&property, building, "Cellar", DoorType::Communal);
    service
        .add_access(&access(guest_only, Role::Guest))
        .unwrap();
    let nobodys = seeded.doors[3].uuid;

    let doors = [nobodys, full, home(&seeded), guest_only];
    let user = invited(&property, RESIDENT, &invitation("PERMANENT", &doors));
    let user = user.expect(201).json();
    assert_eq!(user["accesses"].as_array().unwrap().len(), 1);
    assert_eq!(user["accesses"][0]["doorUuid"], home(&seeded).to_string());
    assert_eq!(
        user["failures"],
        json!([
            {"doorUuid": nobodys, "code": "NOT_FOUND"},
            {"doorUuid": full, "code": "TOO_MANY_DOORCODES"},
            {"doorUuid": guest_only, "code": "USER_CAN_NOT_SHARE"},
        ])
    );
    let mail = mail_to(&property, TOM);
    assert_eq!(mail.len(), 1);
    assert!(mail[0].contains("Home 4B") && !mail[0].contains("Attic"));

    // Where every door fails, the first failure is the answer, and nobody has an account for it.
    let mut asked = invitation("PERMANENT", &[full, nobodys]);
    asked["email"] = json!("una@example.com");
    let told = invited(&property, RESIDENT, &asked).expect(409);
    assert_eq!(told.code(), "TOO_MANY_DOORCODES");
    assert!(mail_to(&property, "una@example.com").is_empty());
    let mut staff = invitation("DAILY", &[nobodys]);
    staff["email"] = json!("una@example.com");
    invited(&property, STAFF, &staff).expect(201);
}

#[test]
fn daily_slots_that_ran_out_at_one_door_are_told() {
    let (property, seeded) = Property::seeded();
    let doors = [home(&seeded), seeded.doors[1].uuid];
    let single = |doors: &[Uuid]| {
        let mut asked = invitation("DAILY_SINGLE_USE", doors);
        asked["shouldNotify"] = json!(false);
        asked
    };
    for _ in 0..10 {
        invited(&property, RESIDENT, &single(&doors[..1])).expect(201);
    }
    let user = invited(&property, RESIDENT, &single(&doors)).expect(201);
    let failures = json!([{"doorUuid": doors[0], "code": "DAILY_CODES_EXHAUSTED"}]);
    assert_eq!(user.json()["failures"], failures);
    let told = invited(&property, RESIDENT, &single(&doors[..1])).expect(409);
    assert_eq!(told.code(), "DAILY_CODES_EXHAUSTED");
}

#[test]
fn staff_make_residents_whose_code_they_are_not_told() {
    let (property, seeded) = Property::seeded();
    let tom = add_tom(&property);
    let mut asked = invitation("PERMANENT", &[home(&seeded), seeded.doors[1].uuid]);
    asked["role"] = json!("RESIDENT");
    asked["shareable"] = json!(true);
    let user = invited(&property, STAFF, &asked).expect(201).json();
    assert_eq!(user["userUuid"], tom.to_string());
    for access in user["accesses"].as_array().unwrap() {
        assert_eq!(access["role"], "RESIDENT");
        assert_eq!(access["shareable"], true);
        assert_eq!(
            access["doorcode"],
            json!({"code": null, "description": "VALID"})
        );
    }
    let phone = property.phone();
    let tokens = phone.sign_in(TOM, "own");
    let codes = phone.get(&tokens, "/v1/doorcodes").expect(200).json();
    let kinds = codes["doorcodes"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds.map(|code| text(&code["kind"])).collect();
    assert_eq!(kinds, ["RESIDENCE", "COMMUNAL"]);
    let message = &mail_to(&property, TOM)[0];
    assert!(message.contains(text(&codes["doorcodes"][0]["code"])));
}

#[test]
fn daily_needs_no_sync_a_code_sent_outside_opens_a_lock_that_nobody_synced_since_it_was_mounted() {
    let (property, seeded) = Property::seeded();
    let building = building(&property);
    let new_home = door(&property, building, "Home 5C", DoorType::Residence);
    let access = NewAccess {
        door: new_home,
        account: seeded.accounts[0],
        role: Role::Resident,
        starts_at: NOON,
        ends_at: None,
    };
    property.service.add_access(&access).unwrap();
    let mut scene = Scene::at(property, seeded, new_home);
    let host = scene.signed_in(1, RESIDENT);
    let user = invited(&scene.property, RESIDENT, &invitation("DAILY", &[new_home]));
    let user = user.expect(201).json();
    // A lock fresh from the workshop knows neither calendar nor clock. Mounting it sets both; no code goes with that, and no sync follows.
    assert!(!matches!(scene.bench.type_code(&code(&user)), Some(Ok(()))));
    scene.sync(&host);
    scene.attest(&host);
    assert_eq!(scene.bench.type_code(&code(&user)), Some(Ok(())));
    let mut single = invitation("DAILY_SINGLE_USE", &[new_home]);
    single["startTime"] = json!("2026-11-24T20:00:00Z");
    let once = invited(&scene.property, RESIDENT, &single)
        .expect(201)
        .json();
    assert_eq!(scene.bench.type_code(&code(&once)), Some(Ok(())));
    scene.bench.now += 16 * 60_000;
    assert!(!matches!(scene.bench.type_code(&code(&once)), Some(Ok(()))));
}

#[test]
fn a_guests_code_opens_from_the_sync_on() {
    let mut scene = Scene::new();
    let host = scene.signed_in(1, RESIDENT);
    scene.visit(&host);
    let user = let_tom_in(&scene.property, &scene.seeded, &host);
    let digits = code(&user);
    assert!(!matches!(scene.bench.type_code(&digits), Some(Ok(()))));
    scene.sync(&host);
    assert_eq!(scene.bench.type_code(&digits), Some(Ok(())));
}

fn building(property: &Property) -> Uuid {
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let answer = phone.get(&tokens, "/v1/buildings").expect(200).json();
    text(&answer["buildings"][0]["uuid"]).parse().unwrap()
}

fn door(property: &Property, building: Uuid, name: &str, door_type: DoorType) -> Uuid {
    let door = NewDoor {
        building,
        name,
        door_type,
        connected: false,
        bluetooth_unlock: true,
        keypad_digits: 7,
        keypad_wake: "Touch the lens",
        hardware: Hardware::default(),
    };
    property.service.add_door(&door).unwrap()
}
