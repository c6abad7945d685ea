//! What Maven fetches for a layer: once, into a repository of its own below `target/maven`, each file held against a committed list.

use super::build::Executable;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Written last: a repository without it was cut off while it was filled, or holds something else than the list.
const COMPLETE: &str = "complete";
/// Whose build has the generator and the library.
const GENERATOR: &str = "keyway-bindgen";
/// The list, beside the project's file: SHA-256 and path of each archive, as `sha256sum` prints them.
const CHECKSUMS: &str = "checksums.sha256";

/// The project's tests, without network, on the generator, the library and the building of the one build.
pub(crate) fn test(root: &Path, project: &str, executables: &[Executable]) -> Command {
    let generator = executables.iter().find(|one| one.package == GENERATOR);
    let deps = generator.and_then(|one| one.program.parent());
    let deps = deps.unwrap_or(Path::new("."));
    let built = deps.parent().unwrap_or(Path::new("."));
    let mut command = maven(root, project);
    for (name, file) in [
        ("library", deps.join("libkeyway.so")),
        ("bindgen", built.join("uniffi-bindgen")),
        ("building", built.join("keyway-building")),
    ] {
        command.arg(format!("-Dkeyway.{name}={}", file.display()));
    }
    command.args(["--offline", "test"]);
    command
}

/// Is everything there that the project needs?
pub(crate) fn is_there(root: &Path, project: &str) -> bool {
    folder(root, project).join(COMPLETE).is_file()
}

/// Fetches what the project needs, from the registry that Maven is set up with, and refuses what the list does not name.
pub(crate) fn make(root: &Path, project: &str) -> Result<(), String> {
    let folder = folder(root, project);
    super::progress::say(&format!("fetching what {project} names"));
    let output = maven(root, project)
        // What Maven runs tests with is none of its dependencies: the second goal fetches that.
        .args(["-DskipTests", "dependency:go-offline", "surefire:test"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        let error = said.lines().find(|line| line.contains("ERROR"));
        return Err(error.unwrap_or("no reason given").to_owned());
    }
    let listed = std::fs::read_to_string(checksums(root, project));
    let listed = listed.map_err(|error| format!("{CHECKSUMS}: {error}"))?;
    let fetched = fetched(&folder.join(REPOSITORY)).map_err(|error| error.to_string())?;
    let differences = differences(&parse(&listed), &fetched);
    if let Some(first) = differences.first() {
        return Err(format!(
            "{} archives differ from {CHECKSUMS}, the first is {first}",
            differences.len()
        ));
    }
    std::fs::write(folder.join(COMPLETE), project).map_err(|error| error.to_string())
}

const REPOSITORY: &str = "repository";

fn maven(root: &Path, project: &str) -> Command {
    let mut command = Command::new("mvn");
    let repository = folder(root, project).join(REPOSITORY);
    command
        .current_dir(root)
        .args(["--batch-mode", "--no-transfer-progress", "--file", project])
        .arg(format!("-Dmaven.repo.local={}", repository.display()));
    command
}

/// Named after the project's content and its list: another one begins anew.
fn folder(root: &Path, project: &str) -> PathBuf {
    let mut digest = Sha256::new();
    for file in [root.join(project), checksums(root, project)] {
        digest.update(std::fs::read(file).unwrap_or_default());
    }
    let digest = hex::encode(digest.finalize());
    root.join("target/maven").join(&digest[..16])
}

fn checksums(root: &Path, project: &str) -> PathBuf {
    root.join(project).with_file_name(CHECKSUMS)
}

/// Path and SHA-256 of every archive below `repository`.
fn fetched(repository: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![repository.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "jar") {
                let name = path.strip_prefix(repository).unwrap_or(&path);
                let digest = hex::encode(Sha256::digest(std::fs::read(&path)?));
                found.insert(name.to_string_lossy().into_owned(), digest);
            }
        }
    }
    Ok(found)
}

fn parse(list: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let (digest, name) = line.split_once("  ")?;
        Some((name.to_owned(), digest.to_owned()))
    };
    list.lines().filter_map(line).collect()
}

/// Archives that are not as listed, not listed, or not there.
fn differences(
    listed: &BTreeMap<String, String>,
    fetched: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let names = listed.keys().chain(fetched.keys());
    names
        .filter(|name| listed.get(*name) != fetched.get(*name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{differences, fetched, parse, test};
    use crate::test::build::Executable;
    use std::collections::BTreeMap;
    use std::path::Path;

    #[test]
    fn tests_run_on_what_was_built_and_without_network() {
        let built = Executable {
            package: "keyway-bindgen".into(),
            target: "generates".into(),
            integration: true,
            program: "/r/target/debug/deps/generates-1".into(),
            folder: "/r/bindings/bindgen".into(),
        };
        let command = test(Path::new("/r"), "android/jvm/pom.xml", &[built]);
        let line: Vec<_> = command
            .get_args()
            .map(|word| word.to_string_lossy())
            .collect();
        let line = line.join(" ");
        for part in [
            "-Dkeyway.library=/r/target/debug/deps/libkeyway.so",
            "-Dkeyway.bindgen=/r/target/debug/uniffi-bindgen",
            "-Dkeyway.building=/r/target/debug/keyway-building",
            "--offline test",
        ] {
            assert!(line.contains(part), "{line}");
        }
    }

    #[test]
    fn an_archive_that_is_changed_missing_or_new_differs() {
        let listed = parse("aa  a.jar\nbb  b.jar\ncc  c.jar\n");
        let there = [("a.jar", "aa"), ("b.jar", "b0"), ("d.jar", "dd")];
        let there: BTreeMap<String, String> = there
            .map(|(name, digest)| (name.to_owned(), digest.to_owned()))
            .into();
        let found: Vec<String> = differences(&listed, &there).into_iter().collect();
        assert_eq!(found, ["b.jar", "c.jar", "d.jar"]);
        assert!(differences(&listed, &listed).is_empty());
    }

    #[test]
    fn every_archive_below_the_repository_is_found() {
        let folder = std::env::temp_dir().join(format!("keyway-maven-{}", std::process::id()));
        let inner = folder.join("org/example/1");
        std::fs::create_dir_all(&inner).expect("a folder");
        std::fs::write(inner.join("example-1.jar"), "").expect("written");
        std::fs::write(inner.join("example-1.pom"), "").expect("written");
        let found = fetched(&folder).expect("it is there");
        std::fs::remove_dir_all(&folder).expect("it was there");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let expected = ("org/example/1/example-1.jar".to_owned(), empty.to_owned());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [expected]);
    }
}
