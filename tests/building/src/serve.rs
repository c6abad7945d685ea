//! A building as processes: one service, and one process for each lock.

use crate::children::{Child, READY};
use crate::description::{Account, Description, FILE, LockAddress, ServiceAddress};
use crate::post::Post;
use crate::roles::ISSUED;
use crate::scan::Canary;
use crate::way::Way;
use anyhow::{Context as _, Result};
use keyway_service::{Demo, OutgoingMessage, Recipient};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The service's folder below the building's.
pub(crate) const SERVICE: &str = "service";
/// The locks' folders, below the building's.
pub(crate) const LOCKS: &str = "locks";

/// What the service says once it serves.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ServiceReady {
    /// Where phones reach it.
    pub(crate) service: ServiceAddress,
    /// Where it listens itself, `address:port`.
    pub(crate) listens: String,
    /// Who may sign in.
    pub(crate) accounts: Vec<Account>,
    /// The locks it has provisioned; each one's folder holds what the factory put in.
    pub(crate) locks: Vec<ProvisionedLock>,
}

/// A lock that the service knows, before its process runs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProvisionedLock {
    /// The door it is on.
    pub(crate) door_uuid: String,
    /// Its identity, hexadecimal.
    pub(crate) lock_id: String,
    /// The door's name.
    pub(crate) name: String,
    /// The lock's folder, below the building's.
    pub(crate) folder: PathBuf,
}

/// What a lock says once it advertises.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LockReady {
    /// Its end of the air.
    pub(crate) air: String,
    /// Its keypad.
    pub(crate) keypad: String,
}

/// How a building is served.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Doors and people.
    pub(crate) property: Demo,
    /// The MTU that locks offer, bytes.
    pub(crate) mtu: u16,
    /// More arguments of the service's role.
    pub(crate) service_arguments: Vec<OsString>,
    /// More arguments of each lock's role.
    pub(crate) lock_arguments: Vec<OsString>,
}

/// A building that runs. Dropping it ends its processes.
pub(crate) struct Served {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// What a phone needs to know.
    pub(crate) description: Description,
    /// Where each lock keeps its files.
    pub(crate) lock_folders: Vec<PathBuf>,
    /// What the service sent.
    pub(crate) post: Arc<Post>,
    /// How phones reach the service.
    pub(crate) way: Way,
    service: Child,
    locks: Vec<Child>,
}

impl Served {
    /// Starts the service in `folder`, then its locks, and writes `building.json` once all are ready.
    pub(crate) fn start(folder: &Path, plan: &Plan) -> Result<Self> {
        Self::start_with(folder, plan, |_| {})
    }

    /// The same, and `shown` sees each message that the service sends.
    pub(crate) fn start_with(
        folder: &Path,
        plan: &Plan,
        shown: impl Fn(&OutgoingMessage) + Clone + Send + Sync + 'static,
    ) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let folder = folder.canonicalize()?;
        let _old = std::fs::remove_file(folder.join(FILE));
        let post = Arc::new(Post::open(shown)?);
        let mut way = Way::open()?;
        let (service, ready) = start_service(&folder, plan, &post, &way)?;
        way.lead_to(ready.listens.parse()?)?;
        let mut locks = Vec::new();
        let mut addresses = Vec::new();
        let mut lock_folders = Vec::new();
        for lock in ready.locks {
            let lock_folder = folder.join(&lock.folder);
            let (child, address) = start_lock(&lock_folder, lock, plan)?;
            locks.push(child);
            addresses.push(address);
            lock_folders.push(lock_folder);
        }
        let description = Description {
            service: ready.service,
            locks: addresses,
            accounts: ready.accounts,
        };
        description.write(&folder)?;
        Ok(Self {
            folder,
            description,
            lock_folders,
            post,
            way,
            service,
            locks,
        })
    }

    /// The file that phones are given.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Every token that the service gave out so far.
    pub(crate) fn issued(&self) -> Result<Vec<Canary>> {
        let text = std::fs::read_to_string(self.folder.join(ISSUED)).unwrap_or_default();
        let canary = |line: &str| -> Result<Canary> {
            let (name, value): (String, String) = serde_json::from_str(line)?;
            Ok(Canary::text(&name, &value))
        };
        text.lines().map(canary).collect()
    }

    /// The service vanishes without a farewell.
    pub(crate) fn kill_service(&mut self) -> Result<()> {
        self.service.kill()
    }

    /// Ends every process in order, so that all they know is on disk.
    pub(crate) fn end(&mut self) {
        self.locks.iter_mut().for_each(Child::end);
        self.service.end();
    }
}

fn start_service(
    folder: &Path,
    plan: &Plan,
    post: &Post,
    way: &Way,
) -> Result<(Child, ServiceReady)> {
    let mut arguments: Vec<OsString> = vec!["service".into(), "--dir".into(), folder.into()];
    let origin = format!("https://{}", way.address());
    arguments.extend(["--origin".into(), origin.into()]);
    for (name, address) in post.addresses() {
        arguments.extend([name.into(), address.to_string().into()]);
    }
    arguments.extend(plan.service_arguments.iter().cloned());
    let mut child = Child::start("the service", arguments, |_| {})?;
    child.send(&serde_json::to_string(&plan.property)?)?;
    let ready = child.receive(READY)?;
    Ok((child, ready))
}

fn start_lock(folder: &Path, lock: ProvisionedLock, plan: &Plan) -> Result<(Child, LockAddress)> {
    let mut arguments: Vec<OsString> = vec!["lock".into(), "--dir".into(), folder.into()];
    arguments.extend(plan.lock_arguments.iter().cloned());
    let child = Child::start(&format!("the lock of {}", lock.name), arguments, |_| {})?;
    let ready: LockReady = child.receive(READY)?;
    let address = LockAddress {
        door_uuid: lock.door_uuid,
        lock_id: lock.lock_id,
        name: lock.name,
        air: ready.air,
        mtu: plan.mtu,
        keypad: ready.keypad,
    };
    Ok((child, address))
}

/// Options of `serve`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServeOptions {
    /// The building's folder; a building is new each time it is served
    #[arg(long, default_value = "target/building")]
    dir: PathBuf,
    /// The MTU that locks offer, 23 to 517 bytes
    #[arg(long, default_value_t = 517, value_parser = clap::value_parser!(u16).range(23..=517))]
    mtu: u16,
    /// Grants end after so many seconds at the latest, to see a lease end
    #[arg(long, value_name = "SECONDS")]
    lease: Option<u32>,
}

/// Serves until the process is told to stop; its children end with it.
pub(crate) fn run(options: &ServeOptions) -> Result<()> {
    for old in [SERVICE, LOCKS] {
        let folder = options.dir.join(old);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
    }
    let plan = Plan {
        property: Demo::elm_court(),
        mtu: options.mtu,
        service_arguments: lease(options.lease),
        lock_arguments: Vec::new(),
    };
    let mut served = Served::start_with(&options.dir, &plan, show)?;
    served.introduce()?;
    wait_for_the_end()?;
    served.end();
    Ok(())
}

/// A message, as its recipient would see it.
fn show(message: &OutgoingMessage) {
    let (kind, to) = match &message.to {
        Recipient::Email(address) => ("mail", address),
        Recipient::Phone(number) => ("text", number),
    };
    let text = message.text.trim_end().replace('\n', "\n  | ");
    let shown = format!("\n{kind} for {to}: {}\n  | {text}", message.subject);
    let _closed = writeln!(std::io::stdout(), "{shown}");
}

fn lease(seconds: Option<u32>) -> Vec<OsString> {
    let argument = |seconds: u32| ["--lease".into(), seconds.to_string().into()];
    seconds.map(argument).into_iter().flatten().collect()
}

/// Ctrl-C and a polite kill end a building in order; anything harder ends it too, since each child watches its input.
fn wait_for_the_end() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

impl Served {
    /// What a person needs who opens another terminal.
    fn introduce(&self) -> Result<()> {
        let mut out = std::io::stdout().lock();
        let file = self.file();
        let shown = std::env::current_dir()
            .ok()
            .and_then(|here| file.strip_prefix(here).ok().map(Path::to_owned))
            .unwrap_or(file);
        writeln!(out, "The building is served. In another terminal:\n")?;
        writeln!(
            out,
            "  cargo keyway --home target/phone --building {} --development-keychain sign-in\n",
            shown.display()
        )?;
        for account in &self.description.accounts {
            writeln!(
                out,
                "  {:9} {}  {}  {}",
                account.role, account.email, account.password, account.name
            )?;
        }
        writeln!(out)?;
        for lock in &self.description.locks {
            writeln!(out, "  door      {}  ({})", lock.name, lock.door_uuid)?;
        }
        writeln!(out, "\nCtrl-C ends it.")?;
        Ok(())
    }
}
