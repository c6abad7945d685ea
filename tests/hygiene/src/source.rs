//! Rust source as lines, each known to be product or test code, comments taken out.

use crate::{files_with_extension, text_of};
use std::path::{Path, PathBuf};

/// One line of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The line as it stands, comment included.
    pub text: String,
    /// The line without strings' contents and comments.
    pub code: String,
    /// Is it test code: a file in a `tests` folder of a crate, or below `#[cfg(test)]`?
    pub test: bool,
}

/// One Rust source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Relative to the repository's root.
    pub file: PathBuf,
    /// All of its lines.
    pub lines: Vec<Line>,
}

impl Source {
    /// Splits `text` of `file`.
    #[must_use]
    pub fn parse(file: &Path, text: &str) -> Self {
        let mut test = is_test_file(file);
        let mut lines = Vec::new();
        for (index, line) in text.lines().enumerate() {
            // House order puts test modules last, so what follows the attribute on a module is test code to the end.
            let next = text.lines().nth(index + 1).unwrap_or_default();
            test |= line.trim() == "#[cfg(test)]"
                && next.trim_start().starts_with("mod ")
                && next.ends_with('{');
            lines.push(Line {
                number: index + 1,
                text: line.to_owned(),
                code: code_of(line),
                test,
            });
        }
        Self {
            file: file.to_owned(),
            lines,
        }
    }

    /// `file:line: text` of every line that `wanted` picks.
    pub fn find(&self, wanted: impl Fn(&Line) -> bool) -> Vec<String> {
        let shown = |line: &Line| {
            format!(
                "{}:{}: {}",
                self.file.display(),
                line.number,
                line.text.trim()
            )
        };
        self.lines
            .iter()
            .filter(|line| wanted(line))
            .map(shown)
            .collect()
    }
}

/// Every Rust source file below one of `folders` (all with an empty list).
#[must_use]
pub fn sources(folders: &[&str]) -> Vec<Source> {
    files_with_extension("rs")
        .into_iter()
        .filter(|file| folders.is_empty() || folders.iter().any(|folder| file.starts_with(folder)))
        .filter_map(|file| text_of(&file).map(|text| Source::parse(&file, &text)))
        .collect()
}

/// Integration tests and benchmarks lie in `<crate>/tests`; the workspace's own folder `tests` holds crates.
fn is_test_file(file: &Path) -> bool {
    let parts: Vec<_> = file.iter().collect();
    let below_crate = parts.get(2..).unwrap_or_default();
    below_crate.first().is_some_and(|part| *part == "tests")
        || file.file_name().is_some_and(|name| name == "tests.rs")
        || below_crate.iter().skip(1).any(|part| *part == "tests")
}

/// `line` with string contents blanked and a trailing `//` comment removed. Good enough for house style, where a literal does not span lines with code in it.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut in_string = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if in_string => {
                characters.next();
            }
            '"' => {
                in_string = !in_string;
                code.push('"');
            }
            '/' if !in_string && characters.peek() == Some(&'/') => break,
            _ if in_string => {}
            other => code.push(other),
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::{Source, code_of, is_test_file};
    use std::path::Path;

    #[test]
    fn strings_and_comments_are_no_code() {
        assert_eq!(code_of(r#"let a = "b // \" c"; // d"#), r#"let a = ""; "#);
        assert_eq!(code_of("/// doc"), "");
    }

    #[test]
    fn test_code_is_told_from_product_code() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let source = Source::parse(Path::new("core/app/src/lib.rs"), text);
        let test: Vec<bool> = source.lines.iter().map(|line| line.test).collect();
        assert_eq!(test, [false, true, true, true, true]);
        assert!(is_test_file(Path::new("core/app/tests/send.rs")));
        assert!(!is_test_file(Path::new("tests/lock/src/lib.rs")));
    }
}
