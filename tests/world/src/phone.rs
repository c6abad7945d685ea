//! One phone in the world: stores that outlive a process, and the process that runs now.

use crate::executor::{Executor, Process};
use crate::network::Network;
use crate::radio::StreetRadio;
use crate::time::PhoneClock;
use keyway_app::ports::{Entropy, EntropyError, Notice, Observer, Ports};
use keyway_app::testing::{self, FakeFiles, FakeKeychain, FakeKeys, FakeOwner, FakeShell, Stores};
use keyway_app::{App, Config};
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex, PoisonError};

/// One phone.
pub struct Phone {
    /// Its clocks.
    pub clock: PhoneClock,
    /// Its way to the service.
    pub network: Network,
    /// What survives a restart.
    pub stores: Arc<Stores>,
    /// Who stands in front of it.
    pub owner: Arc<FakeOwner>,
    radio: StreetRadio,
    entropy: Arc<Seeded>,
    process: Option<Process>,
}

impl Phone {
    /// A new phone with nothing on it.
    #[must_use]
    pub fn new(clock: PhoneClock, network: Network, radio: StreetRadio, seed: u64) -> Self {
        let stores = Arc::<Stores>::default();
        stores.content().seed = seed;
        Self {
            clock,
            network,
            stores,
            owner: Arc::default(),
            radio,
            entropy: Arc::new(Seeded(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))),
            process: None,
        }
    }

    /// A new process of the app; what ran before is killed.
    pub fn start(&mut self, executor: &Executor) -> App {
        self.kill();
        let process = Process::default();
        let stores = testing::Process::new(Arc::clone(&self.stores), Arc::default());
        let ports = Ports {
            clock: Arc::new(self.clock.clone()),
            entropy: self.entropy.clone(),
            spawn: Arc::new(executor.spawner(process.clone())),
            http: Arc::new(self.network.clone()),
            keychain: Arc::new(FakeKeychain(stores.clone())),
            files: Arc::new(FakeFiles(stores.clone())),
            keys: Arc::new(FakeKeys::new(stores.clone())),
            places: Arc::new(FakeShell(stores)),
            device: self.owner.clone(),
            radio: Arc::new(self.radio.clone()),
            observer: Arc::new(Deaf),
        };
        self.process = Some(process);
        App::new(ports, Config::default())
    }

    /// The system kills the app, or the battery is empty.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }
}

struct Seeded(Mutex<ChaCha20Rng>);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.fill_bytes(buffer);
        Ok(())
    }
}

struct Deaf;

impl Observer for Deaf {
    fn notice(&self, _notice: Notice) {}
}
