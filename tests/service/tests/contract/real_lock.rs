//! The protocol's own lock, fed by this service: what is issued here is what a lock takes, and what a lock says is what is taken here.
use crate::bench::{Bench, Scene};
use crate::support::{Phone, Tokens, form, post_json};
use keyway_protocol::error::Code;
use keyway_protocol::ids::{CommandId, HolderHash};
use keyway_protocol::lock::Keeper;
use serde_json::json;

const NEVER_HEARD_OF: CommandId = CommandId([4; 16]);

#[test]
fn a_grant_opens_the_lock_whose_documents_these_are() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(&tokens);
    scene.bench.present(&record).unwrap();
    assert_eq!(
        scene.bench.ask(|lock, env| lock.standing(env).crit_seq),
        record.crit_seq()
    );
    // Another door's lock takes none of it.
    let mut other = Bench::mounted(&scene.property, scene.seeded.doors[2].uuid);
    assert!(other.present(&record).is_err());
}

#[test]
fn a_sync_makes_the_told_codes_open_and_daily_codes_need_none() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(&tokens);
    scene.bench.present(&record).unwrap();
    scene.attest(&tokens);

    let phone = scene.property.phone();
    let codes = phone.get(&tokens, "/v1/doorcodes").expect(200).json();
    let code = codes["doorcodes"][0]["code"].as_str().unwrap().to_owned();
    assert!(!matches!(scene.bench.type_code(&code), Some(Ok(()))));
    scene.sync(&tokens);
    assert_eq!(scene.bench.type_code(&code), Some(Ok(())));

    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    let path = scene.path("doorcodes");
    let daily = scene
        .property
        .phone()
        .post(&tokens, &path, &body)
        .expect(200);
    let daily = daily.text("code");
    scene.bench.now += 60_000;
    assert_eq!(scene.bench.type_code(&daily), Some(Ok(())));
}

#[test]
fn signing_out_refuses_the_phone_at_the_lock_once_anybody_came_by() {
    let mut scene = Scene::new();
    let lost = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(&lost);
    scene.bench.present(&record).unwrap();
    let ticket = json!({ "ticket": lost.ticket.clone().unwrap() });
    scene
        .property
        .call(post_json("/v1/sessions/end", &ticket))
        .expect(204);
    scene.property.clock.advance(1_000);

    let neighbour = scene.signed_in(2, "sam@example.org");
    let theirs = scene.record(&neighbour);
    scene.bench.present(&theirs).unwrap();
    let refused = scene.bench.present(&record).unwrap_err();
    assert_eq!(refused.code, Code::Revoked);
}

#[test]
fn resetting_the_password_refuses_every_phone_of_the_person_until_it_signs_in_again() {
    const NEW: &str = "Battery Staple 8!";
    let mut scene = Scene::new();
    let phones = [1, 2].map(|number| {
        let tokens = scene.signed_in(number, "rosa@example.org");
        scene.record(&tokens)
    });
    for record in &phones {
        scene.bench.present(record).unwrap();
    }
    let ask = json!({ "email": "rosa@example.org" });
    scene
        .property
        .call(post_json("/v1/password/reset", &ask))
        .expect(202);
    let token = scene.property.reset_token_mailed_to("rosa@example.org");
    let fields = [("token", &*token), ("password", NEW), ("repeated", NEW)];
    scene
        .property
        .call(form("/account/reset", &fields))
        .expect(200);
    scene.property.clock.advance(1_000);

    let neighbour = scene.signed_in(3, "sam@example.org");
    let theirs = scene.record(&neighbour);
    scene.bench.present(&theirs).unwrap();
    for record in &phones {
        let refused = scene.bench.present(record).unwrap_err();
        assert_eq!(refused.code, Code::Revoked);
    }
    let phone = Phone::new(&scene.property, 1);
    let code = phone
        .challenge("rosa@example.org", NEW, "own")
        .expect(200)
        .text("authorization_code");
    let again = Tokens::of(&phone.exchange(&code, Phone::VERIFIER).expect(200));
    phone.register(&again).expect(204);
    let record = scene.record(&again);
    scene.bench.present(&record).unwrap();
}

#[test]
fn the_locks_receipts_and_log_arrive_and_its_backlog_goes_with_the_next_lane() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(&tokens);
    scene.bench.present(&record).unwrap();
    scene.attest(&tokens);
    scene.sync(&tokens);
    let holder = record.claims().holder();
    let command = CommandId([9; 16]);
    scene.bench.unlock(&record, command);
    assert!(recalled(&mut scene.bench, holder, command));
    assert!(!recalled(&mut scene.bench, holder, NEVER_HEARD_OF));

    let answer = scene.upload(&tokens);
    let taken = answer["entries"].as_u64().unwrap();
    assert!(taken >= 3, "boot, lane, bundle or unlock: {answer}");
    let doors = scene.property.phone().get(&tokens, "/v1/doors").expect(200);
    assert_eq!(doors.json()["doors"][0]["pendingChanges"], 0);
    assert_eq!(doors.json()["doors"][0]["battery"]["percentage"], 64);

    let before = scene.bench.ask(|lock, _| lock.log_backlog());
    let next = scene.record(&tokens);
    scene.bench.present(&next).unwrap();
    let after = scene.bench.ask(|lock, _| lock.log_backlog());
    assert!(after < before, "{after} of {before} entries are left");
    let receipts = scene.bench.ask(|lock, _| lock.receipts());
    assert_eq!(receipts.len(), 1, "only the new lane's own receipt is left");
}

fn recalled(bench: &mut Bench, holder: HolderHash, command: CommandId) -> bool {
    bench.ask(|lock, _| lock.recall(&holder, command).is_some())
}
