//! Threats R4 and R13 at the property's desk: locks that keep silent, who could have spoken for them, and locks of which there are two.
use crate::bench::Scene;
use crate::guests::{TOM, add_tom, at_door, let_tom_in, revoke};
use crate::lock_side::{TestLock, hand_in};
use crate::support::{
    GUEST, MINUTE, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens, post_json,
};
use keyway_service::{DoorType, DoorcodeKind, Hardware, NewDoor};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * MINUTE;

/// The home with its lock, where Rosa let Tom in.
struct Watch {
    scene: Scene,
    tom: Value,
}

impl Watch {
    fn begin() -> Self {
        let mut scene = Scene::new();
        add_tom(&scene.property);
        let host = scene.signed_in(1, RESIDENT);
        let tom = let_tom_in(&scene.property, &scene.seeded, &host);
        scene.signed_in(4, TOM);
        scene.visit(&host);
        Self { scene, tom }
    }

    fn sign_in(&self, email: &str) -> Tokens {
        self.scene.property.phone().sign_in(email, "own")
    }

    fn revoke_tom(&self) {
        let host = self.sign_in(RESIDENT);
        let path = at_door(&self.tom, self.scene.door);
        revoke(&self.scene.property.phone(), &host, &path).expect(204);
    }

    fn alarms(&self) -> Vec<Value> {
        alarms(&self.scene.property)
    }

    fn pass(&self, millis: i64) {
        self.scene.property.clock.advance(millis);
    }
}

fn alarms(property: &Property) -> Vec<Value> {
    let phone = property.phone();
    let staff = phone.sign_in(STAFF, "own");
    let answer = phone.get(&staff, "/v1/alarms").expect(200).json();
    answer["alarms"].as_array().unwrap().clone()
}

#[test]
fn a_lock_that_keeps_silent_for_a_day_names_the_courier_who_dropped_the_bundle() {
    let mut watch = Watch::begin();
    watch.pass(MINUTE);
    watch.revoke_tom();
    watch.pass(MINUTE);
    let dropper = watch.scene.signed_in(3, SECOND_RESIDENT);
    watch.scene.record(&dropper);
    let bundle = watch.scene.path("bundle");
    let phone = watch.scene.property.phone();
    phone.get(&dropper, &bundle).expect(200);
    assert_eq!(watch.alarms(), Vec::<Value>::new(), "there is still time");

    watch.pass(DAY - 2 * MINUTE);
    assert_eq!(watch.alarms(), Vec::<Value>::new());
    watch.pass(MINUTE);
    let told = watch.alarms();
    assert_eq!(
        told,
        [json!({
            "doorUuid": watch.scene.door,
            "doorName": "Home 4B",
            "kind": "RECEIPT_OVERDUE",
            "since": "2026-11-24T12:01:00Z",
            // The subject in the lane and the code in the table.
            "pendingChanges": 2,
            // Rosa fetched before there was anything to carry.
            "couriers": [{"name": "Sam Ortiz", "fetchedAt": "2026-11-24T12:02:00Z"}],
        })]
    );

    let honest = watch.scene.signed_in(1, RESIDENT);
    watch.scene.visit(&honest);
    assert_eq!(watch.alarms(), Vec::<Value>::new(), "the lock spoke");
}

#[test]
fn half_a_confirmation_is_none() {
    let mut watch = Watch::begin();
    watch.revoke_tom();
    let partner = watch.scene.signed_in(3, SECOND_RESIDENT);
    let record = watch.scene.record(&partner);
    watch.scene.bench.present(&record).unwrap();
    watch.scene.upload(&partner);
    watch.pass(DAY);
    let told = watch.alarms();
    assert_eq!(told.len(), 1, "the lane arrived, the code still opens");
    assert_eq!(told[0]["kind"], "RECEIPT_OVERDUE");
}

#[test]
fn a_phone_that_was_signed_out_counts_too() {
    let mut watch = Watch::begin();
    let lost = watch.scene.signed_in(3, SECOND_RESIDENT);
    watch.scene.visit(&lost);
    let ticket = json!({ "ticket": lost.ticket.unwrap() });
    let end = post_json("/v1/sessions/end", &ticket);
    watch.scene.property.call(end).expect(204);
    watch.pass(DAY);
    assert_eq!(watch.alarms().len(), 1);
}

#[test]
fn a_code_that_was_reset_must_be_forgotten_and_a_new_one_may_wait() {
    let watch = Watch::begin();
    let service = &watch.scene.property.service;
    let (door, rosa) = (watch.scene.door, watch.scene.seeded.accounts[0]);
    let neighbour = watch.scene.seeded.accounts[3];
    let kind = DoorcodeKind::Permanent;
    service.set_code(door, neighbour, kind, None).unwrap();
    watch.pass(DAY);
    assert_eq!(
        watch.alarms(),
        Vec::<Value>::new(),
        "a code that does not open yet endangers nobody"
    );
    let kind = DoorcodeKind::Residence;
    service.set_code(door, rosa, kind, None).unwrap();
    watch.pass(DAY);
    assert_eq!(watch.alarms().len(), 1);
}

#[test]
fn an_alarm_outlives_the_lanes_own_memory() {
    let watch = Watch::begin();
    watch.revoke_tom();
    watch.pass(12 * DAY);
    // Fetching prunes the lane's entries behind the floor.
    let partner = watch.scene.signed_in(3, SECOND_RESIDENT);
    watch.scene.record(&partner);
    assert_eq!(watch.alarms().len(), 1);
}

#[test]
fn r13_a_lock_of_which_there_are_two_stays_an_alarm() {
    let (property, seeded) = Property::seeded();
    let door = seeded.doors[0].uuid;
    let mut lock = TestLock::of(&property, door);
    let phone = property.phone();
    let courier = phone.sign_in(RESIDENT, "own");
    let receipt = lock.receipt(1, 3);
    hand_in(&phone, &courier, door, "receipts", receipt).expect(200);
    let twin = lock.sign(&lock.unsigned(1, 1, 4));
    for _ in 0..2 {
        let told = hand_in(&phone, &courier, door, "receipts", twin.clone()).expect(409);
        assert_eq!(told.code(), "LOCK_FORKED");
        property.clock.advance(MINUTE);
    }
    let receipt = lock.receipt(1, 5);
    hand_in(&phone, &courier, door, "receipts", receipt).expect(200);
    let told = alarms(&property);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["kind"], "LOCK_FORKED");
    assert_eq!(told[0]["since"], "2026-11-24T12:00:00Z");
    assert_eq!(told[0]["doorName"], "Home 4B");
    assert_eq!(told[0]["couriers"], json!([]));
}

#[test]
fn alarms_are_for_staff_and_for_the_doors_of_their_building() {
    let watch = Watch::begin();
    let phone = watch.scene.property.phone();
    for person in [RESIDENT, GUEST] {
        let tokens = watch.sign_in(person);
        let told = phone.get(&tokens, "/v1/alarms").expect(403);
        assert_eq!(told.code(), "FORBIDDEN");
    }
    // A silent lock in another building is another desk's.
    let service = &watch.scene.property.service;
    let other = service.add_building("Oak Court", "Europe/Berlin").unwrap();
    let door = service
        .add_door(&NewDoor {
            building: other,
            name: "Home 1A",
            door_type: DoorType::Residence,
            connected: false,
            bluetooth_unlock: true,
            keypad_digits: 7,
            keypad_wake: "",
            hardware: Hardware::default(),
        })
        .unwrap();
    let account = watch.scene.seeded.accounts[0];
    let kind = DoorcodeKind::Residence;
    for _ in 0..2 {
        service.set_code(door, account, kind, None).unwrap();
    }
    watch.pass(DAY);
    assert_eq!(watch.alarms(), Vec::<Value>::new());
}
