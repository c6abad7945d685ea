use super::{must, there};
use crate::ports::{ItemClass, ItemName, Keychain};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The contract of [`Keychain`]. `reopen` gives the same keychain as a new process would see it.
pub async fn keychain(reopen: impl Fn() -> Arc<dyn Keychain>) {
    let port = reopen();
    let name = |text: &str| there(ItemName::new(text), "a name has the form of one");
    let value = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
    for left in must(port.list().await, "an empty keychain lists") {
        must(
            port.delete(name(&left)).await,
            "what is listed can be erased",
        );
    }
    let empty = must(port.list().await, "it lists");
    assert!(empty.is_empty(), "nothing is left after erasing everything");

    // What is not there.
    let missing = must(port.get(name("one")).await, "a missing item is no error");
    assert!(missing.is_none(), "a missing item is None");
    must(
        port.delete(name("one")).await,
        "erasing what is not there is success",
    );

    // Any bytes, both classes, also nothing but zeros and a large one.
    let all: Vec<u8> = (0..=255).collect();
    let large = vec![7; 2048];
    let samples: [(&str, ItemClass, &[u8]); 4] = [
        ("one", ItemClass::AfterFirstUnlock, b"first"),
        ("two", ItemClass::WhenUnlocked, &all),
        ("zeros", ItemClass::AfterFirstUnlock, &[0; 32]),
        ("large", ItemClass::AfterFirstUnlock, &large),
    ];
    for (item, class, bytes) in samples {
        let set = port.set(name(item), class, value(bytes)).await;
        must(set, "an item is stored");
    }
    let again = reopen();
    for (item, _, bytes) in samples {
        let got = must(again.get(name(item)).await, "a stored item is read");
        let got = there(got, "a stored item is there in a new process");
        assert!(got.as_slice() == bytes, "{item} comes back byte for byte");
    }

    // Replacing, also with another class.
    let set = again.set(name("one"), ItemClass::WhenUnlocked, value(b"second"));
    must(set.await, "an item is replaced");
    let got = there(
        must(port.get(name("one")).await, "it is read"),
        "it is there",
    );
    assert!(got.as_slice() == b"second", "the newest value counts");

    // Listing names every item once, whatever its class; erasing takes each away for every process.
    let mut listed = must(port.list().await, "it lists");
    listed.sort();
    assert_eq!(
        listed,
        ["large", "one", "two", "zeros"],
        "every item is listed once"
    );
    for (item, ..) in samples {
        must(port.delete(name(item)).await, "an item is erased");
        let gone = must(again.get(name(item)).await, "it reads");
        assert!(gone.is_none(), "an erased item is gone");
    }
    let left = must(reopen().list().await, "it lists");
    assert!(left.is_empty(), "nothing is left: {left:?}");
}
