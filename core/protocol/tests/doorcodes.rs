//! Doorcodes at the keypad: which open, for how long, and what guessing gets.

mod estate;

use estate::codes::{daily, lock_at, new_york, text};
use estate::{DAY, LOCK, Lock, NOON, Property, code};
use keyway_protocol::bundle::{Change, CodeKind, Section};
use keyway_protocol::code::{
    CivilDay, DailyKind, OffsetChange, OffsetTable, TRIES_A_YEAR, daily_code, within_guessing_bound,
};
use keyway_protocol::error::{Code, Retry};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::keypad::{BURST, Bucket, REFILL};
use keyway_protocol::schedule::{Schedule, WeeklyWindow};
use keyway_protocol::time::UtcSeconds;

#[test]
fn a_daily_code_opens_all_day_in_the_doors_own_time_and_no_other_day() {
    let mut property = Property::new();
    // 2026-11-24T12:00Z is 07:00 in New York: midnight was at 05:00Z.
    let today = CivilDay((NOON.0 / DAY) as i64);
    let mut lock = lock_at(&mut property, NOON);
    let code_of = |day| daily(&property, DailyKind::Daily, 3, day);
    assert!(lock.type_code(&code_of(today)).is_ok());
    assert!(
        lock.type_code(&code_of(today)).is_ok(),
        "as often as needed"
    );
    for other in [today.0 - 1, today.0 + 1] {
        assert_eq!(
            code(lock.type_code(&code_of(CivilDay(other)))),
            Some(Code::NotPermitted)
        );
    }
    lock.wait(16 * 3_600 + 3_000); // 23:50
    assert!(lock.type_code(&code_of(today)).is_ok());
    lock.wait(1_200); // 00:10
    assert_eq!(
        code(lock.type_code(&code_of(today))),
        Some(Code::NotPermitted)
    );
    assert!(lock.type_code(&code_of(CivilDay(today.0 + 1))).is_ok());
}

#[test]
fn a_year_of_daily_codes_turns_at_local_midnight_through_both_changes_of_clocks() {
    let mut property = Property::new();
    let table = new_york();
    // 2026-03-01 to 2027-03-01, noon UTC steps; each day's midnight in New York is at 04:00Z or 05:00Z.
    let first_day = 20_513_i64;
    for day in (first_day..first_day + 365).step_by(1) {
        let offset = table.offsets_at(day * 86_400 + 6 * 3_600).0;
        let midnight = day * 86_400 - i64::from(table.offsets_at(day * 86_400 + 4 * 3_600).0);
        let day_of = |utc| table.days_at(utc).0;
        assert_eq!(day_of(midnight), CivilDay(day), "{offset}");
        assert_eq!(day_of(midnight - 1), CivilDay(day - 1));
    }
    // At the lock: around midnight of both days on which clocks change, and an ordinary one.
    for midnight in [1_772_946_000_u64, 1_793_505_600, 1_795_582_800] {
        for (shift, which) in [(-600_i64, -1), (600, 0)] {
            let utc = UtcSeconds(midnight.saturating_add_signed(shift));
            let mut lock = lock_at(&mut property, utc);
            let day = CivilDay(table.days_at(midnight as i64).0.0 + which);
            assert!(
                lock.type_code(&daily(&property, DailyKind::Daily, 0, day))
                    .is_ok()
            );
        }
    }
}

#[test]
fn past_the_tables_end_either_side_of_an_hour_is_today() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let ended = OffsetTable::new(vec![OffsetChange { from: 0, offset: 0 }], 1_000_000).unwrap();
    let sections = vec![property.config(ended)];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    let today = (NOON.0 / DAY) as i64;
    lock.attest(&property, UtcSeconds(today as u64 * DAY + DAY - 1_800));
    for day in [today, today + 1] {
        assert!(
            lock.type_code(&daily(&property, DailyKind::Daily, 1, CivilDay(day)))
                .is_ok()
        );
    }
    let yesterday = daily(&property, DailyKind::Daily, 1, CivilDay(today - 1));
    assert!(lock.type_code(&yesterday).is_err());
}

#[test]
fn a_single_use_code_ends_a_quarter_hour_after_its_first_use_also_past_midnight() {
    let mut property = Property::new();
    let midnight = 1_795_582_800; // 2026-11-25T00:00 in New York
    let today = CivilDay(new_york().days_at(midnight - 1).0.0);
    let single = daily(&property, DailyKind::SingleUse, 4, today);
    let mut lock = lock_at(&mut property, UtcSeconds(midnight as u64 - 300));
    assert!(lock.type_code(&single).is_ok());
    lock.wait(840); // nine minutes past midnight
    assert!(lock.type_code(&single).is_ok());
    lock.wait(61);
    assert_eq!(code(lock.type_code(&single)), Some(Code::Expired));
    let unused = daily(&property, DailyKind::SingleUse, 5, today);
    assert_eq!(
        code(lock.type_code(&unused)),
        Some(Code::NotPermitted),
        "never used, not today's"
    );
}

#[test]
fn a_single_use_code_opens_while_less_than_900_seconds_have_passed() {
    let mut property = Property::new();
    let today = new_york().days_at(NOON.0 as i64).0;
    let single = daily(&property, DailyKind::SingleUse, 4, today);
    for (waited, opens) in [(899, true), (900, false)] {
        let mut lock = lock_at(&mut property, NOON);
        assert!(lock.type_code(&single).is_ok());
        lock.wait(waited);
        assert_eq!(lock.type_code(&single).is_ok(), opens, "after {waited} s");
        // After a power cut the time of the first use is what is left, at its earliest.
        let mut lock = lock_at(&mut property, NOON);
        assert!(lock.type_code(&single).is_ok());
        lock.power_cycle().unwrap();
        lock.attest(&property, NOON.plus(waited));
        // The interval's latest end counts; an attest answered at once is exact.
        assert_eq!(
            lock.type_code(&single).is_ok(),
            opens,
            "{waited} s, rebooted"
        );
    }
}

#[test]
fn the_first_use_is_in_flash_before_the_motor_and_outlives_a_power_cut() {
    let mut property = Property::new();
    let today = new_york().days_at(NOON.0 as i64).0;
    let single = daily(&property, DailyKind::SingleUse, 4, today);
    let mut lock = lock_at(&mut property, NOON);
    assert!(lock.type_code(&single).is_ok());
    lock.power_cycle().unwrap();
    assert_eq!(code(lock.type_code(&single)), Some(Code::ClockUnsure));
    lock.attest(&property, NOON.plus(1_000));
    assert_eq!(code(lock.type_code(&single)), Some(Code::Expired));
    let mut refusing = lock_at(&mut property, NOON);
    refusing.flash.refuses = true;
    assert_eq!(
        code(refusing.type_code(&single)),
        Some(Code::Storage),
        "nothing moves"
    );
}

#[test]
fn a_guests_code_holds_within_its_term_and_schedule() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let mut guest = property.code("1234567");
    guest.kind = CodeKind::Guest;
    guest.not_before = Some(NOON.minus(60));
    guest.expires = Some(NOON.plus(DAY));
    let mut weekly = property.code("7654321");
    weekly.schedule = Some(8);
    // 2026-11-24 is a Tuesday; the door shows UTC.
    let mornings = Schedule(vec![WeeklyWindow {
        days: 0b10,
        from: 480,
        until: 780,
    }]);
    let sections = vec![
        Section::Codes(vec![Change::Set(1, 1, guest), Change::Set(2, 1, weekly)]),
        Section::Schedules(vec![Change::Set(8, 1, mornings)]),
    ];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    assert_eq!(code(lock.type_code("1234567")), Some(Code::ClockUnsure));
    lock.attest(&property, NOON);
    assert!(lock.type_code("1234567").is_ok());
    assert!(lock.type_code("7654321").is_ok());
    lock.wait(3_700);
    assert_eq!(code(lock.type_code("7654321")), Some(Code::OutOfSchedule));
    lock.wait(DAY);
    assert_eq!(code(lock.type_code("1234567")), Some(Code::Expired));
}

#[test]
fn a_reset_code_opens_and_the_old_one_does_not_after_the_delta() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let sections = vec![property.codes(&[(1, 1, "1111111"), (2, 1, "2222222")])];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    let delta = vec![Section::Codes(vec![
        Change::Set(1, 2, property.code("3333333")),
        Change::Delete(2, 2),
    ])];
    lock.push(&property.bundle(2, Some(1), delta)).unwrap();
    let opens = ["1111111", "2222222", "3333333"].map(|digits| lock.type_code(digits).is_ok());
    assert_eq!(opens, [false, false, true]);
}

#[test]
fn r15_tries_are_spent_before_the_comparison_and_power_gives_none_back() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let sections = vec![property.codes(&[(1, 1, "1234567")])];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    for _ in 0..3 {
        assert!(
            lock.type_code("1234567").is_ok(),
            "a right code costs nothing"
        );
    }
    for _ in 0..BURST {
        assert_eq!(code(lock.type_code("0000000")), Some(Code::NotPermitted));
    }
    let refused = lock.type_code("1234567").unwrap_err();
    assert_eq!(refused.code, Code::Busy, "even the right one waits");
    assert!(matches!(refused.retry, Retry::After(wait) if u64::from(wait) <= REFILL));
    lock.power_cycle().unwrap();
    assert_eq!(code(lock.type_code("1234567")), Some(Code::Busy));
    // An accomplice who opens by phone changes nothing.
    let resident = property.grant(&property.claims(&estate::holder(20), NOON));
    lock.unlock(&resident, 1).unwrap();
    assert_eq!(code(lock.type_code("1234567")), Some(Code::Busy));
    lock.flash.refuses = true;
    lock.wait(2 * REFILL / 1_000);
    assert_eq!(
        code(lock.type_code("1234567")),
        Some(Code::Storage),
        "spent in flash or not at all"
    );
    lock.flash.refuses = false;
    assert!(lock.type_code("1234567").is_ok());
}

#[test]
fn r15_a_year_of_thirty_wrong_codes_a_day_on_ten_thousand_locks() {
    // What the bucket lets through, counted once with the real one; whether each try hits is a draw of the odds, not an HMAC.
    let year = 365 * DAY * 1_000;
    let mut bucket = Bucket::full(Millis(0));
    let heard = (0..year)
        .step_by(DAY as usize * 1_000 / 30)
        .filter(|at| bucket.spend(Millis(*at)).is_ok())
        .count() as u64;
    assert!((10_900..=TRIES_A_YEAR).contains(&heard), "{heard}");
    // The most codes of 7 digits that issue and apply allow.
    let live = (1..)
        .take_while(|live| within_guessing_bound(*live, 7))
        .last()
        .unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut opened = 0;
    for _ in 0..10_000 {
        // The first right guess comes after a geometric number of tries.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let uniform = (state >> 11) as f64 / (1_u64 << 53) as f64;
        let odds = f64::from(live) / 1e7;
        let first_hit = (1.0 - uniform).ln() / (1.0 - odds).ln();
        opened += u32::from(first_hit < heard as f64);
    }
    assert!(
        opened < 100 + 30,
        "{opened} of 10,000: 1 % and three standard deviations"
    );
    assert!(opened > 50, "the simulation guesses at all: {opened}");
}

#[test]
fn r15_a_table_that_would_make_guessing_pay_is_not_applied() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let table = |count: u32, property: &Property| {
        let codes = (0..count).map(|id| Change::Set(id, 1, property.code(&format!("{id:07}"))));
        vec![Section::Codes(codes.collect())]
    };
    let ten = table(10, &property);
    let bundle = property.bundle(1, None, ten);
    assert_eq!(code(lock.push(&bundle)), Some(Code::BadDocument));
    let nine = table(9, &property);
    assert!(lock.push(&property.bundle(1, None, nine)).is_ok());
    let one_more = vec![Section::Codes(vec![Change::Set(
        77,
        1,
        property.code("7777777"),
    )])];
    let bundle = property.bundle(2, Some(1), one_more);
    assert_eq!(
        code(lock.push(&bundle)),
        Some(Code::BadDocument),
        "a delta neither"
    );
    assert_eq!(lock.bulk_seq(), 1);
}

#[test]
fn r20_rows_of_the_services_database_open_nothing() {
    // What rows hold: signed grants, tags, ids. Without a phone's key a grant is refused by the channel; a tag is not a code; and
    // without the day key, which is kept elsewhere, the code of a day is not computed.
    let mut property = Property::new();
    let today = new_york().days_at(NOON.0 as i64).0;
    let mut lock = lock_at(&mut property, NOON);
    let tag = property.code("98417263").tag;
    let rows: [&[u8]; 3] = [&LOCK.0, &tag.0, &[9; 16]];
    for row in rows {
        let mut guess = [0; 32];
        guess[..row.len()].copy_from_slice(row);
        let guessed = keyway_protocol::crypto::Secret32::new(guess);
        let code_of_day = daily_code(&guessed, LOCK, DailyKind::Daily, 1, today, 8).unwrap();
        lock.wait(REFILL / 1_000);
        assert!(lock.type_code(&text(&code_of_day)).is_err());
    }
    let right = daily(&property, DailyKind::Daily, 1, today);
    lock.wait(1);
    let still_today = new_york().days_at(NOON.plus(3 * REFILL / 1_000).0 as i64).0 == today;
    assert!(
        still_today && lock.type_code(&right).is_ok(),
        "the day key does"
    );
}
