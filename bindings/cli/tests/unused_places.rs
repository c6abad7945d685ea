//! The sign-out report says that a terminal does not use the places which only a shell can empty, and names these tests: each fails when what it
//! is about appears in the shell's sources or manifest. Then the place needs an answer that erases and reads back.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use keyway_app::ports::{ShellAnswer, ShellPlace, ShellPlaces as _, conformance};
use keyway_cli::TerminalPlaces;
use std::fs;
use std::path::{Path, PathBuf};

/// The names of places stand here, so this file would match itself.
const ABOUT_PLACES: &str = "places.rs";

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.file_name().unwrap() != ABOUT_PLACES {
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

/// Every file of the shell that has one of `words` (lower case) in its code.
fn users(words: &[&str]) -> Vec<PathBuf> {
    let shell = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![shell.join("Cargo.toml")];
    collect(&shell.join("src"), &mut files);
    assert!(files.len() > 20, "the sources were not found");
    files.retain(|path| words.iter().any(|word| code(path).contains(word)));
    files
}

/// The control: a word that every one of these searches must be able to find.
#[test]
fn the_search_finds_what_is_there() {
    assert!(!users(&["comfy_table"]).is_empty());
    assert!(users(&["a word that is nowhere in the code"]).is_empty());
}

macro_rules! guards {
    ($($name:ident: $($word:literal),+;)*) => {
        $(#[test]
        fn $name() {
            let users = users(&[$($word),+]);
            assert!(users.is_empty(), "now used: erase it and read it back: {users:?}");
        })*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

guards! {
    place_11_no_foreign_runtime_copies_strings: "uniffi", "jni";
    place_16_no_notifications: "notify-rust", "notify_rust", "libnotify";
    place_21_no_password_saving: "secret-tool", "pass insert", "git-credential";
    place_22_no_preferences: "confy", "directories", "config_dir", "dirs::";
    place_24_no_app_switcher_image: "winit", "egui", "gtk";
    place_25_no_clipboard: "arboard", "clipboard", "xclip", "wl-copy", "]52;";
    place_26_no_keyboard_learning: "rustyline", "reedline", "add_history";
    place_35_no_app_pin: "apppin", "app_pin", "pinentry";
    place_36_no_login_memory: "lastemail", "last_email", "remember_me", "rememberme";
}

/// Answers at once, so that one look at it is enough.
fn answer(place: ShellPlace) -> ShellAnswer {
    let answering = TerminalPlaces.erase(place);
    futures_util::FutureExt::now_or_never(answering).unwrap()
}

#[test]
fn the_terminals_places_keep_their_contract() {
    let suite = conformance::shell(&TerminalPlaces);
    futures_util::FutureExt::now_or_never(suite).unwrap();
}

#[test]
fn every_place_names_one_of_these_tests() {
    for place in ShellPlace::ALL {
        let ShellAnswer::NotUsed { guard } = answer(place) else {
            unreachable!("a terminal uses {place:?}");
        };
        assert!(NAMES.contains(&guard.as_ref()), "{guard}");
    }
    assert_eq!(NAMES.len(), ShellPlace::ALL.len());
}
