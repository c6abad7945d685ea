//! Swift on Linux: Debian's, in a folder of its own below `target`, because the host's libraries are too old for it.

mod chroot;
mod events;
mod parse;

pub(crate) use chroot::{install, is_installed};
pub(crate) use events::report;

use super::build::Executable;
use chroot::Chroot;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package of the shell for iOS.
const PACKAGE: &str = "ios";
/// Whose build has the generators and the library.
const GENERATOR: &str = "keyway-bindgen";
/// Where the chroot sees the workspace, and what cargo built.
const WORKSPACE: &str = "/keyway";
const BUILT: &str = "/built";

/// The bindings out of the library of the one build: the C half, then the Swift half.
pub(crate) fn generate(root: &Path, executables: &[Executable]) -> Vec<Command> {
    let halves = [
        ("KeywayCoreFFI", &["--headers", "--modulemap"][..]),
        ("KeywayCore", &["--swift-sources"][..]),
    ];
    let command = |(module, what): (&str, &[&str])| {
        let built = built(executables);
        let mut command = Command::new(built.join("uniffi-bindgen-swift"));
        command.current_dir(root).args(what);
        command.args(["--module-name", "KeywayCoreFFI"]);
        command.args(["--modulemap-filename", "module.modulemap"]);
        command.args(["--config", "uniffi.toml"]);
        command.arg(built.join("deps/libkeyway.so"));
        command.arg(Path::new(PACKAGE).join("Sources").join(module));
        command
    };
    halves.into_iter().map(command).collect()
}

/// The package's own tests, against the library of the one build. They leave a report of what ran at [`events_of`].
pub(crate) fn test(root: &Path, executables: &[Executable]) -> Command {
    let chroot = Chroot::of(root)
        .with(root, WORKSPACE)
        .with(&built(executables), BUILT);
    chroot.command(
        &[
            ("KEYWAY_STRICT", "1"),
            ("KEYWAY_LIBRARIES", &format!("{BUILT}/deps")),
            ("KEYWAY_BUILDING", &format!("{BUILT}/keyway-building")),
        ],
        &[
            "swift",
            "test",
            "--package-path",
            &format!("{WORKSPACE}/{PACKAGE}"),
            "--scratch-path",
            "/var/tmp/keyway",
            "--disable-xctest",
            "--experimental-event-stream-output",
            EVENTS,
        ],
    )
}

/// Parses what only Apple's systems can compile.
pub(crate) fn parse(root: &Path) -> Command {
    let files = parse::files(&root.join(PACKAGE));
    let files: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    let script = format!("cd {WORKSPACE}/{PACKAGE}\n{}", parse::SCRIPT);
    let mut line = vec!["sh", "-euc", &script, "sh"];
    line.extend(files.iter().map(AsRef::as_ref));
    Chroot::of(root).with(root, WORKSPACE).command(&[], &line)
}

/// Where the tests leave what ran.
pub(crate) fn events_of(root: &Path) -> PathBuf {
    Chroot::of(root).outside(EVENTS)
}

/// Inside the chroot.
const EVENTS: &str = "/var/tmp/keyway-events.jsonl";

/// Where cargo put programs and, below `deps`, libraries.
fn built(executables: &[Executable]) -> PathBuf {
    let generator = executables.iter().find(|one| one.package == GENERATOR);
    let deps = generator.and_then(|one| one.program.parent());
    let built = deps.and_then(Path::parent);
    built.unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{generate, test};
    use crate::test::build::Executable;
    use std::path::Path;
    use std::process::Command;

    fn executables() -> Vec<Executable> {
        vec![Executable {
            package: "keyway-bindgen".into(),
            target: "generates".into(),
            integration: true,
            program: "/r/target/debug/deps/generates-1".into(),
            folder: "/r/bindings/bindgen".into(),
        }]
    }

    fn words(command: &Command) -> String {
        let words = command.get_args().map(|word| word.to_string_lossy());
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_halves_come_out_of_the_library_that_was_built() {
        let commands = generate(Path::new("/r"), &executables());
        let lines: Vec<String> = commands.iter().map(words).collect();
        assert_eq!(lines.len(), 2);
        for line in &lines {
            assert!(line.contains("/r/target/debug/deps/libkeyway.so"), "{line}");
        }
        assert!(lines[0].ends_with("ios/Sources/KeywayCoreFFI"));
        assert!(lines[1].ends_with("ios/Sources/KeywayCore"));
    }

    #[test]
    fn the_tests_see_the_workspace_and_what_was_built() {
        let line = words(&test(Path::new("/r"), &executables()));
        assert!(line.contains("/r /keyway /r/target/debug /built"), "{line}");
        assert!(line.contains("KEYWAY_BUILDING=/built/keyway-building"));
    }
}
