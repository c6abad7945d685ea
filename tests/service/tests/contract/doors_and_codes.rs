//! Doors, accesses and doorcodes: what each person sees, in the door's own time.
use crate::support::{MINUTE, NOON, PASSWORD, Property, RESIDENT, SECOND_RESIDENT, Tokens};
use keyway_service::{DoorType, DoorcodeKind, Hardware, NewAccess, NewAccount, NewDoor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 60 * MINUTE;

/// A home with a resident, and its service room.
struct Home {
    property: Property,
    home: Uuid,
    account: Uuid,
}

impl Home {
    fn open() -> Self {
        let property = Property::open();
        let service = &property.service;
        let building = service
            .add_building("Elm Court", "America/New_York")
            .unwrap();
        let door = |name, door_type| {
            service
                .add_door(&NewDoor {
                    building,
                    name,
                    door_type,
                    connected: false,
                    bluetooth_unlock: true,
                    keypad_digits: 7,
                    keypad_wake: "Touch the lens",
                    hardware: Hardware::default(),
                })
                .unwrap()
        };
        let home = door("Home 4B", DoorType::Residence);
        door("Boiler room", DoorType::Service);
        let account = |email, role| {
            let account = service
                .add_account(&NewAccount {
                    email,
                    name: "Somebody",
                    password: PASSWORD,
                    active: true,
                })
                .unwrap();
            service
                .add_access(&NewAccess {
                    door: home,
                    account,
                    role,
                    starts_at: NOON,
                    ends_at: (role == Role::Guest).then_some(NOON + HOUR),
                })
                .unwrap();
            account
        };
        account("guest@example.org", Role::Guest);
        Self {
            home,
            account: account("home@example.org", Role::Resident),
            property,
        }
    }

    fn sign_in(&self) -> Tokens {
        self.property.phone().sign_in("home@example.org", "own")
    }

    fn get(&self, tokens: &Tokens, path: &str) -> Value {
        self.property.phone().get(tokens, path).expect(200).json()
    }

    fn ask_for_code(&self, tokens: &Tokens, passcode: &str, day: &str) -> crate::support::Answer {
        let path = format!("/v1/doors/{}/doorcodes", self.home);
        let body = json!({ "passcodeType": passcode, "day": day });
        self.property.phone().post(tokens, &path, &body)
    }

    fn set_residence_code(&self) {
        self.property
            .service
            .set_code(self.home, self.account, DoorcodeKind::Residence, None)
            .unwrap();
    }
}

#[test]
fn a_resident_sees_the_own_doors_only() {
    let home = Home::open();
    let doors = home.get(&home.sign_in(), "/v1/doors");
    assert_eq!(doors["serverTime"], "2026-11-24T12:00:00Z");
    assert_eq!(doors["doors"].as_array().unwrap().len(), 1);
    let door = &doors["doors"][0];
    assert_eq!(door["name"], "Home 4B");
    assert_eq!(door["buildingName"], "Elm Court");
    assert_eq!(door["type"], "RESIDENCE");
    assert_eq!(door["role"], "RESIDENT");
    assert_eq!(door["timezone"], "America/New_York");
    assert_eq!(door["isConnected"], false);
    assert_eq!(door["hasBluetoothUnlock"], true);
    assert_eq!(door["lockId"].as_str().unwrap().len(), 32);
    assert_eq!(door["lastSync"], Value::Null);
    assert_eq!(
        door["keypad"],
        json!({"digits": 7, "wake": "Touch the lens", "sleepSeconds": 5, "deadbolt": "NONE"})
    );

    let phone = home.property.phone();
    let stranger = phone.sign_in(RESIDENT, "own");
    assert_eq!(home.get(&stranger, "/v1/doors")["doors"], json!([]));
    assert_eq!(home.get(&stranger, "/v1/doorcodes")["doorcodes"], json!([]));
}

#[test]
fn a_door_without_access_does_not_exist() {
    let home = Home::open();
    let stranger = home.property.phone().sign_in(SECOND_RESIDENT, "own");
    let told = home.ask_for_code(&stranger, "DAILY", "TODAY").expect(404);
    assert_eq!(told.code(), "NOT_FOUND");
    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    let nonsense = home
        .property
        .phone()
        .post(&stranger, "/v1/doors/nonsense/doorcodes", &body)
        .expect(404);
    assert_eq!(nonsense.body, told.body);
}

#[test]
fn a_guests_door_goes_when_the_access_ends() {
    let home = Home::open();
    let guest = home.property.phone().sign_in("guest@example.org", "own");
    assert_eq!(home.get(&guest, "/v1/doors")["doors"][0]["role"], "GUEST");
    home.property.clock.advance(HOUR);
    let guest = home.property.phone().sign_in("guest@example.org", "own");
    assert_eq!(home.get(&guest, "/v1/doors")["doors"], json!([]));
}

#[test]
fn a_new_residence_code_waits_for_a_sync() {
    let home = Home::open();
    home.set_residence_code();
    let tokens = home.sign_in();
    let codes = home.get(&tokens, "/v1/doorcodes");
    let code = &codes["doorcodes"][0];
    assert_eq!(code["kind"], "RESIDENCE");
    assert_eq!(code["passcodeType"], "PERMANENT");
    assert_eq!(code["status"], "PENDING_SYNC");
    assert_eq!(code["endTime"], Value::Null);
    assert_eq!(code["startLocal"], "2026-11-24T07:00:00-05:00");
    let digits = code["code"].as_str().unwrap();
    assert!(digits.len() == 7 && digits.bytes().all(|digit| digit.is_ascii_digit()));
    assert_eq!(
        home.get(&tokens, "/v1/doors")["doors"][0]["pendingChanges"],
        1
    );
}

#[test]
fn a_daily_code_holds_the_doors_calendar_day() {
    let home = Home::open();
    let tokens = home.sign_in();
    let today = home
        .ask_for_code(&tokens, "DAILY", "TODAY")
        .expect(200)
        .json();
    assert_eq!(today["startLocal"], "2026-11-24T00:00:00-05:00");
    assert_eq!(today["endLocal"], "2026-11-25T00:00:00-05:00");
    assert_eq!(today["startTime"], "2026-11-24T05:00:00Z");
    assert_eq!(today["status"], "ACTIVE");
    assert_eq!(today["code"].as_str().unwrap().len(), 8);

    let tomorrow = home
        .ask_for_code(&tokens, "DAILY", "TOMORROW")
        .expect(200)
        .json();
    assert_eq!(tomorrow["status"], "NOT_YET");
    assert_ne!(tomorrow["code"], today["code"]);

    home.property.clock.set(NOON + 17 * HOUR);
    let codes = home.get(&home.sign_in(), "/v1/doorcodes");
    let statuses: Vec<&str> = codes["doorcodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["EXPIRED", "ACTIVE"]);
}

#[test]
fn asking_again_gives_the_same_daily_code_and_another_single_use_code() {
    let home = Home::open();
    let tokens = home.sign_in();
    let ask = |passcode| {
        home.ask_for_code(&tokens, passcode, "TODAY")
            .expect(200)
            .json()
    };
    assert_eq!(ask("DAILY")["code"], ask("DAILY")["code"]);
    let (first, second) = (ask("DAILY_SINGLE_USE"), ask("DAILY_SINGLE_USE"));
    assert_ne!(first["code"], second["code"]);
    assert_eq!(first["kind"], "DAILY_SINGLE_USE");
}

#[test]
fn slots_run_out_with_a_typed_answer() {
    let home = Home::open();
    let tokens = home.sign_in();
    for _ in 0..10 {
        home.ask_for_code(&tokens, "DAILY_SINGLE_USE", "TODAY")
            .expect(200);
    }
    let told = home
        .ask_for_code(&tokens, "DAILY_SINGLE_USE", "TODAY")
        .expect(409);
    assert_eq!(told.code(), "DAILY_CODES_EXHAUSTED");
}

#[test]
fn a_guest_cannot_let_others_in() {
    let home = Home::open();
    let guest = home.property.phone().sign_in("guest@example.org", "own");
    let told = home.ask_for_code(&guest, "DAILY", "TODAY").expect(403);
    assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
    let resident = home.sign_in();
    let told = home
        .ask_for_code(&resident, "PERMANENT", "TODAY")
        .expect(400);
    assert_eq!(told.code(), "BAD_REQUEST");
}

#[test]
fn codes_stay_within_the_guessing_bound() {
    // 9 x 10,955 / 10^7 is just under one percent a year.
    assert_eq!(codes_that_fit(7), 9);
    // 91 would be at 8 digits, of which daily codes take 20.
    assert_eq!(codes_that_fit(8), 71);
}

/// How many people can have a code of so many digits at one door.
fn codes_that_fit(digits: u8) -> usize {
    let home = Home::open();
    let service = &home.property.service;
    let building = service.add_building("Annex", "America/New_York").unwrap();
    let door = service
        .add_door(&NewDoor {
            building,
            name: "Annex",
            door_type: DoorType::Communal,
            connected: false,
            bluetooth_unlock: true,
            keypad_digits: digits,
            keypad_wake: "",
            hardware: Hardware::default(),
        })
        .unwrap();
    for number in 0.. {
        let account = service
            .add_account(&NewAccount {
                email: &format!("neighbour{number}@example.org"),
                name: "Neighbour",
                password: PASSWORD,
                active: true,
            })
            .unwrap();
        if let Err(told) = service.set_code(door, account, DoorcodeKind::Communal, None) {
            assert_eq!(told.code(), "TOO_MANY_DOORCODES");
            return number;
        }
    }
    unreachable!("codes run out");
}
