//! The sign-out report says of many places that Keyway does not use them, and names a test. These are the tests: each fails when what it is
//! about appears in the sources or manifests of what ships. Then the place needs a keeper, and the report a line that is read back. For the places
//! that shells differ in (`Keeper::Shell`), each shell has tests of its own.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use keyway_app::account::{Keeper, Place};
use std::fs;
use std::path::{Path, PathBuf};

/// What ships: the core and the shells. The tools and tests beside them do not.
const SHIPPED: [&str; 6] = [
    "core/protocol",
    "core/app",
    "core/platform",
    "bindings/cli",
    "bindings/ffi",
    "android",
];

/// Names of places and their texts stand here, so these files would match themselves.
const ABOUT_PLACES: [&str; 3] = ["place.rs", "unused_places.rs", "report.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if path.is_dir() {
            if !matches!(
                name.as_str(),
                "target" | "tests" | "testing" | "test" | "testAndroid"
            ) {
                collect(&path, files);
            }
            continue;
        }
        let read = [".rs", ".toml", ".swift", ".kt", ".java", ".xml", ".plist"];
        let shipped = read.iter().any(|ending| name.ends_with(ending));
        if shipped && !ABOUT_PLACES.contains(&name.as_str()) {
            files.push(path);
        }
    }
}

/// Code without its comments, so that a document may speak of what is not used.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        let comment = line.starts_with("//") || line.starts_with('#') && !line.starts_with("#[");
        if comment { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// Every shipped file that has one of `words` (lower case) in its code.
fn users(words: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    for folder in SHIPPED.iter().chain(&["ios"]) {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 40, "the sources were not found");
    let uses = |path: &&PathBuf| {
        let code = code(path);
        words.iter().any(|word| code.contains(word))
    };
    let users = files.iter().filter(uses);
    users.map(|path| path.display().to_string()).collect()
}

/// The control: a word that every one of these searches must be able to find.
#[test]
fn the_search_finds_what_is_there() {
    assert!(!users(&["logoutticket"]).is_empty());
    assert!(users(&["a word that is nowhere in the code"]).is_empty());
}

macro_rules! guards {
    ($($name:ident: $($word:literal),+;)*) => {
        $(#[test]
        fn $name() {
            let users = users(&[$($word),+]);
            assert!(users.is_empty(), "now used: give the place a keeper: {users:?}");
        })*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

guards! {
    place_15_no_push: "firebase", "apns", "registerforremotenotifications", "fcmtoken";
    place_17_no_notification_extension: "unnotificationserviceextension", "containerurlforsecurityapplicationgroup";
    place_18_no_http_cache: "http-cache", "urlcache", "okhttp3.cache";
    place_19_no_cookies: "cookie_store", "\"cookies\"", "cookiemanager", "wkwebview", "android.webkit";
    place_20_no_browser: "aswebauthenticationsession", "customtabsintent", "webbrowser";
    place_27_nothing_in_backups: "allowbackup=\"true\"", "nsubiquitous";
    place_28_no_old_secure_preferences: "encryptedsharedpreferences", "security-crypto";
    place_29_no_widgets: "widgetkit", "appwidgetprovider", "tileservice", "shortcutmanager";
    place_30_no_search_index: "csearchableindex", "nsuseractivity", "appsearch";
    place_33_no_log_files: "tracing_appender", "tracing-appender", "rollingfile", "flexi_logger";
    place_34_no_crash_reports: "sentry", "crashlytics", "mixpanel", "amplitude";
    place_37_no_wallet_passes: "passkit", "pkpass", "google.wallet";
    place_38_no_firmware: "firmware";
    place_40_no_account_deletion: "delete_account", "deleteaccount";
    place_42_no_app_data_reset: "clearapplicationuserdata";
}

/// A sign-out from elsewhere is no place but a path: it is the same wipe, begun by a refused refresh.
#[test]
fn place_39_a_refused_refresh_wipes_by_the_same_path() {
    let transitions = root().join("core/app/src/account/transitions.rs");
    let code = fs::read_to_string(transitions).unwrap();
    assert!(code.contains("E::RefreshRefused) => wipe(Cause::EndedByService)"));
}

#[test]
fn every_unused_place_names_one_of_these_tests() {
    let mut named = 0;
    for place in Place::ALL {
        if let Keeper::Unused { guard } = place.keeper() {
            let own = "place_39_a_refused_refresh_wipes_by_the_same_path";
            assert!(NAMES.contains(&guard) || guard == own, "{guard}");
            let number = format!("place_{}_", place.number());
            assert!(guard.starts_with(&number), "{guard}");
            named += 1;
        }
    }
    assert_eq!(named, NAMES.len() + 1);
}
