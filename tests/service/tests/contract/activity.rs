//! A real lock's log as each role sees it: one test for each rule of visibility.
use crate::bench::Scene;
use crate::guests::{TOM, add_tom, at_door, code, invitation, invite, revoke, text};
use crate::support::{
    Answer, GUEST, MINUTE, NOON, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens,
};
use keyway_protocol::ids::CommandId;
use keyway_service::{NewAccess, Role};
use serde_json::{Value, json};

/// A door at which everybody has been, and everybody who may look.
struct Day {
    scene: Scene,
    rosa: Tokens,
    sam: Tokens,
    gina: Tokens,
    tom: Tokens,
    stella: Tokens,
    tom_as_user: Value,
}

impl Day {
    /// At the door of this index: Rosa and Gina open by phone, Tom by Rosa's code, Una and Vic by daily codes that Rosa and the staff sent
    /// them, Rosa by her own daily code, and somebody types a wrong one.
    fn at(door: usize) -> Self {
        let (property, seeded) = Property::seeded();
        let uuid = seeded.doors[door].uuid;
        let mut scene = Scene::at(property, seeded, uuid);
        add_tom(&scene.property);
        let rosa = scene.signed_in(1, RESIDENT);
        let stella = scene.signed_in(5, STAFF);
        let phone = scene.property.phone();
        let lets_tom_in = invite(&phone, &rosa, &invitation("PERMANENT", &[uuid]));
        let tom_as_user = lets_tom_in.expect(201).json();
        let daily = |host: &Tokens, name: &str, email: &str| {
            let mut invitation = invitation("DAILY", &[uuid]);
            invitation["firstName"] = json!(name);
            invitation["email"] = json!(email);
            code(&invite(&phone, host, &invitation).expect(201).json())
        };
        let una = daily(&rosa, "Una", "una@example.com");
        let vic = daily(&stella, "Vic", "vic@example.com");
        let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
        let own = phone.post(&rosa, &scene.path("doorcodes"), &body);
        let own = own.expect(200).text("code");

        let record = scene.visit(&rosa);
        scene.bench.unlock(&record, CommandId([1; 16]));
        let gina = scene.signed_in(3, GUEST);
        let record = scene.record(&gina);
        scene.bench.unlock(&record, CommandId([2; 16]));
        for code in [&code(&tom_as_user), &una, &vic, &own] {
            scene.bench.enter(code);
        }
        assert!(!matches!(scene.bench.type_code("0000000"), Some(Ok(()))));
        // The keypad writes no receipt: the next lane's vouches for its entries.
        for _ in 0..2 {
            scene.visit(&rosa);
        }
        Self {
            sam: scene.signed_in(2, SECOND_RESIDENT),
            tom: scene.signed_in(4, TOM),
            scene,
            rosa,
            gina,
            stella,
            tom_as_user,
        }
    }

    fn ask(&self, tokens: &Tokens) -> Answer {
        let phone = self.scene.property.phone();
        phone.get(tokens, &self.scene.path("activity"))
    }

    fn entries(&self, tokens: &Tokens) -> Vec<Value> {
        let answer = self.ask(tokens).expect(200).json();
        answer["entries"].as_array().unwrap().clone()
    }

    /// Who opened the door, oldest first, as told.
    fn unlocks(&self, tokens: &Tokens) -> Vec<String> {
        let entries = self.entries(tokens);
        let unlocks = entries.iter().rev();
        unlocks
            .filter(|entry| entry["event"] == "UNLOCK")
            .map(|entry| {
                let by = &entry["by"];
                let name = by["name"].as_str().unwrap_or("nobody");
                format!("{name} by {}", text(&by["kind"]))
            })
            .collect()
    }

    /// How many entries of that event are told.
    fn count(&self, tokens: &Tokens, event: &str) -> usize {
        let entries = self.entries(tokens);
        entries
            .iter()
            .filter(|entry| entry["event"] == event)
            .count()
    }
}

const EVERYBODY: [&str; 6] = [
    "Rosa Ortiz by PHONE",
    "Gina Guest by PHONE",
    "Tom Taylor by DOORCODE",
    "Una Taylor by DAILY_CODE",
    "Vic Taylor by DAILY_CODE",
    "Rosa Ortiz by DAILY_CODE",
];

#[test]
fn residents_of_a_home_see_everything_at_its_door() {
    let day = Day::at(0);
    for resident in [&day.rosa, &day.sam] {
        assert_eq!(day.unlocks(resident), EVERYBODY);
        assert_eq!(day.count(resident, "DOORCODE_REFUSED"), 1);
        assert!(day.count(resident, "SYNC") >= 2);
    }
}

#[test]
fn an_entry_says_what_came_of_it_whose_it_is_and_who_sees_it() {
    let day = Day::at(0);
    let entries = day.entries(&day.rosa);
    let of = |name: &str, kind: &str| {
        let found = entries
            .iter()
            .find(|entry| entry["by"]["name"] == name && entry["by"]["kind"] == kind);
        found.unwrap().clone()
    };
    let own = of("Rosa Ortiz", "PHONE");
    assert_eq!(own["at"], "2026-11-24T12:00:00Z");
    assert!(own["uncertainSeconds"].as_u64().unwrap() < 60);
    assert_eq!(own["result"], "EXECUTED");
    assert_eq!(own["count"], 1);
    assert_eq!(own["lastAt"], Value::Null);
    assert_eq!(own["by"]["isYou"], true);
    assert_eq!(own["by"]["userUuid"], day.rosa.account);
    assert_eq!(own["visibleTo"], json!(["RESIDENTS"]));
    let guests = |name, kind| of(name, kind)["visibleTo"].clone();
    assert_eq!(
        guests("Tom Taylor", "DOORCODE"),
        json!(["RESIDENTS", "GUESTS"])
    );
    let property_s = json!(["RESIDENTS", "GUESTS", "STAFF"]);
    assert_eq!(guests("Gina Guest", "PHONE"), property_s);
    assert_eq!(guests("Una Taylor", "DAILY_CODE"), json!(["RESIDENTS"]));
    assert_eq!(
        guests("Vic Taylor", "DAILY_CODE"),
        json!(["RESIDENTS", "STAFF"])
    );
    assert_eq!(of("Tom Taylor", "DOORCODE")["by"]["isYou"], false);

    let refused = entries
        .iter()
        .find(|entry| entry["event"] == "DOORCODE_REFUSED")
        .unwrap();
    assert_eq!(
        refused["by"],
        json!({"kind": "KEYPAD", "name": null, "userUuid": null, "isYou": false})
    );
    assert_eq!(refused["result"], Value::Null);
    assert_eq!(refused["visibleTo"], json!(["RESIDENTS", "STAFF"]));
    let sync = entries
        .iter()
        .find(|entry| entry["event"] == "SYNC")
        .unwrap();
    assert_eq!(sync["by"]["kind"], "LOCK");
}

#[test]
fn staff_never_see_residents_at_their_home_nor_whom_these_let_in() {
    let day = Day::at(0);
    assert_eq!(
        day.unlocks(&day.stella),
        ["Gina Guest by PHONE", "Vic Taylor by DAILY_CODE"]
    );
    assert_eq!(day.count(&day.stella, "DOORCODE_REFUSED"), 1);
    assert!(day.count(&day.stella, "SYNC") >= 2);
    assert_eq!(day.count(&day.stella, "RESTART"), 1);
    let told = day.ask(&day.stella).body;
    for secret in ["Rosa", "Sam", "Tom", "Una"] {
        let told = String::from_utf8_lossy(&told);
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[test]
fn a_guest_sees_the_own_entries_only() {
    let day = Day::at(0);
    for (guest, own) in [
        (&day.gina, "Gina Guest by PHONE"),
        (&day.tom, "Tom Taylor by DOORCODE"),
    ] {
        assert_eq!(day.unlocks(guest), [own]);
        assert_eq!(day.entries(guest).len(), 1);
        assert_eq!(day.entries(guest)[0]["by"]["isYou"], true);
    }
}

#[test]
fn at_a_shared_door_staff_see_everything_and_everybody_else_their_own() {
    let day = Day::at(1);
    assert_eq!(day.unlocks(&day.stella), EVERYBODY);
    assert_eq!(day.count(&day.stella, "DOORCODE_REFUSED"), 1);
    assert_eq!(
        day.unlocks(&day.rosa),
        ["Rosa Ortiz by PHONE", "Rosa Ortiz by DAILY_CODE"]
    );
    assert_eq!(day.unlocks(&day.gina), ["Gina Guest by PHONE"]);
    assert_eq!(day.unlocks(&day.tom), ["Tom Taylor by DOORCODE"]);
    assert_eq!(day.entries(&day.sam), Vec::<Value>::new());
    for (who, own) in [(&day.rosa, 2), (&day.gina, 1)] {
        assert_eq!(day.entries(who).len(), own, "no syncs, no refused codes");
    }
    let visible = |who: &Tokens| day.entries(who)[0]["visibleTo"].clone();
    assert_eq!(visible(&day.rosa), json!(["STAFF"]));
    assert_eq!(visible(&day.gina), json!(["GUESTS", "STAFF"]));
}

#[test]
fn whoever_has_no_access_or_lost_it_sees_nothing() {
    let day = Day::at(0);
    let phone = day.scene.property.phone();
    let path = at_door(&day.tom_as_user, day.scene.door);
    revoke(&phone, &day.rosa, &path).expect(204);
    assert_eq!(day.ask(&day.tom).expect(404).code(), "NOT_FOUND");
    let idle = day.scene.seeded.doors[3].uuid;
    let path = format!("/v1/doors/{idle}/activity");
    phone.get(&day.rosa, &path).expect(404);
    // What the guest did stays told to those whom it was told to.
    assert_eq!(day.unlocks(&day.sam), EVERYBODY);
    assert_eq!(
        day.unlocks(&day.stella).len(),
        2,
        "and to nobody else afterwards"
    );
}

#[test]
fn a_new_resident_sees_nothing_of_those_who_lived_there_before() {
    let day = Day::at(0);
    day.scene.property.clock.advance(MINUTE);
    let phone = day.scene.property.phone();
    let path = at_door(&day.tom_as_user, day.scene.door);
    revoke(&phone, &day.rosa, &path).expect(204);
    let access = NewAccess {
        door: day.scene.door,
        account: text(&day.tom_as_user["userUuid"]).parse().unwrap(),
        role: Role::Resident,
        starts_at: NOON + MINUTE,
        ends_at: None,
    };
    day.scene.property.service.add_access(&access).unwrap();
    // Tom lives there now: of what was before he sees what he did himself.
    assert_eq!(day.unlocks(&day.tom), ["Tom Taylor by DOORCODE"]);
    assert_eq!(day.count(&day.tom, "DOORCODE_REFUSED"), 0);
}

#[test]
fn a_daily_code_sent_to_ones_own_address_is_ones_own_entry() {
    let (property, seeded) = Property::seeded();
    let entrance = seeded.doors[1].uuid;
    let mut scene = Scene::at(property, seeded, entrance);
    let rosa = scene.signed_in(1, RESIDENT);
    scene.visit(&rosa);
    let mut to_sam = invitation("DAILY", &[entrance]);
    to_sam["email"] = json!(SECOND_RESIDENT);
    let phone = scene.property.phone();
    let sent = invite(&phone, &rosa, &to_sam).expect(201).json();
    scene.bench.enter(&code(&sent));
    scene.visit(&rosa);
    let sam = scene.signed_in(2, SECOND_RESIDENT);
    let phone = scene.property.phone();
    let told = phone.get(&sam, &scene.path("activity")).expect(200).json();
    let entries = told["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["by"]["isYou"], true);
    let told = phone.get(&rosa, &scene.path("activity")).expect(200).json();
    assert_eq!(told["entries"], json!([]));
}
