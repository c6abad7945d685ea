//! One building: its service, the locks on its doors, and the phones of whoever stands before them.

use crate::executor::Executor;
use crate::network::{Network, ORIGIN, Weather};
use crate::phone::Phone;
use crate::site::Site;
use crate::street::Street;
use crate::time::{PhoneClock, START, ServiceClock, VirtualTime};
use core::future::Future;
use keyway_air::Air;
use keyway_service::{
    Demo, DemoPerson, OpenError, PasswordCost, Problem, Seeded, SeededDoor, SeededEntropy, Service,
    Settings, router,
};
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// Why a building could not be put up.
#[derive(Debug)]
pub enum Unbuilt {
    /// No temporary folder for the database.
    Folder(std::io::Error),
    /// The service does not open.
    Service(OpenError),
    /// The service refuses to be furnished.
    Furniture(Problem),
    /// A lock does not come up.
    Lock(keyway_protocol::lock::BootFault),
}

/// One building on one virtual clock. Everything in it runs inside [`Building::run`].
pub struct Building {
    /// The property service, for what the office does.
    pub service: Service,
    /// What was made when it was furnished.
    pub seeded: Seeded,
    /// The street in front of it.
    pub street: Street,
    executor: Executor,
    sites: Vec<Site>,
    people: Vec<DemoPerson>,
    phones: BTreeMap<String, Phone>,
    weather: Weather,
    seed: u64,
    _folder: TempDir,
}

impl Building {
    /// Elm Court, with the doors and people of [`Demo::elm_court`]; everything random in it comes from `seed`.
    ///
    /// # Errors
    /// [`Unbuilt`].
    pub fn new(seed: u64) -> Result<Self, Unbuilt> {
        let executor = Executor::default();
        let time = executor.time.clone();
        let folder = tempfile::tempdir().map_err(Unbuilt::Folder)?;
        let settings = Settings {
            // What a hash costs is the service's own matter; here it would only burn time.
            password_cost: PasswordCost::FOR_TESTS,
            ..Settings::new(ORIGIN)
        };
        let service = Service::open(
            folder.path(),
            settings,
            Arc::new(ServiceClock(time.clone())),
            Arc::new(SeededEntropy::new(seed)),
        )
        .map_err(Unbuilt::Service)?;
        let demo = Demo::elm_court();
        let seeded = service.seed(&demo).map_err(Unbuilt::Furniture)?;
        let mut building = Self {
            street: Street::new(time, seed),
            service,
            executor,
            sites: Vec::new(),
            people: demo.people,
            phones: BTreeMap::new(),
            weather: Weather::Fair,
            seed,
            _folder: folder,
            seeded,
        };
        for door in building.seeded.doors.clone() {
            building.mount(&door)?;
        }
        Ok(building)
    }

    fn mount(&mut self, door: &SeededDoor) -> Result<(), Unbuilt> {
        let provision = self
            .service
            .provision(door.uuid)
            .map_err(Unbuilt::Furniture)?;
        let mut chance =
            ChaCha20Rng::seed_from_u64(self.seed ^ (self.sites.len() as u64 + 1) << 32);
        let mut seed = [0; 31];
        chance.fill_bytes(&mut seed);
        let site = Site::mount(&provision, seed, self.time().now()).map_err(Unbuilt::Lock)?;
        self.street
            .add(&door.name, Box::new(site.clone()), Air::default());
        self.sites.push(site);
        Ok(())
    }

    /// The only clock.
    #[must_use]
    pub fn time(&self) -> &VirtualTime {
        &self.executor.time
    }

    /// The service's time, milliseconds since 1970.
    #[must_use]
    pub fn service_time(&self) -> i64 {
        START + i64::try_from(self.time().now()).unwrap_or(i64::MAX)
    }

    /// The only thread.
    #[must_use]
    pub fn executor(&self) -> Executor {
        self.executor.clone()
    }

    /// Runs `work` to its end, with everything else that goes on meanwhile.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.executor.run(&mut self.street.clone(), work)
    }

    /// Lets time pass, with everything that happens in it.
    pub fn pass(&self, milliseconds: u64) {
        self.executor.pass(&mut self.street.clone(), milliseconds);
    }

    /// The phone of this name; a new one the first time.
    pub fn phone(&mut self, name: &str) -> &mut Phone {
        let seed = self.seed ^ (self.phones.len() as u64 + 1) << 8;
        let time = self.executor.time.clone();
        let (service, street, weather) = (&self.service, &self.street, self.weather);
        self.phones.entry(name.to_owned()).or_insert_with(|| {
            let network = Network::new(router(service.clone()), time.clone());
            network.set_weather(weather);
            Phone::new(PhoneClock::new(time), network, street.radio(), seed)
        })
    }

    /// A new process of the app on this phone; what ran there before is killed.
    pub fn start(&mut self, phone: &str) -> keyway_app::App {
        let executor = self.executor.clone();
        self.phone(phone).start(&executor)
    }

    /// Changes the weather for every phone.
    pub fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
        for phone in self.phones.values() {
            phone.network.set_weather(weather);
        }
    }

    /// The number of a door, by name.
    #[must_use]
    pub fn door(&self, name: &str) -> Option<usize> {
        self.seeded.doors.iter().position(|door| door.name == name)
    }

    /// The lock on a door.
    #[must_use]
    pub fn site(&self, door: usize) -> Site {
        self.sites[door].clone()
    }

    /// A person of the building: `resident`, `partner`, `guest`, `inactive`.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<(&DemoPerson, Uuid)> {
        let index = ["resident", "partner", "guest", "inactive"]
            .iter()
            .position(|known| *known == name)?;
        Some((self.people.get(index)?, *self.seeded.accounts.get(index)?))
    }
}
