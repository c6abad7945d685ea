//! What may be logged, and how a panic is told.

use std::panic::PanicHookInfo;

/// Libraries that print addresses, headers or the names of stored items: never heard, at no level.
pub const SILENT: [&str; 16] = [
    "reqwest",
    "hyper",
    "hyper_util",
    "hyper_rustls",
    "h2",
    "rustls",
    "tokio_rustls",
    "keyring_core",
    "zbus_secret_service_keyring_store",
    "secret_service",
    "zbus",
    "btleplug",
    "bluez_async",
    "dbus",
    "dbus_tokio",
    "serde_xml_rs",
];

/// Directives for `tracing_subscriber::EnvFilter`: what was `asked` for (a level, or a filter of the operator's), then silence for [`SILENT`].
///
/// The silencing stands last: of two directives for one target the later one holds. A more specific target (`reqwest::connect=trace`) would
/// outrank it, so directives that name a silent library are left out.
#[must_use]
pub fn directives(asked: &str) -> String {
    let names_silent = |directive: &&str| {
        let target = directive.split(['=', '[', ':']).next().unwrap_or("").trim();
        SILENT.contains(&target)
    };
    asked
        .split(',')
        .filter(|directive| !names_silent(directive))
        .map(str::to_owned)
        .chain(SILENT.iter().map(|target| format!("{target}=off")))
        .collect::<Vec<_>>()
        .join(",")
}

/// Replaces the panic hook by one that tells the place only: a panic's text may quote what was being worked on.
pub fn install_panic_hook(tell: fn(&str)) {
    std::panic::set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
        tell(&place(panic));
    }));
}

/// `file:line`, or that it is unknown.
fn place(panic: &PanicHookInfo<'_>) -> String {
    panic.location().map_or_else(
        || "internal error at an unknown place".to_owned(),
        |at| format!("internal error at {}:{}", at.file(), at.line()),
    )
}

#[cfg(test)]
mod tests {
    use super::directives;

    #[test]
    fn silent_libraries_cannot_be_asked_for() {
        let all = directives("trace,reqwest=trace,hyper::proto=trace,keyway_app=debug");
        assert!(all.starts_with("trace,keyway_app=debug,"));
        assert!(all.contains("reqwest=off") && !all.contains("reqwest=trace"));
        assert!(!all.contains("hyper::proto"));
    }
}
