//! What a keypad answers, and what changes make of its table: the same, typed code by typed code.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod installed;

use installed::{Ground, Lock, Parcel, WELL, name};
use keyway_protocol::bundle::{Change, CodeEntry, CodeKind, DoorConfig, Section};
use keyway_protocol::code::{CodeTag, Digits, OffsetChange, OffsetTable};
use keyway_protocol::critical::CriticalLane;
use keyway_protocol::ids::LockId;
use keyway_protocol::lock::Body;
use keyway_protocol::schedule::{Schedule, WeeklyWindow};
use keyway_protocol::time::UtcSeconds;
use keyway_vectors::{Hex, Property, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    root_private: Hex,
    origin: Hex,
    pepper: Hex,
    day_key: Hex,
    scenes: Vec<Scene>,
    /// How many rows, and whether a table may have them.
    rows: Vec<(u32, bool)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    why: String,
    interval: Option<(u64, u64)>,
    floor: Option<u64>,
    bundles: Vec<Vec<Told>>,
    schedules: Vec<(u32, Vec<Window>)>,
    daily_digits: u8,
    local_time: Option<(Vec<(i64, i32)>, i64)>,
    /// Milliseconds since the time was learnt, digits, deadbolt thrown, enough charge, the answer.
    typed: Vec<(u64, String, bool, bool, String)>,
}

/// Days, from, until.
type Window = (u8, u16, u16);

/// A code of the table, or one that is deleted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    row_id: u32,
    version: u32,
    digits: Option<String>,
    kind: Option<u8>,
    not_before: Option<u64>,
    expires: Option<u64>,
    schedule_id: Option<u32>,
}

fn vectors() -> Vectors {
    load("doorcodes")
}

impl Told {
    fn change(&self, vectors: &Vectors) -> Option<Change<CodeEntry>> {
        let Some(digits) = &self.digits else {
            return Some(Change::Delete(self.row_id, self.version));
        };
        let digits = Digits::parse(digits)?;
        let lock: LockId = vectors.property.lock();
        let entry = CodeEntry {
            kind: match self.kind? {
                1 => CodeKind::Residence,
                2 => CodeKind::Communal,
                _ => CodeKind::Guest,
            },
            digits: u8::try_from(digits.length()).ok()?,
            tag: CodeTag::of(&vectors.pepper.secret(), lock, &digits),
            not_before: self.not_before.map(UtcSeconds),
            expires: self.expires.map(UtcSeconds),
            schedule: self.schedule_id,
        };
        Some(Change::Set(self.row_id, self.version, entry))
    }
}

impl Scene {
    fn config(&self) -> DoorConfig {
        let change = |&(from, offset): &(i64, i32)| OffsetChange { from, offset };
        let local_time = self.local_time.as_ref().map(|(changes, ends)| {
            OffsetTable::new(changes.iter().map(change).collect(), *ends).unwrap()
        });
        DoorConfig {
            daily_digits: self.daily_digits,
            local_time,
        }
    }

    fn schedules(&self) -> Section {
        let window = |&(days, from, until): &Window| WeeklyWindow { days, from, until };
        let change = |(id, windows): &(u32, Vec<_>)| {
            Change::Set(*id, 1, Schedule(windows.iter().map(window).collect()))
        };
        Section::Schedules(self.schedules.iter().map(change).collect())
    }
}

impl Vectors {
    fn lock(&self) -> Lock<'_> {
        let ground = Ground {
            property: &self.property,
            root: self.property.root(),
            root_key: self.root_private.signing_key(),
            origin: self.origin.secret(),
            pepper: self.pepper.secret(),
            day: self.day_key.secret(),
        };
        Lock::new(ground).unwrap()
    }

    /// A lock that took all bundles of a scene.
    fn synced(&self, scene: &Scene) -> Lock<'_> {
        let mut lock = self.lock();
        for (seq, changes) in (1..).zip(&scene.bundles) {
            let changes = changes.iter().map(|told| told.change(self).unwrap());
            let mut sections = vec![Section::Codes(changes.collect())];
            if seq == 1 {
                sections.push(scene.schedules());
                sections.push(Section::Config(scene.config()));
            }
            let bundle = lock.seal(Parcel {
                key_epoch: 0,
                seq,
                base: (seq > 1).then_some(seq - 1),
                sections,
            });
            lock.push(&bundle.unwrap()).unwrap();
        }
        lock
    }
}

#[test]
fn a_typed_code_is_answered_alike() {
    let vectors = vectors();
    for scene in &vectors.scenes {
        let mut lock = vectors.synced(scene);
        if let Some((earliest, latest)) = scene.interval {
            lock.attest(earliest, latest - earliest).unwrap();
        }
        if let Some(floor) = scene.floor {
            let lane = CriticalLane {
                lock: vectors.property.lock(),
                root_version: 1,
                key_epoch: 0,
                seq: 1,
                issued: UtcSeconds(0),
                expires: UtcSeconds(u64::MAX),
                time_floor: UtcSeconds(floor),
                issue_floor: UtcSeconds(0),
                revocations: Vec::new(),
                ack: None,
            };
            assert!(lock.lane(&lane).unwrap());
        }
        let mut before = 0;
        for (at, digits, deadbolt_thrown, is_charged, expected) in &scene.typed {
            lock.wait(at - before);
            before = *at;
            let body = Body {
                battery_percent: if *is_charged { WELL.battery_percent } else { 0 },
                deadbolt_thrown: *deadbolt_thrown,
            };
            let answer = match lock.type_code(digits, body) {
                None => "",
                Some(Ok(())) => "OPENS",
                Some(refused) => name(refused),
            };
            assert_eq!(answer, expected, "{}: {digits} at {at} ms", scene.why);
        }
    }
}

#[test]
fn a_table_has_room_for_the_same_number_of_rows() {
    let vectors = vectors();
    for &(rows, fits) in &vectors.rows {
        let changes = (0..rows).map(|id| Change::Set(id, 1, Schedule::default()));
        let mut lock = vectors.lock();
        let bundle = lock.seal(Parcel {
            key_epoch: 0,
            seq: 1,
            base: None,
            sections: vec![Section::Schedules(changes.collect())],
        });
        assert_eq!(lock.push(&bundle.unwrap()).is_ok(), fits, "{rows} rows");
    }
}
