//! Every scenario that needs no more than real time, against a served building, over HTTPS and loopback air, on phones of real parts: a test
//! for each, named after its file.

#![expect(
    clippy::expect_used,
    reason = "a helper of a test fails as a test does"
)]

mod support;

use keyway_app::ports::{BoxFuture, Notice, Observer};
use keyway_app::{App, Config};
use keyway_cli::TerminalPlaces;
use keyway_journeys::{Scenario, Stage, TimeKind, run};
use keyway_platform::assemble::{KeychainChoice, Options, Phone, RadioChoice, assemble};
use keyway_platform::building::Building;
use keyway_platform::no_lock_screen::NoLockScreen;
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use support::Role;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Scenarios at once: each waits for air and bolts most of the time.
const AT_ONCE: usize = 4;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    if arguments.list {
        return libtest_mimic::run(&arguments, trials("")).exit_code();
    }
    let mut role = Role::start(&["stage"]);
    let ready = role.hear();
    let stage = ready["stage"].as_str().expect("an address");
    libtest_mimic::run(&arguments, trials(stage)).exit_code()
}

fn trials(stage: &str) -> Vec<Trial> {
    let scenarios = keyway_journeys::all().expect("scenario files");
    let real = scenarios
        .into_iter()
        .filter(|scenario| scenario.time == TimeKind::Real);
    let trial = |scenario: Scenario| {
        let stage = stage.to_owned();
        Trial::test(scenario.name.clone(), move || Ok(play(&scenario, &stage)?))
    };
    real.map(trial).collect()
}

fn play(scenario: &Scenario, stage: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let mut served = runtime
        .block_on(ServedStage::open(stage))
        .map_err(|error| error.to_string())?;
    let ended = runtime.block_on(run(scenario, &mut served));
    drop(served.phones);
    let closed = runtime.block_on(ask(stage, "DELETE", &served.path, &Value::Null));
    ended.map_err(|failed| format!("{failed:#?}"))?;
    closed.map(|_| ()).map_err(|error| error.to_string())
}

/// A building that a process serves, and phones of this one.
struct ServedStage {
    stage: String,
    path: String,
    building: Building,
    people: Value,
    folder: TempDir,
    phones: BTreeMap<String, Phone>,
}

impl ServedStage {
    async fn open(stage: &str) -> io::Result<Self> {
        let opened = ask(stage, "POST", "/buildings", &Value::Null).await?;
        let opened = opened.expect("a building");
        let building = Building::parse(opened["building"].to_string().as_bytes());
        Ok(Self {
            stage: stage.to_owned(),
            path: format!("/buildings/{}", opened["number"]),
            building: building.expect("a building's description"),
            people: opened["people"].clone(),
            folder: tempfile::tempdir()?,
            phones: BTreeMap::new(),
        })
    }

    fn home(&self, phone: &str) -> PathBuf {
        self.folder.path().join(phone)
    }

    fn kill(&mut self, phone: &str) {
        if let Some(killed) = self.phones.remove(phone) {
            apart(move || killed.shut_down(Duration::ZERO));
        }
    }

    fn look(&self, phone: &str) -> Value {
        let home = self.home(phone);
        let keychain = std::fs::read(home.join("keychain/development-keychain.json"));
        let items = keychain.map_or(0, |text| {
            let services: BTreeMap<String, BTreeMap<String, String>> =
                serde_json::from_slice(&text).expect("a development keychain");
            services.values().map(BTreeMap::len).sum()
        });
        json!({ "keychain_items": items, "files": files(&home.join("cache")) })
    }
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |listing| listing.count())
}

struct Deaf;

impl Observer for Deaf {
    fn notice(&self, _notice: Notice) {}
}

impl Stage for ServedStage {
    fn start(&mut self, phone: &str) -> App {
        // What ran on it is killed: it must not hold the folder.
        self.kill(phone);
        let options = Options {
            home: self.home(phone),
            building: self.building.clone(),
            keychain: KeychainChoice::Development,
            radio: RadioChoice::Usual,
            device: Arc::new(NoLockScreen),
            places: Arc::new(TerminalPlaces),
            observer: Arc::new(Deaf),
        };
        let assembled = apart(move || assemble(options).expect("a phone"));
        let app = App::new(assembled.ports.clone(), Config::default());
        self.phones.insert(phone.to_owned(), assembled);
        app
    }

    fn account(&self, name: &str) -> Option<(String, String)> {
        let person = self.people.get(name)?;
        let text = |field: &str| Some(person.get(field)?.as_str()?.to_owned());
        Some((text("email")?, text("password")?))
    }

    fn now(&self) -> i64 {
        let since = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
        i64::try_from(since.as_millis()).expect("before the year 292 million")
    }

    fn change(
        &mut self,
        phone: &str,
        change: &str,
        value: Value,
    ) -> BoxFuture<'static, Option<Value>> {
        if change == "phone" {
            if value == "kill" {
                self.kill(phone);
            }
            let seen = self.look(phone);
            return Box::pin(async { Some(seen) });
        }
        let order = json!({ "change": change, "value": value });
        let (stage, path) = (self.stage.clone(), format!("{}/changes", self.path));
        Box::pin(async move { ask(&stage, "POST", &path, &order).await.ok()? })
    }
}

/// A phone begins and ends its own runtime, which must not happen on a thread of this one.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().expect("it ends well"))
}

/// One request to the stage, and what it gives; nothing where it refuses. As much HTTP as that takes.
async fn ask(stage: &str, method: &str, path: &str, body: &Value) -> io::Result<Option<Value>> {
    let address = stage.trim_start_matches("http://");
    let mut pipe = TcpStream::connect(address).await?;
    let body = body.to_string();
    let head = format!(
        "{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    pipe.write_all((head + &body).as_bytes()).await?;
    let mut answer = String::new();
    pipe.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let went_well = head
        .split(' ')
        .nth(1)
        .is_some_and(|status| status.starts_with('2'));
    Ok(went_well.then(|| serde_json::from_str(body).unwrap_or_default()))
}
