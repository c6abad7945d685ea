//! A bill of materials: `CycloneDX` 1.5 as JSON. The same sources give the same bytes: no time and no random number is in it.

use super::licences::expression;
use super::shipped::{Id, Package, Shipped};
use crate::phones::cargo::PACKAGE;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The document.
pub(super) fn bill(shipped: &Shipped, version: &str) -> Result<String> {
    let root = (PACKAGE.to_owned(), version.to_owned());
    let itself = shipped
        .packages
        .get(&root)
        .context("the crate that ships")?;
    let mut components: Vec<Value> = shipped
        .packages
        .iter()
        .filter(|(id, _)| **id != root)
        .map(|(id, package)| component(id, package))
        .collect();
    components.push(standard_library());
    let mut dependencies: Vec<Value> = shipped
        .packages
        .iter()
        .map(|(id, package)| {
            let on: BTreeSet<String> = package.dependencies.iter().map(reference).collect();
            json!({ "ref": reference(id), "dependsOn": on })
        })
        .collect();
    dependencies.sort_by_key(|one| one["ref"].as_str().map(str::to_owned));
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": component(&root, itself) },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// The package's address in the registry.
fn reference((name, version): &Id) -> String {
    format!("pkg:cargo/{name}@{version}")
}

fn component(id: &Id, package: &Package) -> Value {
    let mut value = json!({
        "type": "library",
        "bom-ref": reference(id),
        "name": id.0,
        "version": id.1,
        "purl": reference(id),
        "licenses": [{ "expression": expression(&package.licence) }],
        "properties": [{
            "name": "keyway:targets",
            "value": package.targets.iter().copied().collect::<Vec<_>>().join(" "),
        }],
    });
    if let Some(checksum) = &package.checksum {
        value["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    value
}

/// Not a package, but linked too; its version is the compiler's, which the toolchain file fixes.
fn standard_library() -> Value {
    let version = include_str!("../../../../rust-toolchain.toml")
        .lines()
        .find_map(|line| line.strip_prefix("channel = "))
        .unwrap_or_default()
        .trim_matches('"');
    json!({
        "type": "library",
        "bom-ref": format!("rust-std@{version}"),
        "name": "rust-std",
        "version": version,
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    })
}
