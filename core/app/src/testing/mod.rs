//! A phone and a service in memory, on a virtual clock and one thread: what the core's own tests run in. With feature `testing` the
//! stores are there for other crates' tests.
//!
//! Every answer of a port is one *step*. A phone can be killed after any step; what its stores held then is what the next start finds.

#[cfg(test)]
pub(crate) mod air;
#[cfg(test)]
pub(crate) mod doorway;
#[cfg(test)]
mod keeper;
mod owner;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod service;
mod shell;
mod stores;
#[cfg(test)]
mod time;

pub use owner::FakeOwner;
#[cfg(test)]
pub(crate) use phone::Phone;
#[cfg(test)]
pub(crate) use service::{EMAIL, PASSWORD, Weather};
pub use shell::{FakeShell, Held};
pub use stores::{Content, FakeFiles, FakeKeychain, FakeKeys, Process, Steps, Stores};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::conformance;
    use std::sync::Arc;

    /// The fakes keep the real ports' contract; otherwise what is tested on them says nothing.
    #[test]
    fn the_stores_in_memory_conform() {
        let phone = Phone::new();
        let stores = Arc::clone(&phone.stores);
        let process = || Process::new(Arc::clone(&stores), Arc::default());
        let keychain = conformance::keychain(|| Arc::new(FakeKeychain(process())));
        phone.run(keychain).unwrap();
        phone
            .run(conformance::files(|| Arc::new(FakeFiles(process()))))
            .unwrap();
        phone
            .run(conformance::keys(|| Arc::new(FakeKeys::new(process()))))
            .unwrap();
        let shell = FakeShell(process());
        phone.run(conformance::shell(&shell)).unwrap();
        phone.run(conformance::clock(&*phone.clock)).unwrap();
        conformance::entropy(&*phone.ports.entropy);
        assert!(stores.is_empty());
    }
}
