//! The keychain port on a real Secret Service. `cargo xtask test --layer keychain` starts one, alone on a bus of its own.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]
#![cfg(target_os = "linux")]

use keyway_app::ports::{ItemClass, ItemName, Keychain};
use keyway_platform::entropy::SystemEntropy;
use keyway_platform::keychain::{StoreKeychain, device_store};
use keyway_platform::runtime::Runtime;
use zeroize::Zeroizing;

/// One keychain of this test's own, on the session's Secret Service.
struct Fixture {
    runtime: Runtime,
    namespace: &'static str,
}

impl Fixture {
    fn new(namespace: &'static str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        Self { runtime, namespace }
    }

    /// Proven anew, over a connection of its own: what a new process would see.
    fn keychain(&self) -> StoreKeychain {
        let entropy = SystemEntropy::new();
        let opened = StoreKeychain::open(
            device_store,
            self.namespace.to_owned(),
            &entropy,
            self.runtime.handle(),
        );
        self.runtime
            .block_on(opened)
            .expect("a Secret Service on the session bus that sets, gets and deletes")
    }
}

fn name(text: &str) -> ItemName {
    ItemName::new(text).expect("a name")
}

#[test]
#[ignore = "needs a Secret Service: cargo xtask test --layer keychain"]
fn what_is_set_is_there_over_a_new_connection_until_it_is_deleted() {
    let fixture = Fixture::new("keyway-test-items");
    let bytes = Zeroizing::new((0..=255).collect::<Vec<u8>>());
    let first = fixture.keychain();
    fixture.runtime.block_on(async {
        let class = ItemClass::AfterFirstUnlock;
        first
            .set(name("session"), class, Zeroizing::new(vec![1]))
            .await
            .expect("set");
        first
            .set(name("session"), class, bytes.clone())
            .await
            .expect("replaced");
        first
            .set(
                name("file-key"),
                ItemClass::WhenUnlocked,
                Zeroizing::new(vec![0; 32]),
            )
            .await
            .expect("set");
    });
    let second = fixture.keychain();
    fixture.runtime.block_on(async {
        let read = second.get(name("session")).await.expect("get");
        assert_eq!(read.expect("it is there").as_slice(), bytes.as_slice());
        assert_eq!(second.list().await.expect("list"), ["file-key", "session"]);
        for item in ["session", "file-key", "session"] {
            second
                .delete(name(item))
                .await
                .expect("deleted, also twice");
        }
        assert!(second.list().await.expect("list").is_empty());
        assert!(second.get(name("session")).await.expect("get").is_none());
    });
    let third = fixture.keychain();
    assert!(
        fixture
            .runtime
            .block_on(third.list())
            .expect("list")
            .is_empty()
    );
}

#[test]
#[ignore = "needs a Secret Service: cargo xtask test --layer keychain"]
fn one_homes_items_are_not_anothers() {
    let ours = Fixture::new("keyway-test-ours");
    let theirs = Fixture::new("keyway-test-theirs");
    let (our_keychain, their_keychain) = (ours.keychain(), theirs.keychain());
    ours.runtime.block_on(async {
        let value = Zeroizing::new(vec![7]);
        our_keychain
            .set(name("session"), ItemClass::AfterFirstUnlock, value)
            .await
            .expect("set");
        assert!(their_keychain.list().await.expect("list").is_empty());
        their_keychain
            .delete(name("session"))
            .await
            .expect("nothing to delete");
        assert_eq!(our_keychain.list().await.expect("list"), ["session"]);
        our_keychain.delete(name("session")).await.expect("deleted");
    });
}
