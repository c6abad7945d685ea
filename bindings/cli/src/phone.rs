//! Making the phone that a command runs on.

use crate::args::Arguments;
use crate::failure::Failure;
use crate::output::Output;
use crate::places::TerminalPlaces;
use crate::view;
use core::time::Duration;
use keyway_app::ports::{Notice, Observer};
use keyway_app::{App, Config};
use keyway_platform::assemble::{KeychainChoice, Options, Phone, RadioChoice, assemble_with};
use keyway_platform::building::Building;
use keyway_platform::no_lock_screen::NoLockScreen;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Notify;

/// Writes under way when a command ends have this long.
const GRACE: Duration = Duration::from_secs(3);

/// What the command line says of the phone.
pub(crate) struct SetUp {
    home: PathBuf,
    building: Building,
    keychain: KeychainChoice,
    radio: RadioChoice,
}

impl SetUp {
    pub(crate) fn from(arguments: &Arguments) -> Result<Self, Failure> {
        let home = arguments.home.clone().ok_or(Failure::NoHome)?;
        let file = arguments.building.as_ref().ok_or(Failure::NoBuilding)?;
        Ok(Self {
            home,
            building: Building::read(file).map_err(Failure::Building)?,
            keychain: keychain(arguments),
            radio: radio(arguments),
        })
    }

    /// The same phone in somebody else's hand: its keychain is out of reach.
    pub(crate) fn borrowed(self) -> Self {
        Self {
            keychain: KeychainChoice::Absent,
            ..self
        }
    }

    pub(crate) fn assemble(self, observer: Arc<dyn Observer>) -> Result<Phone, Failure> {
        let options = Options {
            home: self.home,
            building: self.building,
            keychain: self.keychain,
            // A terminal cannot ask for the owner of the machine it stands on.
            device: Arc::new(NoLockScreen),
            places: Arc::new(TerminalPlaces),
            observer,
        };
        Ok(assemble_with(options, self.radio)?)
    }
}

#[cfg(feature = "development-store")]
fn keychain(arguments: &Arguments) -> KeychainChoice {
    if arguments.development_keychain {
        KeychainChoice::Development
    } else {
        system_keychain()
    }
}

#[cfg(not(feature = "development-store"))]
fn keychain(_arguments: &Arguments) -> KeychainChoice {
    system_keychain()
}

#[cfg(feature = "bluetooth")]
fn radio(arguments: &Arguments) -> RadioChoice {
    if arguments.bluetooth {
        RadioChoice::Bluetooth
    } else {
        RadioChoice::Usual
    }
}

#[cfg(not(feature = "bluetooth"))]
fn radio(_arguments: &Arguments) -> RadioChoice {
    RadioChoice::Usual
}

fn system_keychain() -> KeychainChoice {
    KeychainChoice::Device
}

/// Runs one command on an own phone.
pub(crate) fn own(
    set_up: SetUp,
    output: &Output,
    command: impl AsyncFnOnce(&App) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let phone = set_up.assemble(Arc::new(Bell::default()))?;
    let app = App::new(phone.ports.clone(), Config::default());
    let result = phone.runtime.block_on(async {
        let started = app.start().await?;
        if let Some(report) = started.finished_wipe {
            output.line("An earlier sign-out had not finished. Now it ran again:");
            view::report(output, &report);
        }
        command(&app).await
    });
    drop(app);
    phone.shut_down(GRACE);
    result
}

/// Runs what needs nobody to be signed in: nothing on this phone is read, and nothing is kept.
pub(crate) fn nobodys(
    set_up: SetUp,
    command: impl AsyncFnOnce(&App) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let phone = set_up.borrowed().assemble(Arc::new(Bell::default()))?;
    let app = App::new(phone.ports.clone(), Config::default());
    let result = phone.runtime.block_on(command(&app));
    drop(app);
    phone.shut_down(GRACE);
    result
}

/// Rings when the core has signed out, whoever asked for it.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    signed_out: Notify,
}

impl Bell {
    /// Waits for the ring; one that came before counts.
    pub(crate) async fn signed_out(&self) {
        self.signed_out.notified().await;
    }
}

impl Observer for Bell {
    fn notice(&self, notice: Notice) {
        if matches!(notice, Notice::SignedOut { .. }) {
            self.signed_out.notify_one();
        }
    }
}
