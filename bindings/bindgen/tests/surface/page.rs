//! `bindings/API.md`, made of the surface.

use crate::items::{Callable, Kind, Surface};
use crate::types::{camel, kotlin, kotlin_class, rust, shouting, swift};
use core::fmt::Write as _;
use uniffi_meta::{EnumMetadata, FieldMetadata};

/// What the feature `testing` adds; what ships has none of it.
const TESTING: [&str; 3] = ["open_on_building", "panic_inside", "panic_inside_later"];

const TOP: &str = "# The library's surface

What `bindings/ffi` exports, in Rust, Swift (module `KeywayCore`) and Kotlin (package `dev.keyway`) side by side. Made of the metadata in the built library and held to it,
and to the generated Swift and Kotlin, by `cargo test -p keyway-bindgen --test surface`; `KEYWAY_ACCEPT=1` before that writes it anew. The documentation of each item stands in
the sources and crosses as KDoc and Swift documentation.

Every Swift function throws, and every Kotlin function too: `KeywayError` (Kotlin `KeywayException`) where nothing else is named. A moment is milliseconds since
1970-01-01T00:00:00Z of the service's clock. An id is a UUID in its hyphenated form.
";

/// The file's text.
pub(crate) fn page(surface: &Surface) -> String {
    let mut page = TOP.to_owned();
    section(&mut page, "Objects", surface, |kind| {
        matches!(kind, Kind::Object)
    });
    section(&mut page, "What a shell implements", surface, |kind| {
        matches!(kind, Kind::Foreign)
    });
    page.push_str("\n## Functions\n");
    calls(&mut page, surface, "", |name| !TESTING.contains(&name));
    section(&mut page, "Errors", surface, is_error);
    section(&mut page, "Records", surface, |kind| {
        matches!(kind, Kind::Record(_))
    });
    section(&mut page, "Enums", surface, |kind| {
        matches!(kind, Kind::Enum(_)) && !is_error(kind)
    });
    section(&mut page, "Ids", surface, |kind| {
        matches!(kind, Kind::Custom(_))
    });
    page.push_str(
        "\n## Tests only\n\nWith the feature `testing`, which what ships does not have.\n",
    );
    calls(&mut page, surface, "KeywayApp", |name| {
        TESTING.contains(&name)
    });
    calls(&mut page, surface, "", |name| TESTING.contains(&name));
    page
}

fn is_error(kind: &Kind) -> bool {
    matches!(kind, Kind::Enum(described) if described.shape.is_error())
}

fn section(page: &mut String, title: &str, surface: &Surface, belongs: impl Fn(&Kind) -> bool) {
    let _ = write!(page, "\n## {title}\n");
    for (name, described) in surface.types.iter().filter(|(_, it)| belongs(&it.kind)) {
        let _ = write!(page, "\n### {name}\n\n{}\n", described.about);
        match &described.kind {
            Kind::Object | Kind::Foreign => {}
            Kind::Record(fields) => record(page, fields),
            Kind::Enum(described) => variants(page, described),
            Kind::Custom(builtin) => {
                let (rust, swift, kotlin) = (rust(builtin), swift(builtin), kotlin(builtin));
                row_head(page);
                row(page, [&rust, &swift, &kotlin]);
            }
        }
        calls(page, surface, name, |name| !TESTING.contains(&name));
    }
}

fn calls(page: &mut String, surface: &Surface, of: &str, wanted: impl Fn(&str) -> bool) {
    let all = surface.callables.get(of).map_or(&[][..], Vec::as_slice);
    let wanted: Vec<&Callable> = all.iter().filter(|it| wanted(&it.name)).collect();
    if wanted.is_empty() {
        return;
    }
    row_head(page);
    for callable in wanted {
        let (swift, kotlin) = (callable.swift(of), callable.kotlin(of));
        row(page, [&callable.rust(of), &swift, &kotlin]);
    }
}

fn record(page: &mut String, fields: &[FieldMetadata]) {
    row_head(page);
    for field in fields {
        let name = camel(&field.name);
        row(
            page,
            [
                &format!("{}: {}", field.name, rust(&field.ty)),
                &format!("{name}: {}", swift(&field.ty)),
                &format!("{name}: {}", kotlin(&field.ty)),
            ],
        );
    }
}

fn variants(page: &mut String, described: &EnumMetadata) {
    row_head(page);
    let flat = described
        .variants
        .iter()
        .all(|variant| variant.fields.is_empty());
    for variant in &described.variants {
        let fields = |say: &dyn Fn(&FieldMetadata) -> String, open: &str, close: &str| {
            let said: Vec<String> = variant.fields.iter().map(say).collect();
            match said.is_empty() {
                true => String::new(),
                false => format!("{open}{}{close}", said.join(", ")),
            }
        };
        let rust_fields = fields(&|f| format!("{}: {}", f.name, rust(&f.ty)), " { ", " }");
        let swift_fields = fields(
            &|f| format!("{}: {}", camel(&f.name), swift(&f.ty)),
            "(",
            ")",
        );
        let kotlin_fields = fields(
            &|f| format!("{}: {}", camel(&f.name), kotlin(&f.ty)),
            "(",
            ")",
        );
        let swift_name = match described.shape.is_error() {
            // Cases of errors keep their capital in the generated Swift.
            true => variant.name.clone(),
            false => camel(&variant.name),
        };
        let kotlin_name = match described.shape.is_error() || !flat {
            true => kotlin_class(&variant.name),
            false => shouting(&variant.name),
        };
        row(
            page,
            [
                &format!("{}{rust_fields}", variant.name),
                &format!(".{swift_name}{swift_fields}"),
                &format!("{kotlin_name}{kotlin_fields}"),
            ],
        );
    }
}

fn row_head(page: &mut String) {
    page.push_str("\n| Rust | Swift | Kotlin |\n|---|---|---|\n");
}

fn row(page: &mut String, cells: [&str; 3]) {
    let [rust, swift, kotlin] = cells;
    let _ = writeln!(page, "| `{rust}` | `{swift}` | `{kotlin}` |");
}
