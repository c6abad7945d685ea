//! What a phone's system is sure to have: the committed lists in `bindings/xtask/symbols`.

use super::target::Abi;
use std::collections::{BTreeMap, BTreeSet};

/// bionic at the oldest level.
const BIONIC: &str = include_str!("../../symbols/bionic-24.txt");
/// Apple's libraries and frameworks, as far as Keyway uses them.
const APPLE: &str = include_str!("../../symbols/apple.txt");

/// Symbols of later systems, looked up weakly: absent, something else is done.
pub(crate) const WEAK: &[(&str, &str)] = &[(
    "getrandom",
    "bionic has it from level 28 on; the random source makes the system call itself where it is missing",
)];

/// One symbol of a system library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// Is it data?
    pub(crate) object: bool,
}

/// What each of bionic's libraries has on one ABI, by the library's file name.
pub(crate) fn bionic(abi: Abi) -> BTreeMap<&'static str, Vec<Symbol<'static>>> {
    let mut libraries = BTreeMap::new();
    for (library, line) in entries(BIONIC) {
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let abis: Vec<&&str> = rest.iter().filter(|word| **word != "object").collect();
        if abis.is_empty() || abis.iter().any(|word| **word == abi.name()) {
            let object = rest.len() > abis.len();
            let symbols: &mut Vec<_> = libraries.entry(library).or_default();
            symbols.push(Symbol { name, object });
        }
    }
    libraries
}

/// Every symbol of Apple's that Keyway may use.
pub(crate) fn apple() -> BTreeSet<&'static str> {
    entries(APPLE).map(|(_, name)| name).collect()
}

/// The frameworks and libraries that have them: what an app must link.
pub(crate) fn apple_libraries() -> BTreeSet<&'static str> {
    entries(APPLE).map(|(library, _)| library).collect()
}

/// The lines below each `[library]`.
fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut library = "";
    text.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[') {
            library = name.trim_end_matches(']');
            return None;
        }
        let said = !line.is_empty() && !line.starts_with('#');
        said.then_some((library, line))
    })
}

#[cfg(test)]
mod tests {
    use super::{Abi, WEAK, bionic};

    fn has(abi: Abi, library: &str, name: &str) -> bool {
        let all = bionic(abi);
        all.get(library)
            .is_some_and(|symbols| symbols.iter().any(|symbol| symbol.name == name))
    }

    #[test]
    fn an_abi_has_what_the_list_says() {
        for abi in Abi::ALL {
            assert!(has(abi, "libc.so", "epoll_create1"));
            assert!(has(abi, "libdl.so", "dl_iterate_phdr"));
            assert!(has(abi, "libm.so", "pow"));
        }
        assert!(has(Abi::Arm, "libc.so", "__aeabi_memcpy"));
        assert!(!has(Abi::Arm64, "libc.so", "__aeabi_memcpy"));
        let all = bionic(Abi::Arm64);
        let stderr = all["libc.so"].iter().find(|symbol| symbol.name == "stderr");
        assert!(stderr.is_some_and(|symbol| symbol.object));
    }

    #[test]
    fn what_came_later_is_not_on_the_list_and_has_a_reason() {
        for (name, reason) in WEAK {
            assert!(!has(Abi::Arm64, "libc.so", name));
            assert!(reason.len() > 20);
        }
    }
}
