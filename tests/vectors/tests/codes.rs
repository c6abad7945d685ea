//! Doorcodes: the same tags and codes of a day, the same bound, the same tries.

use keyway_protocol::code::{
    CivilDay, CodeTag, DailyKind, Digits, daily_code, within_guessing_bound,
};
use keyway_protocol::ids::LockId;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::keypad::Bucket;
use keyway_vectors::{Hex, load};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    tags: Vec<Tag>,
    dated: Vec<Dated>,
    guessing_bound: Vec<Bound>,
    bucket: Vec<Timeline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tag {
    pepper: Hex,
    lock_id: Hex,
    digits: String,
    tag: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dated {
    day_key: Hex,
    lock_id: Hex,
    kind: String,
    digits: u8,
    /// A day, and the codes of its slots from 0.
    days: Vec<(i64, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bound {
    digits: u8,
    live: u32,
    safe: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Timeline {
    /// Milliseconds of uptime, whether it was heard, whether it was right, how many tries are left.
    tries: Vec<(u64, bool, bool, u8)>,
}

fn vectors() -> Vectors {
    load("codes")
}

#[test]
fn a_code_has_the_same_tag() {
    for case in vectors().tags {
        let digits = Digits::parse(&case.digits).unwrap();
        let tag = CodeTag::of(&case.pepper.secret(), LockId(case.lock_id.array()), &digits);
        assert_eq!(tag.0, case.tag.array());
    }
}

#[test]
fn a_slot_has_the_same_code_on_the_same_day() {
    for case in vectors().dated {
        let kind = match case.kind.as_str() {
            "daily" => DailyKind::Daily,
            _ => DailyKind::SingleUse,
        };
        let (key, lock) = (case.day_key.secret(), LockId(case.lock_id.array()));
        for (day, codes) in &case.days {
            let codes: Vec<&str> = codes.split(' ').collect();
            assert_eq!(codes.len(), 10);
            for (slot, code) in (0..).zip(codes) {
                let computed = daily_code(&key, lock, kind, slot, CivilDay(*day), case.digits);
                assert!(computed == Digits::parse(code), "slot {slot}, day {day}");
            }
        }
    }
}

#[test]
fn the_same_number_of_codes_keeps_a_guesser_out() {
    for case in vectors().guessing_bound {
        let safe = within_guessing_bound(case.live, case.digits);
        assert_eq!(safe, case.safe, "{} of {}", case.live, case.digits);
    }
}

#[test]
fn the_keypad_hears_the_same_tries() {
    for case in vectors().bucket {
        let mut bucket = Bucket::full(Millis(0));
        for (at, heard, right, left) in case.tries {
            assert_eq!(bucket.spend(Millis(at)).is_ok(), heard, "at {at} ms");
            if right {
                bucket.give_back();
            }
            assert_eq!(bucket.tries(), left, "at {at} ms");
        }
    }
}
