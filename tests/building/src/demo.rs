//! The story: locked out, a neighbour's phone in hand. Told from real processes, and proven from what they leave behind.

use crate::canaries::Cast;
use crate::evidence;
use crate::fault::Fault;
use crate::narrate::Narrator;
use crate::phone::remote::RemotePhone;
use crate::phone::wire::{Door, Order, Said};
use crate::report::{Report, SignOut};
use crate::scan::{Canary, Findings};
use crate::serve::{Plan, Served};
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Options of `demo`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DemoOptions {
    /// JSON lines; the last one is the result
    #[arg(long)]
    json: bool,
    /// Leaves what the processes wrote in this folder, which must be new or empty
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// The phone logs everything a shell can log, at trace level, into `phone.log` beside its folder
    #[arg(long)]
    log: bool,
    /// Breaks one thing
    #[arg(long)]
    fault: Option<Fault>,
}

/// Plays the story; `false` when it did not end as it should.
pub(crate) fn run(options: &DemoOptions) -> Result<bool> {
    let temporary;
    let folder = match &options.keep {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            if std::fs::read_dir(folder)?.next().is_some() {
                bail!("{} is not empty", folder.display());
            }
            folder.canonicalize()?
        }
        None => {
            temporary = tempfile::Builder::new().prefix("keyway-demo-").tempdir()?;
            temporary.path().to_owned()
        }
    };
    let narrator = Narrator::new(options.json);
    let mut story = Story::begin(&folder, options, &narrator)?;
    story.play()?;
    let report = story.end()?;
    narrator.result(&serde_json::to_value(&report)?);
    Ok(options.fault.is_some() || report.is_what_was_promised())
}

struct Story<'a> {
    folder: PathBuf,
    fault: Option<Fault>,
    tell: &'a Narrator,
    cast: Cast,
    building: Served,
    phone: RemotePhone,
    /// What must not be found in the end.
    canaries: Vec<Canary>,
    /// Those that a phone must hold while the resident is signed in. It does not hold the password, and of tokens only the last.
    controls: BTreeSet<String>,
    report: Report,
}

impl<'a> Story<'a> {
    fn begin(folder: &Path, options: &DemoOptions, tell: &'a Narrator) -> Result<Self> {
        let fault = options.fault;
        tell.chapter("A building");
        let cast = Cast::random();
        let plan = Plan {
            property: cast.property(),
            mtu: 517,
            service_arguments: Fault::service_arguments(fault),
            lock_arguments: Fault::lock_arguments(fault),
        };
        let building = Served::start(&folder.join("building"), &plan)?;
        let locks = building.description.locks.len();
        tell.done(&format!(
            "a service with a database, over TLS, and {locks} locks without internet: {} processes",
            locks + 1
        ));
        let own = fault == Some(Fault::Keychain);
        let mut kind: Vec<OsString> = vec![
            if own {
                "--refusing-keychain"
            } else {
                "--borrowed"
            }
            .into(),
        ];
        if options.log {
            kind.extend(["--log".into(), folder.join("phone.log").into()]);
        }
        let phone = RemotePhone::start(&folder.join("phone"), &building.file(), kind)?;
        tell.done(if own {
            "the resident's own phone, with a keychain that refuses to erase"
        } else {
            "a neighbour's phone, another process"
        });
        Ok(Self {
            folder: folder.to_owned(),
            canaries: cast.canaries(),
            controls: Cast::HELD.map(str::to_owned).into(),
            fault,
            tell,
            cast,
            building,
            phone,
            report: Report {
                borrowed: !own,
                ..Report::default()
            },
        })
    }

    fn play(&mut self) -> Result<()> {
        let before = self.scan("scan-before")?;
        if !before.hits.is_empty() {
            bail!(
                "a canary was on the phone before anybody signed in: {:?}",
                before.hits
            );
        }
        self.tell.chapter("Locked out");
        if !self.sign_in()? {
            return Ok(());
        }
        let door = self.choose_door()?;
        if let Some(door) = &door {
            self.show_codes(door)?;
        }
        self.look_for_the_control()?;
        if let Some(door) = &door {
            self.tell.chapter("In");
            self.sync(door)?;
            self.unlock(door)?;
        }
        if self.fault == Some(Fault::ServiceDown) {
            self.building.kill_service()?;
            self.tell.failed("the service is down");
        }
        self.tell.chapter("Out");
        self.sign_out()?;
        self.look_for_leftovers()
    }

    /// A scan that finds nothing proves nothing unless it can find what is there.
    fn look_for_the_control(&mut self) -> Result<()> {
        let control = self.scan("scan-signed-in")?;
        let found = control.found();
        let missing: Vec<&str> = self
            .controls
            .iter()
            .map(String::as_str)
            .filter(|name| !found.contains(name))
            .collect();
        self.report.scan_control_found = missing.is_empty();
        self.tell.note(&format!(
            "control: the scan of the phone finds {} of {} things it must hold now, in {} MB of memory",
            self.controls.len() - missing.len(),
            self.controls.len(),
            control.memory_bytes / 1_000_000
        ));
        if !missing.is_empty() {
            self.tell
                .failed(&format!("not found: {}", missing.join(", ")));
        }
        Ok(())
    }

    fn sign_in(&mut self) -> Result<bool> {
        let order = Order::SignIn {
            email: self.cast.email.clone(),
            password: self.cast.password.clone(),
        };
        match self.order(&order)? {
            Said::SignedIn { name } => {
                self.report.signed_in = true;
                self.tell
                    .done(&format!("{name} signed in with e-mail and password"));
                Ok(true)
            }
            other => self.went_wrong(&other).map(|()| false),
        }
    }

    fn choose_door(&mut self) -> Result<Option<Door>> {
        let doors = match self.order(&Order::Doors)? {
            Said::Doors { doors } => doors,
            other => return self.went_wrong(&other).map(|()| None),
        };
        for door in &doors {
            let net = if door.connected {
                "has internet"
            } else {
                "has no internet"
            };
            self.tell.note(&format!(
                "{}: {net}, {} changes wait for a sync",
                door.name, door.pending
            ));
        }
        let flat = doors
            .into_iter()
            .find(|door| door.name == self.cast.flat_door);
        flat.context("the resident's own door is not in the list")
            .map(Some)
    }

    fn show_codes(&mut self, door: &Door) -> Result<()> {
        match self.order(&Order::Codes {
            door: door.uuid.clone(),
        })? {
            Said::Codes { codes } => {
                self.report.codes = codes.len();
                for code in codes {
                    let asked = if code.asked_twice {
                        ", shown after a second yes: reset it from your own phone later"
                    } else {
                        ""
                    };
                    self.tell.done(&format!(
                        "doorcode {} ({}, {}{asked})",
                        code.digits, code.kind, code.status
                    ));
                    let name = format!("doorcode {}", self.canaries.len());
                    self.canaries.push(Canary::text(&name, &code.digits));
                    self.controls.insert(name);
                }
                Ok(())
            }
            other => self.went_wrong(&other),
        }
    }

    fn sync(&mut self, door: &Door) -> Result<()> {
        match self.order(&Order::Sync {
            door: door.uuid.clone(),
        })? {
            Said::Synced {
                log_entries,
                receipt_verified,
                pending,
            } => {
                self.report.synced = true;
                self.report.receipt_verified = receipt_verified;
                self.report.log_entries_carried = log_entries;
                self.tell.done(&format!(
                    "synced {}: {log_entries} log entries carried out",
                    door.name
                ));
                if receipt_verified {
                    self.tell
                        .done("the service verified the lock's signature on the receipt");
                } else {
                    let waits = if pending {
                        "; it waits for network"
                    } else {
                        ""
                    };
                    self.tell.failed(&format!(
                        "the service did not verify the lock's receipt{waits}"
                    ));
                }
                Ok(())
            }
            other => self.went_wrong(&other),
        }
    }

    fn unlock(&mut self, door: &Door) -> Result<()> {
        match self.order(&Order::Unlock {
            door: door.uuid.clone(),
        })? {
            Said::Unlocked => {
                self.report.unlocked = true;
                self.tell
                    .done(&format!("{} is open, says the lock", door.name));
                Ok(())
            }
            Said::MayHaveUnlocked => {
                self.tell
                    .failed("the lock may have opened, and could not be asked");
                Ok(())
            }
            other => self.went_wrong(&other),
        }
    }

    fn sign_out(&mut self) -> Result<()> {
        match self.order(&Order::SignOut)? {
            Said::SignedOut {
                complete,
                server,
                places,
            } => {
                for line in places
                    .iter()
                    .filter(|line| line.result.starts_with("remains"))
                {
                    self.tell
                        .failed(&format!("{}: {}", line.place, line.result));
                }
                let gone = places.iter().filter(|line| line.result == "gone").count();
                self.tell.done(&format!("signed out: {} places read back, {gone} had held something; server session {server}", places.len()));
                self.report.sign_out = SignOut {
                    complete,
                    server,
                    places,
                };
                Ok(())
            }
            other => self.went_wrong(&other),
        }
    }

    fn look_for_leftovers(&mut self) -> Result<()> {
        let after = self.scan("scan-signed-out")?;
        self.report.leftovers = after.traces();
        if after.traces() == 0 {
            self.tell.done("another process scanned the phone's folder, temporary files and living memory: nothing is left");
        } else {
            for hit in &after.hits {
                self.tell.failed(&format!(
                    "left: {} ({}) in {}",
                    hit.canary, hit.encoding, hit.place
                ));
            }
            after
                .files
                .iter()
                .for_each(|file| self.tell.failed(&format!("left: {file}")));
        }
        Ok(())
    }

    /// Ends every process, so that what they know is on disk, and adds what only the lock and the air know.
    fn end(mut self) -> Result<Report> {
        self.phone.end();
        self.building.end();
        let seen = evidence::of_locks(&self.building.lock_folders)?;
        self.report.motor_moves = seen.motor_moves;
        self.report.round_trips_to_unlock = seen.round_trips_to_unlock;
        self.tell.note(&format!(
            "the lock's journal: {} motor move(s); the air's trace: {} round trip(s) to the motor",
            seen.motor_moves, seen.round_trips_to_unlock
        ));
        Ok(self.report)
    }

    fn scan(&self, name: &str) -> Result<Findings> {
        let mut canaries = self.canaries.clone();
        canaries.extend(self.building.issued()?);
        self.phone
            .scan(&canaries, &self.folder.join(format!("{name}.json")))
    }

    fn order(&mut self, order: &Order) -> Result<Said> {
        let tell = self.tell;
        self.phone.order(order, &mut |phase| tell.note(phase))
    }

    fn went_wrong(&self, said: &Said) -> Result<()> {
        match said {
            Said::Failed { text, .. } => self.tell.failed(text),
            other => bail!("the phone answered something else: {other:?}"),
        }
        Ok(())
    }
}
