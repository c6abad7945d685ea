//! A year at one lock, through both changes of the clocks: which daily code opens when is what PROTOCOL.md says, however far the lock's own
//! clock has run off, and after it lost its clock altogether.
#![expect(
    clippy::expect_used,
    reason = "a building that cannot be made fails the test"
)]

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use keyway_app::account::WhosePhone;
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeDay, CodeKind, DoorId};
use keyway_app::{App, NewDoorcode, Reveal, SyncOutcome};
use keyway_protocol::error::Code;
use keyway_world::building::Building;
use keyway_world::time::START;

const DOOR: &str = "Home 4B";
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
/// How far the lock's quartz runs off: half an hour in 215 days.
const DRIFT_PPM: i32 = 97;
/// Both ends of what a lock believes move so much further apart (PROTOCOL.md, Time).
const WIDENS_PPM: i64 = 100;
/// What the test itself does not know of the moment of an attest.
const UNKNOWN: i64 = 5 * SECOND;

/// What the lock may believe, by the text: from one moment to another.
#[derive(Clone, Copy)]
struct Believed {
    attested: i64,
}

impl Believed {
    /// Earliest and latest at the true time `now`, milliseconds since 1970.
    fn at(self, now: i64) -> (i64, i64) {
        let elapsed = now - self.attested;
        let uptime = elapsed + elapsed * i64::from(DRIFT_PPM) / 1_000_000;
        let widened = uptime * WIDENS_PPM / 1_000_000;
        (
            self.attested + uptime - widened,
            self.attested + uptime + widened,
        )
    }

    /// Must the code of `day` open at `now`? `None` where the test cannot know.
    fn opens(self, day: Date, zone: &TimeZone, now: i64) -> Option<bool> {
        let (earliest, latest) = self.at(now);
        let on_day = |at: i64| date(at, zone) == day;
        let sure = on_day(earliest - UNKNOWN) && on_day(latest + UNKNOWN);
        let possible = on_day(earliest + UNKNOWN) && on_day(latest - UNKNOWN);
        (sure == possible).then_some(sure)
    }
}

fn date(at: i64, zone: &TimeZone) -> Date {
    let at = Timestamp::from_millisecond(at).expect("a moment of this century");
    zone.to_datetime(at).date()
}

struct Year {
    building: Building,
    app: App,
    door: DoorId,
    site: usize,
    zone: TimeZone,
    believed: Option<Believed>,
    opened: u32,
    refused: u32,
    unsure: u32,
}

impl Year {
    fn new() -> Self {
        let mut building = Building::new(365).expect("a building");
        let site = building.door(DOOR).expect("the door");
        let app = building.start("phone");
        let (person, _) = building.person("resident").expect("a resident");
        let (email, password) = (person.email.clone(), person.password.clone());
        let door = building.run(async {
            app.start().await.expect("it starts");
            let signing_in = app.sign_in(email, SecretString::new(password), WhosePhone::Own);
            signing_in.await.expect("signed in");
            let doors = app.doors().await.expect("doors").doors;
            let found = doors.iter().find(|view| view.door.name == DOOR);
            found.expect("the door").door.id
        });
        let mut year = Self {
            building,
            app,
            door,
            site,
            zone: TimeZone::get("America/New_York").expect("a timezone"),
            believed: None,
            opened: 0,
            refused: 0,
            unsure: 0,
        };
        year.lose_power();
        year
    }

    /// The true time.
    fn now(&self) -> i64 {
        START + i64::try_from(self.building.time().now()).expect("this century")
    }

    fn pass_until(&self, at: i64) {
        let wait = u64::try_from(at - self.now()).unwrap_or(0);
        self.building.pass(wait);
    }

    /// Power goes and comes back; the quartz that comes with it runs off.
    fn lose_power(&mut self) {
        let site = self.building.site(self.site);
        site.power_cut();
        site.with_hardware(|body| body.drift_ppm = DRIFT_PPM);
        site.power_on(self.building.time().now()).expect("it boots");
        self.believed = None;
    }

    /// A sync brings the time, since the lock's is wide or not there.
    fn sync(&mut self) {
        let attempt = self.app.sync(self.door);
        let outcome = self.building.run(attempt.outcome());
        assert!(matches!(outcome, SyncOutcome::Synced { .. }), "{outcome:?}");
        self.believed = Some(Believed {
            attested: self.now(),
        });
    }

    /// The daily code for today at the door.
    fn code_for_today(&self) -> (Date, String) {
        let wanted = NewDoorcode {
            single_use: false,
            day: CodeDay::Today,
        };
        let code = self.building.run(self.app.new_doorcode(self.door, wanted));
        let Reveal::Digits(digits) = code.expect("a code").digits.reveal(true) else {
            unreachable!("asked twice");
        };
        // EXPOSE: the test types it.
        (date(self.now(), &self.zone), digits.expose().to_owned())
    }

    fn residence_code(&self) -> String {
        let codes = self
            .building
            .run(self.app.doorcodes(self.door))
            .expect("codes");
        let found = codes
            .codes
            .iter()
            .find(|code| code.kind == CodeKind::Residence);
        let Reveal::Digits(digits) = found.expect("a residence code").digits.reveal(true) else {
            unreachable!("asked twice");
        };
        // EXPOSE: the test types it.
        digits.expose().to_owned()
    }

    /// Types a code; whether the door opened, else why not.
    fn type_code(&self, code: &str) -> Result<(), Code> {
        let site = self.building.site(self.site);
        let before = site.heard();
        let digits: Vec<u8> = code.bytes().map(|digit| digit - b'0').collect();
        site.type_code(&digits, self.building.time().now());
        self.building.pass(2_000);
        let after = site.heard();
        if after.moves() > before.moves() {
            return Ok(());
        }
        Err(*after.refused.get(before.refused.len()).expect("an answer"))
    }

    /// Types the code of `day` and holds the lock's answer against the text.
    fn hold(&mut self, (day, code): &(Date, String)) {
        let now = self.now();
        let expected = self
            .believed
            .map(|believed| believed.opens(*day, &self.zone, now));
        let answer = self.type_code(code);
        match expected {
            None => {
                assert_eq!(answer, Err(Code::ClockUnsure), "{day} at {now}");
                self.unsure += 1;
            }
            Some(None) => {}
            Some(Some(true)) => {
                assert_eq!(answer, Ok(()), "{day} at {now}");
                self.opened += 1;
            }
            Some(Some(false)) => {
                assert!(answer.is_err(), "{day} opened at {now}");
                self.refused += 1;
            }
        }
    }

    /// One day: yesterday's code and today's just after midnight, today's at noon, in the evening, and just before the next midnight.
    fn day(&mut self, yesterday: &(Date, String)) -> (Date, String) {
        let today = self.code_for_today();
        let midnight = |date: Date| {
            let start = date.to_zoned(self.zone.clone()).expect("a day begins");
            start.timestamp().as_millisecond()
        };
        let (begins, ends) = (
            midnight(today.0),
            midnight(today.0.checked_add(1.day()).expect("a day after")),
        );
        self.pass_until(begins + 10 * MINUTE);
        self.hold(yesterday);
        self.hold(&today);
        self.pass_until(begins + 90 * MINUTE);
        self.hold(&today);
        self.pass_until(begins + DAY / 2);
        self.hold(&today);
        self.pass_until(ends - 75 * MINUTE);
        self.hold(&today);
        self.pass_until(ends - 10 * MINUTE);
        self.hold(&today);
        self.pass_until(ends + SECOND);
        today
    }
}

#[test]
fn codes_open_as_the_protocol_says_all_year() {
    let mut year = Year::new();
    let tonight = year.code_for_today();
    let residence = year.residence_code();
    // Before the lock knows the time: no daily code opens, and a code that it has not heard of does not either.
    year.hold(&tonight);
    assert!(year.type_code(&residence).is_err());
    year.sync();
    year.hold(&tonight);
    assert_eq!(year.type_code(&residence), Ok(()));

    let mut yesterday = tonight;
    let midnight = year.now() + 9 * 60 * MINUTE;
    year.pass_until(midnight);
    for _ in 0..215 {
        yesterday = year.day(&yesterday);
    }
    // The quartz is half an hour off by now, and the lock knows that it may be more.
    let (earliest, latest) = year.believed.expect("attested").at(year.now());
    assert!(latest - year.now() > 30 * MINUTE && earliest <= year.now());

    year.lose_power();
    for _ in 0..3 {
        yesterday = year.day(&yesterday);
        // A resident's own code needs no clock.
        assert_eq!(year.type_code(&residence), Ok(()));
    }
    year.sync();
    for _ in 0..147 {
        yesterday = year.day(&yesterday);
    }
    println!(
        "365 days: daily codes opened {} times, were refused {} times, and {} times for want of a clock",
        year.opened, year.refused, year.unsure
    );
    assert!(year.opened > 1_300 && year.refused > 300 && year.unsure > 10);
}
