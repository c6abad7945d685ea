//! What must not be in a phone: the lock's and the service's halves of the protocol, the radio over TCP, the development keychain.
//!
//! Found by the names that a compiler writes into an unstripped library (a function's path) and into any library (the source file that a panic
//! names). A feature that is on but of which nothing is left after linking is no finding.

use aho_corasick::AhoCorasick;

/// A part of the core that belongs elsewhere.
#[derive(Debug)]
pub struct Role {
    /// What it is.
    pub name: &'static str,
    /// Its names in a library.
    needles: &'static [&'static str],
}

/// All of them.
pub const ROLES: &[Role] = &[
    Role {
        name: "the lock's half of the protocol",
        needles: &[
            "15keyway_protocol4lock",
            "keyway_protocol..lock..",
            "core/protocol/src/lock/",
        ],
    },
    Role {
        name: "the service's half of the protocol",
        needles: &[
            "15keyway_protocol7service",
            "keyway_protocol..service..",
            "core/protocol/src/service/",
        ],
    },
    Role {
        name: "the radio over TCP",
        needles: &[
            "15keyway_platform5radio8loopback",
            "keyway_platform..radio..loopback..",
            "core/platform/src/radio/loopback/",
            "15keyway_platform5radio4pipe",
            "keyway_platform..radio..pipe..",
            "core/platform/src/radio/pipe.rs",
        ],
    },
    Role {
        name: "the development keychain",
        needles: &[
            "15keyway_platform8keychain11development",
            "keyway_platform..keychain..development..",
            "core/platform/src/keychain/development.rs",
        ],
    },
];

/// Names of `role` in `library`, each once.
#[must_use]
pub fn traces(library: &[u8], role: &Role) -> Vec<String> {
    let Ok(searcher) = AhoCorasick::new(role.needles) else {
        // Cannot be: the needles are few and short. If it were, it must not pass.
        return vec!["the search could not be made".to_owned()];
    };
    let mut found = vec![false; role.needles.len()];
    for hit in searcher.find_iter(library) {
        found[hit.pattern().as_usize()] = true;
    }
    let names = role.needles.iter().zip(found);
    names
        .filter(|(_, found)| *found)
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

/// Paths below this user's home that stand in `library`: it would say who built it, and be another on another machine.
pub(crate) fn machine(library: &[u8]) -> Vec<String> {
    let home = std::env::home_dir().map(|home| home.join("").display().to_string());
    home.map_or_else(Vec::new, |home| below(library, &home))
}

fn below(library: &[u8], home: &str) -> Vec<String> {
    let begins = library.windows(home.len().max(1)).enumerate();
    let hits = begins.filter(|(_, window)| *window == home.as_bytes());
    let shown = hits.take(3).map(|(at, _)| {
        let end = library.len().min(at + 80);
        String::from_utf8_lossy(&library[at..end]).into_owned()
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::{ROLES, below, traces};

    #[test]
    fn a_folder_of_the_builder_is_found() {
        let library = b"..\0/users/ada/.cargo/registry/src/a.rs\0src/b.rs";
        assert_eq!(below(library, "/users/ada/").len(), 1);
        assert!(below(library, "/users/eve/").is_empty());
    }

    #[test]
    fn a_function_of_a_role_and_a_panic_in_it_are_found() {
        let lock = &ROLES[0];
        for library in [
            "..\0_ZN15keyway_protocol4lock5admit9Admission4next17h0123456789abcdefE\0",
            "..\0_RNvMNtNtCs1234_15keyway_protocol4lock5admitNtB2_9Admission4next\0",
            "..\0_ZN4core3ptr60drop_in_place$LT$keyway_protocol..lock..admit..Admission$GT$17h0E\0",
            "..\0core/protocol/src/lock/admit.rs\0",
        ] {
            assert_eq!(traces(library.as_bytes(), lock).len(), 1, "{library}");
        }
    }

    #[test]
    fn a_phones_own_names_are_not() {
        let library = "_ZN15keyway_protocol5phone6unlock\0keyway_app..lockout..options\0core/protocol/src/phone/unlock.rs\0\
            _ZN15keyway_platform5radio9bluetooth\0keyway_app..service..requests";
        for role in ROLES {
            assert!(traces(library.as_bytes(), role).is_empty(), "{}", role.name);
        }
    }

    /// The names are of modules that exist: one that moves takes its check along.
    #[test]
    fn each_name_is_that_of_a_file() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for role in ROLES {
            let files = role.needles.iter().filter(|name| name.contains('/'));
            for file in files {
                assert!(root.join(file).exists(), "{file}");
            }
        }
    }
}
