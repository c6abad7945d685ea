//! The files that only Apple's systems can compile, held to Swift's grammar: Linux has no framework to check their types against.

use std::path::{Path, PathBuf};

/// Below the package: where such files are.
const FOLDERS: [&str; 2] = ["App", "Sources/Keyway/Apple"];

/// Parses each file and says of each how it went, as every other runner does. What stands inside `#if canImport` is parsed too.
pub(super) const SCRIPT: &str = r#"
    passed=0; failed=0
    for file in "$@"; do
        if swiftc -swift-version 6 -parse "$file"; then
            passed=$((passed + 1)); echo "test parses/$file ... ok"
        else
            failed=$((failed + 1)); echo "test parses/$file ... FAILED"
        fi
    done
    if [ "$passed" -eq 0 ]; then failed=$((failed + 1)); fi
    outcome=ok
    if [ "$failed" -gt 0 ]; then outcome=FAILED; fi
    echo "test result: $outcome. $passed passed; $failed failed"
    [ "$outcome" = ok ]
"#;

/// The files, in order, as paths from the package on. A folder that cannot be read has none: a run without files fails.
pub(super) fn files(package: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&package.join(folder), &mut files);
    }
    let below = files
        .iter()
        .filter_map(|file| file.strip_prefix(package).ok());
    let mut below: Vec<PathBuf> = below.map(Path::to_owned).collect();
    below.sort();
    below
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "swift") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, files};
    use std::path::Path;
    use std::process::Command;

    #[test]
    fn every_file_of_the_app_and_of_the_apple_half_is_there() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ios");
        let files = files(&package);
        for file in [
            "App/Sources/DoorApp.swift",
            "Sources/Keyway/Apple/SecureEnclaveKeys.swift",
        ] {
            assert!(files.iter().any(|one| one == Path::new(file)), "{files:?}");
        }
        assert!(!files.iter().any(|one| one.ends_with("Attempt.swift")));
    }

    /// The script with `true` or `false` for the compiler.
    fn said(compiler: &str, files: &[&str]) -> (bool, String) {
        let script = SCRIPT.replace("swiftc", compiler);
        let mut command = Command::new("sh");
        command.args(["-uc", &script, "sh"]).args(files);
        let output = command.output().expect("a shell");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), said)
    }

    #[test]
    fn each_file_counts_once_and_none_is_a_failure() {
        let (well, text) = said("true", &["A.swift", "B.swift"]);
        assert!(well);
        assert!(text.contains("test parses/B.swift ... ok\n"), "{text}");
        assert!(text.ends_with("test result: ok. 2 passed; 0 failed\n"));
        let (well, text) = said("false", &["A.swift"]);
        assert!(!well);
        assert!(text.contains("test parses/A.swift ... FAILED\n"), "{text}");
        let (well, text) = said("true", &[]);
        assert!(!well);
        assert!(text.ends_with("test result: FAILED. 0 passed; 1 failed\n"));
    }
}
