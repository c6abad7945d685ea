//! What may stand in a Kotlin file. The shell for Android is thin: calls of the core, and what only Android can do.

use keyway_hygiene::source::{Line, Source};
use keyway_hygiene::{assert_none, files_with_extension, text_of};

/// As for Rust.
const LONGEST_FILE: usize = 450;

/// Whatever is printed may be read by another app, or kept.
const PRINTS: &[&str] = &[
    "println",
    "print(",
    "System.out",
    "System.err",
    "printStackTrace",
    "android.util.Log",
    "Log.",
];

/// What a journey is made of: networks, radios, waits, tries. Journeys are the core's.
const OF_A_JOURNEY: &[&str] = &[
    "java.net.",
    "okhttp",
    "HttpURLConnection",
    "BluetoothGatt",
    "BluetoothLeScanner",
    "delay(",
    "Thread.sleep",
    "retry",
    "enum class Phase",
    "when (state",
];

fn kotlin() -> Vec<Source> {
    let files = files_with_extension("kt");
    let parsed = files
        .iter()
        .filter_map(|file| text_of(file).map(|text| Source::parse(file, &text)));
    parsed.collect()
}

/// The library and the app, without their tests.
fn shipped() -> Vec<Source> {
    let mut sources = kotlin();
    sources.retain(|source| !source.file.iter().any(|part| part == "test"));
    sources
}

fn lines_with(sources: &[Source], words: &[&str]) -> Vec<String> {
    let named = |line: &Line| words.iter().any(|word| line.code.contains(word));
    let is_comment = |line: &Line| line.code.trim_start().starts_with('*');
    let found = sources
        .iter()
        .flat_map(|source| source.find(|line| named(line) && !is_comment(line)));
    found.collect()
}

#[test]
fn no_kotlin_file_is_longer_than_its_subject() {
    let sources = kotlin();
    assert!(sources.len() > 10, "the sources were read");
    let long: Vec<String> = sources
        .iter()
        .filter(|source| source.lines.len() > LONGEST_FILE)
        .map(|source| format!("{}: {} lines", source.file.display(), source.lines.len()))
        .collect();
    assert_none("split it by subject", &long);
}

#[test]
fn the_kotlin_library_prints_nothing() {
    assert_none("it may be a secret", &lines_with(&shipped(), PRINTS));
}

#[test]
fn no_journey_lives_in_the_kotlin_library() {
    assert_none("the core has it", &lines_with(&shipped(), OF_A_JOURNEY));
}

/// The control of the tests above: what they look for is found where it may stand.
#[test]
fn the_searches_find_what_is_there() {
    let tests = kotlin();
    assert!(!lines_with(&tests, PRINTS).is_empty());
    assert!(!lines_with(&tests, OF_A_JOURNEY).is_empty());
    assert!(!shipped().is_empty());
}
