//! The protocol's own lock, fed by this service: what is issued here is what a lock takes, and what a lock says is what is taken here.
use crate::lock_side::hand_in;
use crate::support::{Phone, Property, Tokens, base64url, form, post_json};
use keyway_lock::{FlashChip, KeyChip};
use keyway_protocol::bundle::Bundle;
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::error::{Code, Error};
use keyway_protocol::ids::{CommandId, HolderHash};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{Body, Documents, Env, Intake, Keeper, Operation, install};
use keyway_protocol::provision::Provision;
use keyway_protocol::record::AccessRecord;
use keyway_protocol::wire::reply::CommandOutcome;
use keyway_service::Seeded;
use serde_json::json;
use uuid::Uuid;

const WAKE: u8 = 10;
const CONFIRM: u8 = 11;
const NEVER_HEARD_OF: CommandId = CommandId([4; 16]);

/// The home's lock on a bench: its documents half, and what they are kept in.
struct Bench {
    flash: FlashChip,
    keys: KeyChip,
    random: SeededRandom,
    now: u64,
    documents: Option<Documents>,
}

impl Bench {
    fn mounted(property: &Property, door: Uuid) -> Self {
        let bytes = property.service.provision(door).unwrap();
        let provision = Provision::decode(&bytes).unwrap();
        let mut bench = Self {
            flash: FlashChip::new(),
            keys: KeyChip::new(provision.secrets().identity).unwrap(),
            random: SeededRandom::new(&Secret32::new([3; 32])),
            now: 0,
            documents: None,
        };
        bench.with(|_, env| install(&provision, env).unwrap());
        let documents = bench.with(|_, env| Documents::boot(env).unwrap());
        bench.documents = Some(documents);
        bench
    }

    fn with<T>(&mut self, work: impl FnOnce(Option<&mut Documents>, &mut Env<'_>) -> T) -> T {
        self.now += 100;
        let mut env = Env {
            now: Millis(self.now),
            random: &mut self.random,
            flash: &mut self.flash,
            keys: &mut self.keys,
            body: Body {
                battery_percent: 64,
                deadbolt_thrown: false,
            },
        };
        work(self.documents.as_mut(), &mut env)
    }

    fn ask<T>(&mut self, work: impl FnOnce(&mut Documents, &mut Env<'_>) -> T) -> T {
        self.with(|documents, env| work(documents.unwrap(), env))
    }

    /// What a phone's first message does: the lane, then the grant.
    fn present(&mut self, record: &AccessRecord) -> Result<(), Error> {
        self.ask(|lock, env| {
            if record.crit_seq() > lock.standing(env).crit_seq {
                lock.apply_lane(&record.lane_section(), env)?;
            }
            let grant = lock.read_grant(record.grant_bytes())?;
            lock.check_grant(&grant)?;
            lock.judge(&grant, Operation::Unlock { presence: false }, env)
        })
    }

    /// Takes a whole bundle.
    fn take(&mut self, bundle: &Bundle) -> Result<(), Error> {
        let transfer = bundle.transfer().unwrap();
        self.ask(|lock, env| {
            let Intake::Missing(_) = lock.manifest(&transfer.manifest, env)? else {
                return Ok(());
            };
            for (index, chunk) in (0..).zip(&transfer.chunks) {
                lock.chunk(index, chunk, env)?;
            }
            Ok(())
        })
    }

    /// Types a code and confirms it.
    fn type_code(&mut self, code: &str) -> Option<Result<(), Error>> {
        let digits = code.bytes().map(|digit| digit - b'0');
        let keys = [WAKE].into_iter().chain(digits).chain([CONFIRM]);
        let mut answer = None;
        for key in keys {
            let said = self.ask(|lock, env| lock.digit(key, env));
            answer = answer.or(said);
        }
        answer
    }
}

/// A resident's phone beside the bench.
struct Scene {
    property: Property,
    seeded: Seeded,
    bench: Bench,
}

impl Scene {
    fn new() -> Self {
        let (property, seeded) = Property::seeded();
        let bench = Bench::mounted(&property, seeded.doors[0].uuid);
        Self {
            property,
            seeded,
            bench,
        }
    }

    fn path(&self, resource: &str) -> String {
        format!("/v1/doors/{}/{resource}", self.seeded.doors[0].uuid)
    }

    fn signed_in(&self, number: u8, email: &str) -> Tokens {
        let phone = Phone::new(&self.property, number);
        let tokens = phone.sign_in(email, "own");
        phone.register(&tokens).expect(204);
        tokens
    }

    fn record(&self, number: u8, tokens: &Tokens) -> AccessRecord {
        let phone = Phone::new(&self.property, number);
        let answer = phone.get(tokens, &self.path("access")).expect(200);
        AccessRecord::decode(&answer.body, None).unwrap()
    }

    fn attest(&mut self, tokens: &Tokens) {
        let nonce = self.bench.ask(|lock, env| lock.time_nonce(env));
        let body = json!({ "nonce": base64url(&nonce) });
        let phone = self.property.phone();
        let answer = phone.post(tokens, &self.path("time"), &body).expect(200);
        self.bench
            .ask(|lock, env| lock.attest(&answer.body, env))
            .unwrap();
    }

    fn sync(&mut self, tokens: &Tokens) {
        let have = self.bench.ask(|lock, env| lock.standing(env).bulk_seq);
        let path = self.path(&format!("bundle?have={have}"));
        let answer = self.property.phone().get(tokens, &path);
        if answer.status == 200 {
            self.bench
                .take(&Bundle::decode(&answer.body).unwrap())
                .unwrap();
        }
    }

    fn hand_in(&self, tokens: &Tokens, resource: &str, bytes: Vec<u8>) -> serde_json::Value {
        let phone = self.property.phone();
        let door = self.seeded.doors[0].uuid;
        hand_in(&phone, tokens, door, resource, bytes)
            .expect(200)
            .json()
    }

    fn upload(&mut self, tokens: &Tokens) -> serde_json::Value {
        for receipt in self.bench.ask(|lock, _| lock.receipts()) {
            self.hand_in(tokens, "receipts", receipt);
        }
        let part = self
            .bench
            .ask(|lock, env| lock.log_segment(0, 60_000, env))
            .unwrap();
        self.hand_in(tokens, "log", part.segment)
    }
}

#[test]
fn a_grant_opens_the_lock_whose_documents_these_are() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(1, &tokens);
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
    let record = scene.record(1, &tokens);
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
    let record = scene.record(1, &lost);
    scene.bench.present(&record).unwrap();
    let ticket = json!({ "ticket": lost.ticket.clone().unwrap() });
    scene
        .property
        .call(post_json("/v1/sessions/end", &ticket))
        .expect(204);
    scene.property.clock.advance(1_000);

    let neighbour = scene.signed_in(2, "sam@example.org");
    let theirs = scene.record(2, &neighbour);
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
        scene.record(number, &tokens)
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
    let theirs = scene.record(3, &neighbour);
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
    let record = scene.record(1, &again);
    scene.bench.present(&record).unwrap();
}

#[test]
fn the_locks_receipts_and_log_arrive_and_its_backlog_goes_with_the_next_lane() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, "rosa@example.org");
    let record = scene.record(1, &tokens);
    scene.bench.present(&record).unwrap();
    scene.attest(&tokens);
    scene.sync(&tokens);
    let holder = record.claims().holder();
    let command = CommandId([9; 16]);
    scene.bench.ask(|lock, env| {
        let grant = lock.read_grant(record.grant_bytes()).unwrap();
        lock.begin(&grant, command, env).unwrap();
        lock.finish(&grant, command, CommandOutcome::Executed, env);
    });
    assert!(recalled(&mut scene.bench, holder, command));
    assert!(!recalled(&mut scene.bench, holder, NEVER_HEARD_OF));

    let answer = scene.upload(&tokens);
    let taken = answer["entries"].as_u64().unwrap();
    assert!(taken >= 3, "boot, lane, bundle or unlock: {answer}");
    let doors = scene.property.phone().get(&tokens, "/v1/doors").expect(200);
    assert_eq!(doors.json()["doors"][0]["pendingChanges"], 0);
    assert_eq!(doors.json()["doors"][0]["battery"]["percentage"], 64);

    let before = scene.bench.ask(|lock, _| lock.log_backlog());
    let next = scene.record(1, &tokens);
    scene.bench.present(&next).unwrap();
    let after = scene.bench.ask(|lock, _| lock.log_backlog());
    assert!(after < before, "{after} of {before} entries are left");
    let receipts = scene.bench.ask(|lock, _| lock.receipts());
    assert_eq!(receipts.len(), 1, "only the new lane's own receipt is left");
}

fn recalled(bench: &mut Bench, holder: HolderHash, command: CommandId) -> bool {
    bench.ask(|lock, _| lock.recall(&holder, command).is_some())
}
