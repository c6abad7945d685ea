//! The role `phone`: the core on real ports with the loopback radio, driven by lines on standard input. It has no journey of its own.
//!
//! A borrowed phone keeps everything in memory; an own phone has the development keychain in its folder, or one that refuses to erase (a fault of the demo).

mod journeys;
mod lines;
mod refusing;
pub(crate) mod remote;
pub(crate) mod wire;

use anyhow::{Context as _, Result};
use keyway_app::account::{PlaceResult, ServerEnd, SignOutReport, WhosePhone};
use keyway_app::ports::{Notice, Observer};
use keyway_app::secret::SecretString;
use keyway_app::{App, Change, Config, Error, Language};
use keyway_cli::TerminalPlaces;
use keyway_platform::assemble::{KeychainChoice, Options, Phone, RadioChoice, assemble};
use keyway_platform::building::Building;
use keyway_platform::log::directives;
use keyway_platform::no_lock_screen::NoLockScreen;
use lines::{Answers, Orders};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wire::{Order, Said};

/// Stands in the log of a phone that logs, so that a log that was not written cannot pass for one without secrets.
pub(crate) const LOG_CONTROL: &str = "a control that the log must hold";

/// What tells one phone from another.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct PhoneOptions {
    /// The served building's file
    #[arg(long)]
    building: PathBuf,
    /// The phone's folder
    #[arg(long)]
    home: PathBuf,
    /// Somebody else's phone: nothing is stored
    #[arg(long)]
    borrowed: bool,
    /// The keychain refuses to erase (own phone)
    #[arg(long, conflicts_with = "borrowed")]
    refusing_keychain: bool,
    /// It uses this machine's Bluetooth, not the building's air
    #[arg(long)]
    bluetooth: bool,
    /// Everything that a shell could log, at trace level, goes to this file
    #[arg(long)]
    log: Option<PathBuf>,
}

/// Plays a phone until its input ends.
pub(crate) fn run(options: &PhoneOptions) -> Result<()> {
    if let Some(file) = &options.log {
        trace_to(file)?;
    }
    let parts = Options {
        home: options.home.clone(),
        building: Building::read(&options.building).context("the building's file")?,
        keychain: keychain(options),
        radio: if options.bluetooth {
            RadioChoice::Bluetooth
        } else {
            RadioChoice::Usual
        },
        device: Arc::new(NoLockScreen),
        places: Arc::new(TerminalPlaces),
        observer: Arc::new(Silent),
    };
    let phone = assemble(parts)?;
    let app = App::new(phone.ports.clone(), Config::default());
    let mut shell = Shell {
        answers: Answers::open()?,
        whose: if options.borrowed {
            WhosePhone::Borrowed
        } else {
            WhosePhone::Own
        },
        app,
        phone,
    };
    shell.serve()?;
    let Shell { app, phone, .. } = shell;
    drop(app);
    phone.shut_down(Duration::from_secs(1));
    Ok(())
}

fn keychain(options: &PhoneOptions) -> KeychainChoice {
    if options.borrowed {
        KeychainChoice::Absent
    } else if options.refusing_keychain {
        KeychainChoice::Given(Arc::new(refusing::RefusingKeychain::default()))
    } else {
        KeychainChoice::Development
    }
}

/// Logs as a shell does, at the level that says most. The first line is the control of whoever reads the log.
fn trace_to(file: &Path) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(directives("trace"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Mutex::new(File::create(file)?))
        .with_ansi(false)
        .init();
    tracing::trace!("{LOG_CONTROL}");
    Ok(())
}

struct Silent;

impl Observer for Silent {
    fn notice(&self, _notice: Notice) {}
}

struct Shell {
    answers: Answers,
    whose: WhosePhone,
    app: App,
    phone: Phone,
}

impl Shell {
    fn serve(&mut self) -> Result<()> {
        let mut orders = Orders::open()?;
        let started = self.phone.runtime.block_on(self.app.start());
        let answer = started.map(|_| Said::Ready);
        self.answer(answer);
        while let Some(line) = orders.next()? {
            let order = serde_json::from_slice(&line).context("an order")?;
            let answer = self.obey(order);
            self.answer(answer);
        }
        Ok(())
    }

    fn answer(&mut self, answer: Result<Said, Error>) {
        self.answers.say(&answer.unwrap_or_else(failed));
    }

    fn obey(&mut self, order: Order) -> Result<Said, Error> {
        match order {
            Order::SignIn { email, password } => self.sign_in(email, password),
            Order::SignOut => self.sign_out(),
            Order::LockScreen => {
                self.app.surroundings_changed(Change::PhoneLocked);
                Ok(Said::Noted)
            }
            Order::Doors => self.doors(),
            Order::Codes { door } => self.codes(&door),
            Order::Sync { door } => self.sync(&door),
            Order::Unlock { door } => self.unlock(&door),
        }
    }

    fn sign_in(&mut self, email: String, password: String) -> Result<Said, Error> {
        let password = SecretString::new(password);
        let signing_in = self.app.sign_in(email, password, self.whose);
        let status = self.phone.runtime.block_on(signing_in)?;
        let name = status.resident.map(|resident| resident.name);
        Ok(Said::SignedIn {
            name: name.unwrap_or_default(),
        })
    }

    fn sign_out(&mut self) -> Result<Said, Error> {
        let report = self.phone.runtime.block_on(self.app.sign_out())?;
        Ok(signed_out(&report))
    }
}

fn failed(error: Error) -> Said {
    let advice = error.text(Language::English);
    Said::Failed {
        error: format!("{error:?}"),
        text: format!("{} {} {}", advice.happened, advice.action, advice.fallback),
    }
}

fn signed_out(report: &SignOutReport) -> Said {
    let result = |result: &PlaceResult| match result {
        PlaceResult::Gone => "gone".to_owned(),
        PlaceResult::WasEmpty => "was empty".to_owned(),
        PlaceResult::Remains(why) => format!("remains: {}; {}", why.why(), why.action()),
        PlaceResult::NotUsed { guard } => format!("not used (test {guard})"),
    };
    let places = report.places.iter().map(|line| crate::report::Place {
        place: line.place.name().to_owned(),
        result: result(&line.result),
    });
    let server = match report.server {
        ServerEnd::Ended => "ended",
        ServerEnd::NoSession => "no session",
        ServerEnd::EndedByService => "ended by the service",
        ServerEnd::NotTold { .. } => "not told",
    };
    Said::SignedOut {
        complete: report.complete,
        server: server.to_owned(),
        places: places.collect(),
    }
}
