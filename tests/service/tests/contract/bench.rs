//! The home's lock on a bench, and a phone beside it: the protocol's own lock, driven by hand.
use crate::lock_side::hand_in;
use crate::support::{NOON, Phone, Property, Tokens, base64url};
use keyway_lock::{FlashChip, KeyChip};
use keyway_protocol::bundle::Bundle;
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::error::Error;
use keyway_protocol::ids::CommandId;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{Body, Documents, Env, Intake, Keeper, Operation, install};
use keyway_protocol::provision::Provision;
use keyway_protocol::record::AccessRecord;
use keyway_protocol::wire::reply::CommandOutcome;
use keyway_service::{Clock as _, Seeded};
use serde_json::json;
use uuid::Uuid;

const WAKE: u8 = 10;
const CONFIRM: u8 = 11;

/// The home's lock on a bench: its documents half, and what they are kept in.
pub(crate) struct Bench {
    flash: FlashChip,
    keys: KeyChip,
    random: SeededRandom,
    pub(crate) now: u64,
    documents: Option<Documents>,
}

impl Bench {
    pub(crate) fn mounted(property: &Property, door: Uuid) -> Self {
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

    pub(crate) fn ask<T>(&mut self, work: impl FnOnce(&mut Documents, &mut Env<'_>) -> T) -> T {
        self.with(|documents, env| work(documents.unwrap(), env))
    }

    /// What a phone's first message does: the lane, then the grant.
    pub(crate) fn present(&mut self, record: &AccessRecord) -> Result<(), Error> {
        self.ask(|lock, env| {
            if record.crit_seq() > lock.standing(env).crit_seq {
                lock.apply_lane(&record.lane_section(), env)?;
            }
            let grant = lock.read_grant(record.grant_bytes())?;
            lock.check_grant(&grant)?;
            lock.judge(&grant, Operation::Unlock { presence: false }, env)
        })
    }

    /// Types a code that opens, and lets the motor run.
    pub(crate) fn enter(&mut self, code: &str) {
        assert_eq!(self.type_code(code), Some(Ok(())));
        self.ask(|lock, env| lock.keypad_finished(CommandOutcome::Executed, env));
    }

    /// A tap of this record's phone that moves the bolt, as the lock writes it down.
    pub(crate) fn unlock(&mut self, record: &AccessRecord, tap: CommandId) {
        self.present(record).unwrap();
        self.ask(|lock, env| {
            let grant = lock.read_grant(record.grant_bytes()).unwrap();
            lock.begin(&grant, tap, env).unwrap();
            lock.finish(&grant, tap, CommandOutcome::Executed, env);
        });
    }

    /// Takes a whole bundle.
    pub(crate) fn take(&mut self, bundle: &Bundle) -> Result<(), Error> {
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
    pub(crate) fn type_code(&mut self, code: &str) -> Option<Result<(), Error>> {
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
pub(crate) struct Scene {
    pub(crate) property: Property,
    pub(crate) seeded: Seeded,
    pub(crate) door: Uuid,
    pub(crate) bench: Bench,
}

impl Scene {
    /// The home's lock.
    pub(crate) fn new() -> Self {
        let (property, seeded) = Property::seeded();
        let door = seeded.doors[0].uuid;
        Self::at(property, seeded, door)
    }

    pub(crate) fn at(property: Property, seeded: Seeded, door: Uuid) -> Self {
        let bench = Bench::mounted(&property, door);
        Self {
            property,
            seeded,
            door,
            bench,
        }
    }

    pub(crate) fn path(&self, resource: &str) -> String {
        format!("/v1/doors/{}/{resource}", self.door)
    }

    /// A phone of that number with its own holder key. All of them sign their requests with one key, so that any hand can hold them.
    pub(crate) fn signed_in(&self, number: u8, email: &str) -> Tokens {
        let mut phone = self.property.phone();
        phone.holder = Phone::new(&self.property, number).holder;
        let tokens = phone.sign_in(email, "own");
        phone.register(&tokens).expect(204);
        tokens
    }

    pub(crate) fn record(&self, tokens: &Tokens) -> AccessRecord {
        let phone = self.property.phone();
        let answer = phone.get(tokens, &self.path("access")).expect(200);
        AccessRecord::decode(&answer.body, None).unwrap()
    }

    pub(crate) fn attest(&mut self, tokens: &Tokens) {
        // Typing takes time, for the service too: a lock believes nobody who would turn it back.
        let at_the_door = NOON + i64::try_from(self.bench.now / 1_000 * 1_000).unwrap();
        let clock = &self.property.clock;
        clock.set(clock.now().max(at_the_door));
        let nonce = self.bench.ask(|lock, env| lock.time_nonce(env));
        let body = json!({ "nonce": base64url(&nonce) });
        let phone = self.property.phone();
        let answer = phone.post(tokens, &self.path("time"), &body).expect(200);
        self.bench
            .ask(|lock, env| lock.attest(&answer.body, env))
            .unwrap();
    }

    pub(crate) fn sync(&mut self, tokens: &Tokens) {
        let have = self.bench.ask(|lock, env| lock.standing(env).bulk_seq);
        let path = self.path(&format!("bundle?have={have}"));
        let answer = self.property.phone().get(tokens, &path);
        if answer.status == 200 {
            self.bench
                .take(&Bundle::decode(&answer.body).unwrap())
                .unwrap();
        }
    }

    pub(crate) fn hand_in(
        &self,
        tokens: &Tokens,
        resource: &str,
        bytes: Vec<u8>,
    ) -> serde_json::Value {
        let phone = self.property.phone();
        hand_in(&phone, tokens, self.door, resource, bytes)
            .expect(200)
            .json()
    }

    /// One visit of this phone: lane, time, bundle, and what the lock says to it.
    pub(crate) fn visit(&mut self, tokens: &Tokens) -> AccessRecord {
        let record = self.record(tokens);
        self.attest(tokens);
        // Whether the grant opens is another question: the lane is taken before it is judged.
        let _ = self.bench.present(&record);
        self.sync(tokens);
        self.upload(tokens);
        record
    }

    pub(crate) fn upload(&mut self, tokens: &Tokens) -> serde_json::Value {
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
