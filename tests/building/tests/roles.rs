//! The control of a check that phones' libraries pass: what must not be in them is found where it is.

use keyway_xtask::phones::roles::{ROLES, traces};

/// The building is lock, service, loopback air and development keychain in one program.
#[test]
fn what_a_phone_must_not_have_is_found_in_the_building() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_keyway-building")).expect("it was built");
    for role in ROLES {
        let found = traces(&program, role);
        // By a function's path and by a source file's name: one of them could go with a compiler's habits.
        let paths = found.iter().filter(|name| !name.contains('/')).count();
        assert!(paths > 0 && found.len() > paths, "{}: {found:?}", role.name);
    }
}
