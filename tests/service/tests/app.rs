//! The app's own client against this service: what each believes the contract to be is the same.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]
use axum::body::Body;
use futures_util::FutureExt as _;
use http::{Request, header};
use http_body_util::BodyExt as _;
use keyway_app::account::{Phase, PlaceResult, ServerEnd, WhosePhone};
use keyway_app::ports::{
    AdapterState, BoxFuture, Clock, Entropy, EntropyError, Http, HttpError, HttpRequest,
    HttpResponse, Link, Location, Notice, Observer, PeripheralId, Permission, Ports, Power, Radio,
    RadioError, Scan, Spawn, UnixMillis,
};
use keyway_app::secret::SecretString;
use keyway_app::testing::{FakeFiles, FakeKeychain, FakeKeys, FakeOwner, Process, Stores};
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
const NOON: i64 = 1_795_521_600_000;

/// Of Elm Court.
const RESIDENT: &str = "rosa@example.org";
const PASSWORD: &str = "Correct-Horse-7";
const NEW: &str = "Battery Staple 8!";

fn secret(text: &str) -> SecretString {
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

struct Counting(Mutex<u8>);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        let mut next = self.0.lock().unwrap();
        for byte in buffer {
            *next = next.wrapping_add(41);
            *byte = *next;
        }
        Ok(())
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
struct Phone {
    app: App,
    tasks: Arc<Tasks>,
    stores: Arc<Stores>,
    clock: Arc<Standing>,
    service: Service,
    service_clock: Arc<ManualClock>,
    mailbox: Arc<Mailbox>,
    folder: Arc<tempfile::TempDir>,
}

impl Phone {
    fn new() -> Self {
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
    fn another(&self) -> Self {
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
        chance: u8,
    ) -> Self {
        let tasks = Arc::new(Tasks::default());
        let stores = Arc::new(Stores::default());
        let clock = Arc::new(Standing(Mutex::new(NOON)));
        let process = Process::new(Arc::clone(&stores), Arc::default());
        let ports = Ports {
            clock: clock.clone(),
            entropy: Arc::new(Counting(Mutex::new(chance))),
            spawn: tasks.clone(),
            http: Arc::new(Direct(service.clone())),
            keychain: Arc::new(FakeKeychain(process.clone())),
            files: Arc::new(FakeFiles(process.clone())),
            keys: Arc::new(FakeKeys::new(process)),
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
    fn newest_mail(&self) -> String {
        self.service.deliver_messages();
        self.mailbox.messages().pop().unwrap().text.clone()
    }

    /// Drives `work` and what was spawned; nothing here ever waits for time.
    fn run<T>(&self, work: impl Future<Output = T>) -> T {
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

    fn sign_in(&self, whose: WhosePhone) -> Result<(), Error> {
        self.sign_in_with(PASSWORD, whose)
    }

    fn sign_in_with(&self, password: &str, whose: WhosePhone) -> Result<(), Error> {
        let email = RESIDENT.to_uppercase();
        self.run(self.app.sign_in(email, secret(password), whose))
            .map(drop)
    }

    fn later(&self, minutes: i64) {
        *self.clock.0.lock().unwrap() += minutes * 60_000;
        self.service_clock.advance(minutes * 60_000);
    }
}

#[test]
fn own_phone_signs_in_stays_in_over_refreshes_and_signs_out_completely() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    assert_eq!(phone.app.status().phase, Phase::SignedIn(WhosePhone::Own));
    assert_eq!(phone.app.status().clock_error_minutes, None);
    for _ in 0..5 {
        phone.later(6);
        phone.run(phone.app.refresh()).unwrap();
    }
    let report = phone.run(phone.app.sign_out()).unwrap();
    assert!(report.complete, "{report:?}");
    assert_eq!(report.server, ServerEnd::Ended);
    assert!(phone.stores.is_empty());
}

#[test]
fn borrowed_phone_signs_in_sees_doors_and_ends_after_fifteen_minutes() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Borrowed).unwrap();
    let ends_at = phone.app.status().ends_at;
    assert_eq!(ends_at, Some(NOON + 15 * 60_000));
    phone.run(phone.app.doors()).unwrap();
    phone.later(15);
    let told = phone.run(phone.app.doors());
    assert_eq!(told.err(), Some(Error::BorrowedTimeUp));
    assert!(phone.stores.content().ever_written.is_empty());
}

#[test]
fn a_wrong_password_is_told_as_such() {
    let phone = Phone::new();
    let told = phone.sign_in_with("wrong", WhosePhone::Own);
    assert_eq!(told.err(), Some(Error::WrongCredentials));
    let report = phone.run(phone.app.sign_out()).unwrap();
    let held = |result| matches!(result, PlaceResult::Gone | PlaceResult::Remains(_));
    assert!(
        !report
            .places
            .iter()
            .any(|line| held(line.result) && line.place.number() < 43)
    );
}

#[test]
fn a_code_from_the_mailbox_signs_in_and_a_wrong_one_does_not() {
    let phone = Phone::new();
    phone
        .run(phone.app.send_one_time_code(RESIDENT.to_owned()))
        .unwrap();
    let mail = phone.newest_mail();
    let mut digits = mail.split(|c: char| !c.is_ascii_digit());
    let code = digits.find(|digits| digits.len() == 6).unwrap();
    let sign_in = |code: &str| {
        let attempt =
            phone
                .app
                .sign_in_with_code(RESIDENT.to_owned(), secret(code), WhosePhone::Own);
        phone.run(attempt).map(drop)
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(sign_in(wrong), Err(Error::WrongCredentials));
    sign_in(code).unwrap();
    assert_eq!(phone.app.status().phase, Phase::SignedIn(WhosePhone::Own));
}

#[test]
fn mails_asked_for_too_often_have_to_wait() {
    let phone = Phone::new();
    let ask = || phone.run(phone.app.send_password_reset(RESIDENT.to_owned()));
    for _ in 0..3 {
        ask().unwrap();
    }
    assert!(matches!(ask(), Err(Error::TooManyTries { .. })));
    assert!(phone.newest_mail().contains("/account/reset?token="));
}

#[test]
fn another_phones_session_is_seen_and_ended_and_the_phone_learns_it() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let lost = phone.another();
    lost.sign_in(WhosePhone::Borrowed).unwrap();
    let sessions = phone.run(phone.app.sessions()).unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| !session.current).unwrap();
    assert!(other.borrowed);
    phone.run(phone.app.end_session(other.id)).unwrap();
    assert_eq!(phone.run(phone.app.sessions()).unwrap().len(), 1);
    assert!(lost.run(lost.app.refresh()).is_err());
    assert_eq!(lost.app.status().phase, Phase::SignedOut);
}

#[test]
fn a_new_password_ends_the_other_phone_and_keeps_this_one() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let other = phone.another();
    other.sign_in(WhosePhone::Own).unwrap();
    let change = |current: &str, new: &str| {
        phone.run(phone.app.change_password(secret(current), secret(new)))
    };
    assert_eq!(change("wrong", NEW), Err(Error::WrongCredentials));
    change(PASSWORD, NEW).unwrap();
    assert!(other.run(other.app.refresh()).is_err());
    phone.run(phone.app.refresh()).unwrap();
    assert_eq!(phone.run(phone.app.sessions()).unwrap().len(), 1);
    let again = phone.another();
    assert!(again.sign_in(WhosePhone::Own).is_err());
    again.sign_in_with(NEW, WhosePhone::Own).unwrap();
}

#[test]
fn ending_all_sessions_ends_this_one_and_wipes() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let other = phone.another();
    other.sign_in(WhosePhone::Own).unwrap();
    phone.run(phone.app.end_all_sessions()).unwrap();
    assert!(phone.stores.is_empty());
    assert!(other.run(other.app.refresh()).is_err());
}
