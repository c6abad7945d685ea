//! What the generators make of the library, and whether it has what the page says.

use crate::items::{Callable, Kind, Surface};
use crate::types::{camel, kotlin, kotlin_class, swift};
use std::path::Path;
use std::process::Command;

/// A language with a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Swift,
    Kotlin,
}

/// The generated source, without what makes two spellings of one declaration.
pub(crate) struct Generated {
    language: Language,
    text: String,
}

impl Generated {
    pub(crate) fn in_language(language: Language, library: &Path, root: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (name, file) = match language {
            Language::Swift => ("swift", "KeywayCore.swift"),
            Language::Kotlin => ("kotlin", "dev/keyway/keyway.kt"),
        };
        let made = Command::new(env!("CARGO_BIN_EXE_uniffi-bindgen"))
            .args([
                "generate",
                "--no-format",
                "--metadata-no-deps",
                "--language",
                name,
                "--config",
            ])
            .arg(root.join("uniffi.toml"))
            .arg("--out-dir")
            .arg(folder.path())
            .arg(library)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let text = text.replace('`', "").replace("kotlin.", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let spaced = text.replace(")throws", ") throws");
        let text = spaced.replace(")async", ") async").replace(") : ", "): ");
        Self { language, text }
    }

    /// Fails with the first declaration that is not there.
    pub(crate) fn must_have(&self, surface: &Surface) {
        let mut missing = Vec::new();
        for (of, callables) in &surface.callables {
            let calls = callables
                .iter()
                .map(|callable| self.declaration(of, callable));
            missing.extend(calls.filter(|call| !self.has(call)));
        }
        for (name, described) in &surface.types {
            missing.extend(
                self.declarations(name, &described.kind)
                    .into_iter()
                    .filter(|it| !self.has(it)),
            );
        }
        assert!(
            missing.is_empty(),
            "not in the generated {:?}: {missing:#?}",
            self.language
        );
    }

    fn has(&self, declaration: &str) -> bool {
        self.text.contains(declaration)
    }

    fn declaration(&self, of: &str, callable: &Callable) -> String {
        match self.language {
            Language::Swift => callable.swift(of),
            Language::Kotlin => callable.kotlin(of),
        }
    }

    fn declarations(&self, name: &str, kind: &Kind) -> Vec<String> {
        let class = match self.language {
            Language::Swift => name.to_owned(),
            Language::Kotlin => kotlin_class(name),
        };
        match (kind, self.language) {
            (Kind::Object, _) => vec![format!("class {class}")],
            (Kind::Foreign, Language::Swift) => vec![format!("protocol {class}")],
            (Kind::Foreign, Language::Kotlin) => vec![format!("interface {class}")],
            (Kind::Enum(_), Language::Swift) => vec![format!("enum {class}")],
            (Kind::Enum(_), Language::Kotlin) => vec![format!("class {class}")],
            (Kind::Custom(_), _) => vec![format!("typealias {class} = ")],
            (Kind::Record(fields), Language::Swift) => fields
                .iter()
                .map(|field| format!("public let {}: {}", camel(&field.name), swift(&field.ty)))
                .chain([format!("struct {class}")])
                .collect(),
            (Kind::Record(fields), Language::Kotlin) => fields
                .iter()
                .map(|field| format!("val {}: {}", camel(&field.name), kotlin(&field.ty)))
                .chain([format!("class {class}")])
                .collect(),
        }
    }
}
