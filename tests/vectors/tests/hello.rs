//! Hints, advertisements and hellos: the same bytes, believed and refused alike.

use keyway_protocol::crypto::{AgreementKey, mask};
use keyway_protocol::error::{Failure, PeerIncompatible, PeerMisbehaved};
use keyway_protocol::hello::{self, Assembly, ClockQuality, ClockState, Facts, KnownLock};
use keyway_protocol::ids::LockId;
use keyway_protocol::wire::gatt;
use keyway_vectors::{Edit, Hex, Listed, edited, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    hints: Vec<Hint>,
    foreign: Vec<Foreign>,
    hellos: Vec<Hello>,
    refused: Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    hint_key: Hex,
    random: Hex,
    hint: Hex,
    service_data: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Foreign {
    why: String,
    hint_key: Hex,
    service_data: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    lock_id: Hex,
    identity: Hex,
    suite: u8,
    hint_key: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hello {
    known: Known,
    identity_private: Hex,
    one_time_private: Hex,
    challenge: Hex,
    hint: Hex,
    root_version: u32,
    key_epoch: u32,
    crit_seq: u64,
    bulk_seq: u64,
    clock_quality: u8,
    clock_width: u32,
    hello: Hex,
    hello_hash: Hex,
    #[serde(default)]
    fragments: Vec<(u16, u8, Vec<Hex>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    known: Known,
    base: Hex,
    cases: Vec<RefusedCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedCase {
    step: String,
    why: String,
    edits: Vec<Edit>,
    known: Option<Known>,
}

impl Known {
    fn lock(&self) -> KnownLock {
        KnownLock {
            lock: LockId(self.lock_id.array()),
            identity: self.identity.public_key(),
            hint_key: self.hint_key.secret(),
            suite: self.suite,
        }
    }
}

impl Hello {
    fn facts(&self) -> Facts {
        let quality = match self.clock_quality {
            0 => ClockQuality::Unknown,
            1 => ClockQuality::Floor,
            _ => ClockQuality::Attested,
        };
        Facts {
            one_time: AgreementKey::from_secret(&self.one_time_private.secret()).public(),
            root_version: self.root_version,
            key_epoch: self.key_epoch,
            crit_seq: self.crit_seq,
            bulk_seq: self.bulk_seq,
            clock: ClockState {
                quality,
                width: self.clock_width,
            },
        }
    }
}

fn vectors() -> Vectors {
    load("hello")
}

#[test]
fn a_hint_and_what_is_advertised_are_the_same_bytes() {
    for case in vectors().hints {
        let key = case.hint_key.secret();
        let hint = mask::new_hint(&key, &mut Listed::new([&case.random]));
        assert_eq!(hint, case.hint.array());
        assert_eq!(gatt::service_data(&hint), case.service_data.0);
        assert!(hello::advertisement_matches(&case.service_data.0, &key));
    }
}

#[test]
fn a_strangers_advertisement_matches_nothing() {
    for case in vectors().foreign {
        let matches = hello::advertisement_matches(&case.service_data.0, &case.hint_key.secret());
        assert!(!matches, "{}", case.why);
    }
}

#[test]
fn a_hello_is_the_same_bytes_and_says_the_same() {
    for case in vectors().hellos {
        let (known, facts) = (case.known.lock(), case.facts());
        let identity = case.identity_private.signing_key();
        let made = hello::make(
            &known.lock,
            &known.hint_key,
            &case.hint.array(),
            &facts,
            &mut Listed::new([&case.challenge]),
            |bytes| identity.sign(&[bytes]),
        );
        assert_eq!(Hex(made), case.hello);
        let verified = hello::verify(&case.hello.0, &known).unwrap();
        assert_eq!(verified.facts, facts);
        assert_eq!(verified.hash.0, case.hello_hash.array());
    }
}

#[test]
fn a_hello_is_notified_in_the_same_fragments() {
    let mut seen = 0;
    for case in vectors().hellos {
        for (frame_size, serial, fragments) in &case.fragments {
            let cut = hello::fragments(&case.hello.0, *serial, frame_size + 3);
            assert_eq!(cut.iter().cloned().map(Hex).collect::<Vec<_>>(), *fragments);
            let mut assembly = Assembly::default();
            let whole = cut.iter().find_map(|fragment| assembly.take(fragment));
            assert_eq!(whole.map(Hex).as_ref(), Some(&case.hello));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_hello_that_must_not_be_believed_fails_at_the_same_step() {
    let refused = vectors().refused;
    assert!(hello::verify(&refused.base.0, &refused.known.lock()).is_ok());
    for case in &refused.cases {
        let known = case.known.as_ref().unwrap_or(&refused.known).lock();
        let bytes = edited(&refused.base.0, &case.edits);
        let step = match hello::verify(&bytes, &known) {
            Ok(_) => "none",
            Err(Failure::PeerIncompatible(PeerIncompatible::Version(_))) => "version",
            Err(Failure::PeerIncompatible(PeerIncompatible::Suite(_))) => "suite",
            Err(Failure::PeerMisbehaved(PeerMisbehaved::WrongLock)) => "hint",
            Err(Failure::PeerMisbehaved(PeerMisbehaved::ForgedHello)) => "signature",
            Err(_) if case.step == "length" => "length",
            Err(_) => "fields",
        };
        assert_eq!(step, case.step, "{}", case.why);
    }
}
