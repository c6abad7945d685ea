//! The licences of what ships: each must be one that an app in a store can follow, and its text goes along.

use super::shipped::{Id, Package, Shipped};
use anyhow::Result;
use spdx::{Expression, ParseMode};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// What may ship. All ask for their text to be shown; MPL-2.0 also for the source of the files under it, which we use unchanged from the registry.
const ALLOWED: [&str; 10] = [
    "MIT",
    "Apache-2.0",
    "ISC",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// How a file that holds a licence begins.
const FILES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// Linked too, and no packages: what it is, its licence, and the licence and exception whose words are shown.
const BESIDE: [(&str, &str, Option<&str>); 2] = [
    (
        "Rust's standard library (the Rust Project Developers)",
        "Apache-2.0",
        None,
    ),
    (
        "the unwinder, on Android (the LLVM Project)",
        "Apache-2.0",
        Some("LLVM-exception"),
    ),
];

/// The notices that an app shows.
#[derive(Debug)]
pub(super) struct Notices {
    pub(super) document: String,
    /// How many different texts there are.
    pub(super) texts: usize,
    /// Packages for which there is none.
    pub(super) without_text: Vec<String>,
}

/// A manifest's licence in today's spelling: a slash was once an *or*.
pub(super) fn expression(licence: &str) -> String {
    let words = licence.split('/').map(str::trim);
    words.collect::<Vec<_>>().join(" OR ")
}

/// Packages whose licence is not on the list.
pub(super) fn refused(shipped: &Shipped) -> Vec<String> {
    let wrong = shipped
        .packages
        .iter()
        .filter(|(_, one)| !is_allowed(&one.licence));
    wrong
        .map(|((name, version), one)| format!("{name} {version}: `{}`", one.licence))
        .collect()
}

fn is_allowed(licence: &str) -> bool {
    let Ok(parsed) = Expression::parse_mode(&expression(licence), ParseMode::STRICT) else {
        return false;
    };
    parsed.evaluate(|required| {
        let name = required.license.id().map(|id| id.name);
        required.addition.is_none() && name.is_some_and(|name| ALLOWED.contains(&name))
    })
}

/// Collects the texts: each once, with the packages that it is for.
pub(super) fn notices(shipped: &Shipped, version: &str) -> Result<Notices> {
    let mut packages: BTreeMap<String, Vec<&Id>> = BTreeMap::new();
    let mut without_text = Vec::new();
    for (id, package) in shipped.packages.iter().filter(|(_, one)| !one.ours) {
        let mut texts = in_folder(&package.folder)?;
        if texts.is_empty() {
            texts = canonical(package);
        }
        if texts.is_empty() {
            without_text.push(format!("{} {}", id.0, id.1));
        }
        for text in texts {
            packages.entry(text).or_default().push(id);
        }
    }
    let mut document = format!(
        "Keyway {version} contains the software named here. What each is used for stands in core/docs/dependencies.md.\n"
    );
    let mut sorted: Vec<_> = packages.iter().collect();
    sorted.sort_by_key(|(_, ids)| (*ids).clone());
    for (text, ids) in sorted {
        let names: Vec<String> = ids
            .iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        write!(
            document,
            "\n{}\n{}\n\n{text}\n",
            "-".repeat(100),
            names.join(", ")
        )?;
    }
    for (name, licence, exception) in BESIDE {
        let words = spdx::license_id(licence).map(|id| id.text().trim());
        let added = exception
            .and_then(spdx::exception_id)
            .map(|id| id.text().trim());
        for text in words.into_iter().chain(added) {
            write!(document, "\n{}\n{name}\n\n{text}\n", "-".repeat(100))?;
        }
    }
    Ok(Notices {
        document,
        texts: packages.len() + BESIDE.len(),
        without_text,
    })
}

/// The licence files beside a manifest.
fn in_folder(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if entry.file_type()?.is_file() && FILES.iter().any(|begin| name.starts_with(begin)) {
            files.push(entry.path());
        }
    }
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(file)?).replace("\r\n", "\n");
        texts.push(text.trim().to_owned());
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

/// The licence's own words, for a package that names it and does not bring it along: of a choice the first that is allowed.
fn canonical(package: &Package) -> Vec<String> {
    let Ok(parsed) = Expression::parse_mode(&expression(&package.licence), ParseMode::STRICT)
    else {
        return Vec::new();
    };
    let ids = parsed.requirements().filter_map(|one| one.req.license.id());
    let allowed = ids.filter(|id| ALLOWED.contains(&id.name));
    let named = allowed.map(|id| id.text().trim().to_owned());
    named.take(1).collect()
}

#[cfg(test)]
mod tests {
    use super::{canonical, expression, is_allowed};
    use crate::release::shipped::Package;

    #[test]
    fn a_choice_with_an_allowed_licence_is_allowed_and_an_addition_is_not() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 / MIT",
            "Apache-2.0 AND ISC",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "my own",
            "AGPL-3.0-only/LGPL-3.0-only",
        ] {
            assert!(!is_allowed(bad), "{bad}");
        }
        assert_eq!(expression("MIT/Apache-2.0"), "MIT OR Apache-2.0");
    }

    #[test]
    fn a_package_without_a_text_gets_the_licences_own() {
        let package = |licence: &str| Package {
            licence: licence.to_owned(),
            folder: "x".into(),
            ours: false,
            checksum: None,
            targets: std::collections::BTreeSet::new(),
            dependencies: std::collections::BTreeSet::new(),
        };
        let texts = canonical(&package("GPL-3.0-only OR MIT"));
        assert!(texts.len() == 1 && texts[0].contains("Permission is hereby granted"));
        assert!(canonical(&package("my own")).is_empty());
    }
}
