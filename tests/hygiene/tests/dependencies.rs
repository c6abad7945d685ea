//! Who may know whom. The picture is in the README; this is what keeps it true.

use keyway_hygiene::assert_none;
use keyway_hygiene::packages::{Package, features, packages, tree};

/// Crates of ours that a shipped crate may name. Whoever is not here lies under `tests` and may name anything of ours.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("keyway-protocol", &[]),
    ("keyway-app", &["keyway-protocol"]),
    ("keyway-platform", &["keyway-app", "keyway-protocol"]),
    ("keyway-ffi", &["keyway-app", "keyway-platform"]),
    ("keyway-bindgen", &["keyway-ffi"]),
    ("keyway-cli", &["keyway-app", "keyway-platform"]),
    ("keyway-xtask", &[]),
];

/// Crates that only some of ours may name: runtimes, sockets, cryptography with its own entropy.
const RESERVED: &[(&str, &[&str])] = &[
    ("ring", &["keyway-platform", "keyway-service"]),
    ("reqwest", &["keyway-platform", "keyway-service"]),
    ("keyring-core", &["keyway-platform"]),
    ("btleplug", &["keyway-platform"]),
    ("uniffi", &["keyway-ffi", "keyway-bindgen"]),
];

/// Nothing of this is in `core/app`, however indirectly: it runs on ports alone.
const NO_RUNTIME: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "hyper",
    "reqwest",
    "rustls",
    "ring",
    "getrandom",
    "uniffi",
];

fn ours(package: &Package) -> impl Iterator<Item = (&str, Option<&str>)> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name.starts_with("keyway-"))
        .map(|dependency| (dependency.name.as_str(), dependency.kind.as_deref()))
}

fn crate_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

#[test]
fn a_crate_is_named_after_its_folder() {
    let findings: Vec<String> = packages()
        .iter()
        .filter(|package| {
            let folder = package.folder();
            let last = folder.rsplit('/').next().unwrap_or_default();
            package.name != format!("keyway-{last}")
        })
        .map(|package| format!("{} in {}", package.name, package.folder()))
        .collect();
    assert_none("name and folder differ", &findings);
}

#[test]
fn shipped_crates_know_only_the_layers_below_them() {
    let mut findings = Vec::new();
    for package in packages()
        .iter()
        .filter(|package| !package.folder().starts_with("tests/"))
    {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
            findings.push(format!("{} is not in the table of this test", package.name));
            continue;
        };
        let wrong =
            ours(package).filter(|(name, _)| !allowed.contains(name) && *name != package.name);
        findings.extend(wrong.map(|(name, kind)| {
            format!(
                "{} names {name} ({})",
                package.name,
                kind.unwrap_or("normal")
            )
        }));
    }
    assert_none("the dependency rule", &findings);
}

#[test]
fn reserved_crates_are_named_only_where_they_belong() {
    let mut findings = Vec::new();
    for package in packages() {
        for (reserved, allowed) in RESERVED {
            let named = package
                .dependencies
                .iter()
                .any(|dependency| dependency.name == *reserved);
            if named && !allowed.contains(&package.name.as_str()) {
                findings.push(format!("{} names {reserved}", package.name));
            }
        }
    }
    assert_none("reserved crates", &findings);
}

#[test]
fn the_core_depends_on_no_runtime() {
    for package in ["keyway-app", "keyway-protocol"] {
        let lines = tree(package, "normal");
        let findings: Vec<String> = lines
            .iter()
            .filter(|line| NO_RUNTIME.contains(&crate_of(line)))
            .map(|line| format!("{package} reaches {line}"))
            .collect();
        assert_none(
            "no runtime, socket or entropy source in the core",
            &findings,
        );
        assert!(lines.len() > 5, "the tree of {package} was read: {lines:?}");
    }
}

#[test]
fn what_ships_has_no_lock_no_service_and_no_test_crate_in_it() {
    for shell in ["keyway-cli", "keyway-ffi"] {
        has_no_lock_no_service_and_no_test_crate_in_it(shell);
    }
}

/// What a phone's owner could be made to trust by a build that is not meant for phones.
#[test]
fn the_phone_library_has_neither_the_loopback_radio_nor_the_development_keychain() {
    let none: [&str; 0] = [];
    assert_eq!(features("keyway-ffi", "keyway-platform"), ["bluetooth"]);
    assert_eq!(features("keyway-ffi", "keyway-protocol"), none);
    assert_eq!(features("keyway-cli", "keyway-protocol"), none);
    // The control: the terminal shell has both, and a lock has its half.
    let for_a_desktop = ["bluetooth", "development-store", "loopback"];
    assert_eq!(features("keyway-cli", "keyway-platform"), for_a_desktop);
    assert!(features("keyway-lock", "keyway-protocol").contains(&"lock".to_owned()));
}

fn has_no_lock_no_service_and_no_test_crate_in_it(shell: &str) {
    let lines = tree(shell, "features,normal");
    let in_tests: Vec<String> = packages()
        .into_iter()
        .filter(|package| package.folder().starts_with("tests/"))
        .map(|package| package.name)
        .collect();
    let findings: Vec<String> = lines
        .iter()
        .filter(|line| {
            let role = [
                "keyway-protocol feature \"lock\"",
                "keyway-protocol feature \"service\"",
            ];
            role.iter().any(|role| line.starts_with(role))
                || in_tests.iter().any(|name| name == crate_of(line))
        })
        .cloned()
        .collect();
    assert_none(&format!("what `-p {shell}` builds"), &findings);
    assert!(
        lines.iter().any(|line| crate_of(line) == "keyway-protocol"),
        "the tree was read"
    );
    assert!(in_tests.len() > 3, "the test crates were found");
}

/// The control of the test above: a lock does have the lock's half.
#[test]
fn the_lock_is_built_with_the_locks_half() {
    let lines = tree("keyway-lock", "features,normal");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("keyway-protocol feature \"lock\""))
    );
}
