//! Key epochs: the same keys from the same origin.

use keyway_protocol::epoch::EpochKeys;
use keyway_vectors::{Hex, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    epochs: Vec<Epoch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Epoch {
    origin: Hex,
    root_version: u32,
    key_epoch: u32,
    hint_key: Hex,
    sealing_public: Hex,
}

#[test]
fn an_epoch_has_the_same_keys() {
    let vectors: Vectors = load("epochs");
    for case in vectors.epochs {
        let first = EpochKeys::first(&case.origin.secret());
        let keys = first.roll(case.root_version, case.key_epoch).unwrap();
        assert_eq!(keys.hint_key(), case.hint_key.secret());
        assert_eq!(keys.sealing_key().public(), case.sealing_public.array());
    }
}

#[test]
fn no_epoch_is_stepped_back_to() {
    let vectors: Vectors = load("epochs");
    let keys = EpochKeys::first(&vectors.epochs[0].origin.secret());
    let later = keys.roll(2, 3).unwrap();
    assert!(later.roll(2, 2).is_none());
    assert!(later.roll(1, 9).is_none());
    assert!(keys.roll(1, 1_025).is_none(), "at most 1,024 at once");
}
