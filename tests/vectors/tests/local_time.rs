//! How late it is at a door: the same offsets, the same days, the same windows, the same intervals.

use keyway_protocol::code::{CivilDay, OffsetChange, OffsetTable};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::clock::Anchor;
use keyway_protocol::schedule::{Schedule, WeeklyWindow, days_over};
use keyway_protocol::time::{TimeInterval, UtcSeconds};
use keyway_vectors::load;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    tables: BTreeMap<String, Table>,
    offsets: Vec<Offsets>,
    days: Vec<Days>,
    schedules: Vec<Windows>,
    attests: Vec<Attest>,
}

/// Changes of (from, offset), and the end.
#[derive(Deserialize)]
struct Table(Vec<(i64, i32)>, i64);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offsets {
    table: String,
    utc: i64,
    offsets: Vec<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    table: String,
    earliest: u64,
    latest: u64,
    days: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Windows {
    table: String,
    schedule: Vec<(u8, u16, u16)>,
    earliest: u64,
    latest: u64,
    includes: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attest {
    utc: i64,
    age_ms: u64,
    taken: bool,
    /// Milliseconds of uptime since, earliest, latest.
    later: Vec<(u64, i64, i64)>,
}

fn vectors() -> Vectors {
    load("local_time")
}

impl Vectors {
    fn tables(&self) -> BTreeMap<&str, OffsetTable> {
        let change = |&(from, offset): &(i64, i32)| OffsetChange { from, offset };
        let table = |Table(changes, ends): &Table| {
            OffsetTable::new(changes.iter().map(change).collect(), *ends)
        };
        self.tables
            .iter()
            .filter_map(|(name, told)| Some((name.as_str(), table(told)?)))
            .collect()
    }
}

const fn interval(earliest: u64, latest: u64) -> TimeInterval {
    TimeInterval {
        earliest: UtcSeconds(earliest),
        latest: UtcSeconds(latest),
    }
}

#[test]
fn the_same_offsets_are_possible() {
    let vectors = vectors();
    let tables = vectors.tables();
    for case in &vectors.offsets {
        let (first, second) = tables[case.table.as_str()].offsets_at(case.utc);
        let mut offsets = vec![first, second];
        offsets.dedup();
        assert_eq!(offsets, case.offsets, "{} at {}", case.table, case.utc);
    }
}

#[test]
fn the_same_days_hold_over_an_interval() {
    let vectors = vectors();
    let tables = vectors.tables();
    for case in &vectors.days {
        let interval = interval(case.earliest, case.latest);
        let days = days_over(&interval, &tables[case.table.as_str()]);
        let expected: Vec<CivilDay> = case.days.iter().copied().map(CivilDay).collect();
        assert_eq!(days, expected, "{} over {interval:?}", case.table);
    }
}

#[test]
fn the_same_windows_include_an_interval() {
    let vectors = vectors();
    let tables = vectors.tables();
    let mut included = 0;
    for case in &vectors.schedules {
        let window = |&(days, from, until): &(u8, u16, u16)| WeeklyWindow { days, from, until };
        let schedule = Schedule(case.schedule.iter().map(window).collect());
        let interval = interval(case.earliest, case.latest);
        let includes = schedule.includes(&interval, &tables[case.table.as_str()]);
        assert_eq!(
            includes, case.includes,
            "{schedule:?} over {interval:?}, {}",
            case.table
        );
        included += usize::from(includes && !case.schedule.is_empty());
    }
    assert!(included > 5, "some windows do include their interval");
}

#[test]
fn an_attest_gives_the_same_interval_now_and_later() {
    for case in vectors().attests {
        let now = Millis(case.age_ms);
        let anchor = Anchor::from_attest(case.utc, Millis(0), now);
        assert_eq!(anchor.is_some(), case.taken, "age {} ms", case.age_ms);
        let Some(anchor) = anchor else { continue };
        for (passed, earliest, latest) in case.later {
            let interval = anchor.at(now + passed);
            assert_eq!((interval.earliest, interval.latest), (earliest, latest));
        }
    }
}
