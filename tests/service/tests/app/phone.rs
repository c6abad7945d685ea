//! A phone of a resident of Elm Court: the app's own core on ports without a wire.
use axum::body::Body;
use futures_util::FutureExt as _;
use http::{Request, header};
use http_body_util::BodyExt as _;
use keyway_app::account::WhosePhone;
use keyway_app::ports::{
    AdapterState, BoxFuture, Clock, Entropy, EntropyError, Http, HttpError, HttpRequest,
    HttpResponse, Link, Location, Notice, Observer, PeripheralId, Permission, Ports, Power, Radio,
    RadioError, Scan, Spawn, UnixMillis,
};
use keyway_app::secret::SecretString;
use keyway_app::testing::{
    FakeFiles, FakeKeychain, FakeKeys, FakeOwner, FakeShell, Process, Stores,
};
use keyway_app::{App, Config, Error};
use keyway_service::{
    Demo, Mailbox, ManualClock, PasswordCost, SeededEntropy, Service, Settings, router,
};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tower::ServiceExt as _;
use zeroize::Zeroizing;

const ORIGIN: &str = "https://property.test";
/// 2026-11-24T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_521_600_000;

/// Of Elm Court.
pub(crate) const RESIDENT: &str = "rosa@example.org";
pub(crate) const PASSWORD: &str = "Correct-Horse-7";
pub(crate) const NEW: &str = "Battery Staple 8!";

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

/// The service behind the HTTP port, without a wire.
struct Direct(Service);

impl Http for Direct {
    fn origin(&self) -> String {
        ORIGIN.to_owned()
    }

    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> {
        let service = self.0.clone();
        Box::pin(async move {
            let mut built = Request::builder()
                .method(request.method.as_str())
                .uri(request.path.as_str())
                .header(header::HOST, "property.test");
            for (name, value) in &request.headers {
                built = built.header(*name, value.as_str());
            }
            let body = request.body.map_or_else(Vec::new, |body| body.to_vec());
            let answer = async {
                let request = built.body(Body::from(body)).unwrap();
                let (head, body) = router(service).oneshot(request).await.unwrap().into_parts();
                (head, body.collect().await.unwrap().to_bytes().to_vec())
            };
            let (head, body) = answer
                .now_or_never()
                .expect("a handler waits for its body only");
            let headers = head.headers.iter();
            Ok(HttpResponse {
                status: head.status.as_u16(),
                headers: headers
                    .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                    .collect(),
                body: Zeroizing::new(body),
            })
        })
    }
}

/// The service's clock, as the phone's; nobody sleeps to the end.
struct Standing(Mutex<i64>);

impl Clock for Standing {
    fn wall(&self) -> UnixMillis {
        *self.0.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.wall() - NOON).unwrap())
    }

    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

/// Repeatable, and never the same twice: a proof that comes again is refused.
struct Seeded(SeededEntropy);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        keyway_service::Entropy::fill(&self.0, buffer).map_err(|_| EntropyError)
    }
}

#[derive(Default)]
struct Tasks(Mutex<Vec<BoxFuture<'static, ()>>>);

impl Spawn for Tasks {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.0.lock().unwrap().push(task);
    }
}

struct Quiet;

impl Observer for Quiet {
    fn notice(&self, _notice: Notice) {}
}

impl Radio for Quiet {
    fn state(&self) -> AdapterState {
        AdapterState {
            power: Power::Off,
            permission: Permission::Granted,
            location: Location::NotNeeded,
        }
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        Box::pin(async { Err(RadioError::Off) })
    }

    fn connect(
        &self,
        _id: PeripheralId,
        _deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        Box::pin(async { Err(RadioError::Off) })
    }
}

/// A phone of a resident of Elm Court.
pub(crate) struct Phone {
    pub(crate) app: App,
    tasks: Arc<Tasks>,
    pub(crate) stores: Arc<Stores>,
    clock: Arc<Standing>,
    pub(crate) service: Service,
    service_clock: Arc<ManualClock>,
    pub(crate) mailbox: Arc<Mailbox>,
    folder: Arc<tempfile::TempDir>,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let service_clock = Arc::new(ManualClock::new(NOON));
        let mailbox = Arc::new(Mailbox::default());
        let mut settings = Settings::new(ORIGIN);
        settings.password_cost = PasswordCost::FOR_TESTS;
        settings.messenger = mailbox.clone();
        let entropy = Arc::new(SeededEntropy::new(7));
        let service =
            Service::open(folder.path(), settings, service_clock.clone(), entropy).unwrap();
        service.seed(&Demo::elm_court()).unwrap();
        Self::started(service, service_clock, mailbox, folder, 0)
    }

    /// Another phone of the same service.
    pub(crate) fn another(&self) -> Self {
        Self::started(
            self.service.clone(),
            self.service_clock.clone(),
            self.mailbox.clone(),
            self.folder.clone(),
            100,
        )
    }

    fn started(
        service: Service,
        service_clock: Arc<ManualClock>,
        mailbox: Arc<Mailbox>,
        folder: Arc<tempfile::TempDir>,
        chance: u64,
    ) -> Self {
        let tasks = Arc::new(Tasks::default());
        let stores = Arc::new(Stores::default());
        let clock = Arc::new(Standing(Mutex::new(NOON)));
        let process = Process::new(Arc::clone(&stores), Arc::default());
        let ports = Ports {
            clock: clock.clone(),
            entropy: Arc::new(Seeded(SeededEntropy::new(chance))),
            spawn: tasks.clone(),
            http: Arc::new(Direct(service.clone())),
            keychain: Arc::new(FakeKeychain(process.clone())),
            files: Arc::new(FakeFiles(process.clone())),
            keys: Arc::new(FakeKeys::new(process.clone())),
            places: Arc::new(FakeShell(process)),
            radio: Arc::new(Quiet),
            device: Arc::new(FakeOwner::default()),
            observer: Arc::new(Quiet),
        };
        let phone = Self {
            app: App::new(ports, Config::default()),
            tasks,
            stores,
            clock,
            service,
            service_clock,
            mailbox,
            folder,
        };
        phone.run(phone.app.start()).unwrap();
        phone
    }

    /// The text of the newest mail.
    pub(crate) fn newest_mail(&self) -> String {
        self.service.deliver_messages();
        self.mailbox.messages().pop().unwrap().text.clone()
    }

    /// Drives `work` and what was spawned; nothing here ever waits for time.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..100_000 {
            if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
                return done;
            }
            let mut tasks = std::mem::take(&mut *self.tasks.0.lock().unwrap());
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            self.tasks.0.lock().unwrap().append(&mut tasks);
        }
        panic!("stuck");
    }

    pub(crate) fn sign_in(&self, whose: WhosePhone) -> Result<(), Error> {
        self.sign_in_with(PASSWORD, whose)
    }

    pub(crate) fn sign_in_with(&self, password: &str, whose: WhosePhone) -> Result<(), Error> {
        let email = RESIDENT.to_uppercase();
        self.run(self.app.sign_in(email, secret(password), whose))
            .map(drop)
    }

    pub(crate) fn later(&self, minutes: i64) {
        *self.clock.0.lock().unwrap() += minutes * 60_000;
        self.service_clock.advance(minutes * 60_000);
    }
}
