//! The role `lock`: a lock as a process, with its flash, its clock, its keypad, and the air at its end. One thread is the lock; others only wait for bytes.

pub(crate) mod hands;
mod intake;
mod radio;

use crate::children::announce;
use crate::evidence::{JOURNAL, TRACE};
use crate::serve::LockReady;
use anyhow::{Context as _, Result, anyhow};
use hands::{Change, Heard};
use intake::{Event, Intake};
use keyway_air::{Advertising, Air, TraceLine};
use keyway_lock::{Battery, Bolt, FlashChip, Hardware, KeyChip, Noise, PoweredLock, workshop};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::provision::Provision;
use radio::Radios;
use rand::Rng as _;
use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// What the factory puts into a lock's folder; gone once the lock has read it.
pub(crate) const PROVISION: &str = "provision";
const FLASH: &str = "flash";
const KEYS: &str = "keys";

/// What a lock's process is told on its command line.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LockOptions {
    /// The lock's folder
    #[arg(long)]
    dir: PathBuf,
    /// The MTU it offers, bytes
    #[arg(long, default_value_t = 517)]
    mtu: u16,
    /// Every link breaks when the motor first starts
    #[arg(long)]
    cut_after_motor: bool,
    /// Nothing that the lock says reaches a phone
    #[arg(long)]
    silent: bool,
    /// Neither air nor motor take their time: for whoever tries thousands of times
    #[arg(long)]
    hurried: bool,
}

/// Milliseconds between the advertisements of a hurried lock, and for its bolt to move.
const HURRIED: u64 = 4;

/// Is a lock until standard input ends.
pub(crate) fn run(options: &LockOptions) -> Result<()> {
    let air = TcpListener::bind("127.0.0.1:0")?;
    let keypad = TcpListener::bind("127.0.0.1:0")?;
    let ready = LockReady {
        air: air.local_addr()?.to_string(),
        keypad: keypad.local_addr()?.to_string(),
    };
    let intake = Intake::open(air, keypad);
    let mut site = Site::open(options)?;
    announce(&ready)?;
    site.serve(&intake)
}

/// A lock, the air before it, and the files both write.
struct Site {
    begun: Instant,
    lock: PoweredLock,
    radios: Radios,
    journal: File,
    trace: File,
    cut_at_next_move: bool,
    /// Starts of the motor so far.
    moves: u64,
    /// Who typed and waits for what the lock does.
    typist: Option<Sender<Heard>>,
}

impl Site {
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock's process has a clock: this is where it begins to count"
    )]
    fn open(options: &LockOptions) -> Result<Self> {
        let mut hardware = hardware(&options.dir)?;
        let mut advertising = Advertising::default();
        let mut interval = Air::default().interval;
        if options.hurried {
            hardware.bolt = Bolt::with_travel(HURRIED);
            advertising.interval = HURRIED;
            interval = 0;
        }
        let mut lock = PoweredLock::dark(hardware);
        lock.power_on(&fresh_seed(), 0)
            .map_err(|fault| anyhow!("the lock does not boot: {fault:?}"))?;
        let air = Air {
            mtu: options.mtu,
            interval,
            ..Air::default()
        };
        let file = |name: &str| {
            let path = options.dir.join(name);
            File::options().create(true).append(true).open(path)
        };
        Ok(Self {
            begun: Instant::now(),
            lock,
            radios: Radios::new(air, advertising, rand::rng().random(), options.silent),
            journal: file(JOURNAL)?,
            trace: file(TRACE)?,
            cut_at_next_move: options.cut_after_motor,
            moves: 0,
            typist: None,
        })
    }

    fn serve(&mut self, intake: &Intake) -> Result<()> {
        loop {
            let now = self.now();
            self.lock.tick(now);
            self.settle(now)?;
            match intake.next(self.pause(now)) {
                None => {}
                Some(Event::Ended) => return Ok(()),
                Some(event) => self.take(event)?,
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<()> {
        let now = self.now();
        match event {
            Event::Arrived(phone, pipe) => self.radios.arrive(phone, pipe),
            Event::Asked(phone, operation) => self.radios.hear(phone, operation, now),
            Event::Left(phone) => self.radios.leave(phone, &mut self.lock, now),
            Event::Typed(digits, answer) => {
                self.typist = Some(answer);
                self.lock.type_code(&digits, now);
            }
            Event::Changed(change, answer) => {
                self.change(&change, now)?;
                let _gone = answer.send(Heard::Stands {
                    motor_moves: self.moves,
                    operations: self.radios.operations(),
                });
            }
            Event::Ended => {}
        }
        Ok(())
    }

    /// Does what hands at the door could.
    fn change(&mut self, change: &Change, now: u64) -> Result<()> {
        match change.power {
            Some(true) => self
                .lock
                .power_on(&fresh_seed(), now)
                .map_err(|fault| anyhow!("the lock does not boot: {fault:?}"))?,
            Some(false) => {
                self.lock.power_cut();
                self.radios.cut(now);
            }
            None => {}
        }
        if let Some(in_range) = change.in_range {
            self.radios.set_in_range(in_range, now);
        }
        let Some(body) = self.lock.hardware_mut() else {
            return Ok(());
        };
        if let Some(thrown) = change.deadbolt {
            body.deadbolt_thrown = thrown;
        }
        if let Some(jammed) = change.jammed {
            body.bolt.set_jammed(jammed);
        }
        if let Some(percent) = change.battery {
            body.battery = Battery::at(percent);
        }
        Ok(())
    }

    /// Goes round until neither the lock nor the air has anything more to do at this moment.
    fn settle(&mut self, now: u64) -> Result<()> {
        loop {
            let noisy = self.listen(now)?;
            let moved = self.radios.run(&mut self.lock, now);
            for line in self.radios.take_trace() {
                writeln!(self.trace, "{}", TraceLine::to_json(&line))?;
            }
            if !moved && !noisy {
                return Ok(());
            }
        }
    }

    /// What can be heard at the door: each start of the motor is a line of the journal, on disk before the lock's answer is in the air.
    fn listen(&mut self, now: u64) -> Result<bool> {
        let mut noisy = false;
        while let Some(noise) = self.lock.poll_noise() {
            noisy = true;
            let told = match noise {
                Noise::Motor(line) if line.result == "started" => {
                    writeln!(self.journal, "{}", serde_json::to_string(&line)?)?;
                    self.journal.sync_data()?;
                    self.moves += 1;
                    if std::mem::take(&mut self.cut_at_next_move) {
                        self.radios.cut(now);
                    }
                    None
                }
                Noise::Motor(line) if line.result == "withdrawn" => Some(Heard::Open),
                Noise::Motor(_) => Some(Heard::Stuck),
                Noise::Refused(error) => Some(Heard::Refused(format!("{:?}", error.code))),
            };
            if let Some(heard) = told
                && let Some(typist) = self.typist.take()
            {
                let _gone = typist.send(heard);
            }
        }
        Ok(noisy)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn pause(&self, now: u64) -> Duration {
        let due = [self.lock.next_event(), self.radios.next_event()];
        let next = due.into_iter().flatten().min();
        let wait = next.map_or(1_000, |at| at.saturating_sub(now).clamp(1, 1_000));
        Duration::from_millis(wait)
    }
}

/// The body: from the workshop the first time, as the last power cut left it ever after.
fn hardware(folder: &Path) -> Result<Hardware> {
    let flash = FlashChip::open(&folder.join(FLASH))?;
    let provision_file = folder.join(PROVISION);
    let keys_file = folder.join(KEYS);
    if !provision_file.exists() {
        let keys = KeyChip::open(&keys_file).context("a lock that was never in the workshop")?;
        return Ok(Hardware::new(flash, keys));
    }
    let provision = Provision::decode(&std::fs::read(&provision_file)?)
        .map_err(|error| anyhow!("the provision cannot be read: {error:?}"))?;
    let mut hardware = workshop(&provision, flash, &fresh_seed())
        .map_err(|fault| anyhow!("the workshop failed: {fault:?}"))?;
    hardware.keys.keep_in(&keys_file)?;
    std::fs::remove_file(provision_file)?;
    Ok(hardware)
}

fn fresh_seed() -> Secret32 {
    Secret32::new(rand::rng().random())
}
