//! The real ports keep the ports' contracts.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

use keyway_app::ports::{Entropy, Files, conformance};
#[cfg(feature = "development-store")]
use keyway_app::ports::{Keychain, PhoneKeys};
use keyway_platform::clock::SystemClock;
use keyway_platform::entropy::SystemEntropy;
use keyway_platform::files::SealedFiles;
#[cfg(feature = "development-store")]
use keyway_platform::keys::SoftwareKeys;
use keyway_platform::runtime::Runtime;
use std::path::Path;
use std::sync::Arc;

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn files(folder: &Path, runtime: &Runtime) -> Arc<dyn Files> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    Arc::new(SealedFiles::new(
        folder.join("cache"),
        entropy,
        runtime.handle(),
    ))
}

/// The development keychain, proven and opened anew.
#[cfg(feature = "development-store")]
fn keychain(folder: &Path, runtime: &Runtime) -> Arc<dyn Keychain> {
    use keyway_platform::keychain::{DevelopmentStore, StoreKeychain};

    let folder = folder.to_owned();
    let handle = runtime.handle();
    // On a thread of its own: a suite that runs on this runtime opens it too.
    let opened = std::thread::scope(|scope| {
        let opening = async {
            let open = move || Ok(DevelopmentStore::shared(folder));
            let entropy = SystemEntropy::new();
            StoreKeychain::open(open, "keyway-test".to_owned(), &entropy, handle.clone()).await
        };
        scope.spawn(|| handle.block_on(opening)).join()
    });
    Arc::new(opened.expect("no panic").expect("a store that works"))
}

#[test]
fn the_clock_keeps_its_contract() {
    let runtime = runtime();
    let clock = SystemClock::new(runtime.handle());
    runtime.block_on(conformance::clock(&clock));
}

#[test]
fn the_random_source_keeps_its_contract() {
    conformance::entropy(&SystemEntropy::new());
}

#[test]
fn sealed_files_keep_their_contract() {
    let runtime = runtime();
    let folder = tempfile::tempdir().expect("a folder");
    runtime.block_on(conformance::files(|| files(folder.path(), &runtime)));
}

#[cfg(feature = "development-store")]
#[test]
fn the_development_keychain_keeps_its_contract_and_leaves_no_file() {
    let runtime = runtime();
    let folder = tempfile::tempdir().expect("a folder");
    runtime.block_on(conformance::keychain(|| keychain(folder.path(), &runtime)));
    let left = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(left, 0, "an emptied keychain is no file");
}

#[cfg(feature = "development-store")]
#[test]
fn software_keys_keep_their_contract() {
    let runtime = runtime();
    let folder = tempfile::tempdir().expect("a folder");
    let keys = || -> Arc<dyn PhoneKeys> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
        Arc::new(SoftwareKeys::new(
            keychain(folder.path(), &runtime),
            entropy,
        ))
    };
    runtime.block_on(conformance::keys(keys));
}
