//! Links in the documents lead somewhere.

use keyway_hygiene::{assert_none, files_with_extension, root, text_of};
use std::path::{Path, PathBuf};

/// `[text](target)` outside of code blocks.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        in_block ^= line.trim_start().starts_with("```");
        if in_block {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split([')', ' ']).next().unwrap_or_default();
            found.push(target.to_owned());
        }
    }
    found
}

/// A heading's anchor as code hosts make it: lower case, spaces to dashes, punctuation dropped.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_')
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn has_anchor(file: &Path, wanted: &str) -> bool {
    let text = text_of(file).unwrap_or_default();
    text.lines()
        .filter(|line| line.starts_with('#'))
        .any(|line| anchor(line) == wanted)
}

fn leads_somewhere(from: &Path, target: &str) -> bool {
    if target.starts_with("https://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() {
        from.to_owned()
    } else {
        from.parent().unwrap_or(Path::new("")).join(path)
    };
    root().join(&file).exists() && (fragment.is_empty() || has_anchor(&file, fragment))
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let documents: Vec<PathBuf> = files_with_extension("md");
    let mut findings = Vec::new();
    for document in &documents {
        let text = text_of(document).unwrap_or_default();
        let broken = links(&text)
            .into_iter()
            .filter(|target| !leads_somewhere(document, target));
        findings.extend(broken.map(|target| format!("{}: {target}", document.display())));
    }
    assert_none("broken links", &findings);
}

#[test]
fn a_broken_link_is_noticed() {
    let here = Path::new("README.md");
    assert_eq!(links("see [a](b.md#c) and\n```\n[x](y)\n```\n"), ["b.md#c"]);
    assert!(!leads_somewhere(here, "no/such/file.md"));
    assert!(!leads_somewhere(
        Path::new("core/docs/dependencies.md"),
        "#no-such-heading"
    ));
    assert_eq!(anchor("## Promises, and limits"), "promises-and-limits");
}
