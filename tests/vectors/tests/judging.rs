//! What a lock makes of well-made documents: it judges grants, takes lanes and manifests, and refuses code tables as the text says.

mod installed;

use installed::{Ground, Lock, Parcel, name};
use keyway_protocol::bundle::{Change, CodeEntry, CodeKind, DoorConfig, Section};
use keyway_protocol::code::{CodeTag, OffsetChange, OffsetTable};
use keyway_protocol::critical::{CriticalLane, Revocation, Revoked};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::grant::{Flags, GrantClaims, Operations};
use keyway_protocol::ids::{GrantId, HolderHash, SubjectId};
use keyway_protocol::lock::{Intake, Operation};
use keyway_protocol::schedule::{Schedule, WeeklyWindow};
use keyway_protocol::service::issue;
use keyway_protocol::time::UtcSeconds;
use keyway_vectors::{Hex, Property, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    root_private: Hex,
    origin: Hex,
    local_time: (Vec<(i64, i32)>, i64),
    grant: Base,
    grants: Vec<Judged>,
    lanes: Vec<LaneCase>,
    manifests: Vec<ManifestCase>,
    tables: Vec<TableCase>,
}

/// The grant of the first case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    subject_id: Hex,
    grant_id: Hex,
    expires: u64,
    not_before: u64,
    issued: u64,
    root_version: u32,
    operations: u16,
    flags: u16,
    least_crit_seq: u64,
    schedule: Vec<(u8, u16, u16)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    why: String,
    ask: String,
    answer: String,
    interval: Option<(u64, u64)>,
    floor: Option<u64>,
    /// Uptime between the lane that brings the floor and the question.
    #[serde(default)]
    passed_ms: u64,
    #[serde(default)]
    issue_floor: u64,
    /// Subject (0) or holder (1), who, until when.
    #[serde(default)]
    revocations: Vec<(u8, Hex, u64)>,
    unlock_without_time: Option<bool>,
    #[serde(default)]
    local_time: bool,
    expires: Option<u64>,
    not_before: Option<u64>,
    issued: Option<u64>,
    root_version: Option<u32>,
    operations: Option<u16>,
    flags: Option<u16>,
    least_crit_seq: Option<u64>,
    schedule: Option<Vec<(u8, u16, u16)>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LaneCase {
    why: String,
    answer: String,
    interval: Option<(u64, u64)>,
    #[serde(rename = "floor")]
    _floor: Option<u64>,
    root_version: u32,
    key_epoch: u32,
    seq: u64,
    issued: u64,
    expires: u64,
    time_floor: u64,
    issue_floor: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestCase {
    why: String,
    answer: String,
    key_epoch: u32,
    seq: u64,
    base: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableCase {
    /// Length, and how many codes of that length.
    codes: Vec<(u8, u32)>,
    daily_digits: u8,
    safe: bool,
}

fn vectors() -> Vectors {
    load("judging")
}

impl Vectors {
    fn lock(&self, residents_without_clock: bool) -> Option<Lock<'_>> {
        let mut root = self.property.root();
        root.residents_without_clock = residents_without_clock;
        Lock::new(Ground {
            property: &self.property,
            root,
            root_key: self.root_private.signing_key(),
            origin: self.origin.secret(),
            pepper: Secret32::new([2; 32]),
            day: Secret32::new([3; 32]),
        })
    }

    /// A lane of root version 1 that is never too old, new or ahead.
    fn lane(&self, key_epoch: u32, seq: u64) -> CriticalLane {
        CriticalLane {
            lock: self.property.lock(),
            root_version: 1,
            key_epoch,
            seq,
            issued: UtcSeconds(0),
            expires: UtcSeconds(u64::MAX),
            time_floor: UtcSeconds(0),
            issue_floor: UtcSeconds(0),
            revocations: Vec::new(),
            ack: None,
        }
    }

    fn local_time(&self) -> Option<OffsetTable> {
        let change = |&(from, offset): &(i64, i32)| OffsetChange { from, offset };
        let (changes, ends) = &self.local_time;
        OffsetTable::new(changes.iter().map(change).collect(), *ends)
    }

    fn grant(&self, case: &Judged) -> Vec<u8> {
        let base = &self.grant;
        let window = |&(days, from, until): &(u8, u16, u16)| WeeklyWindow { days, from, until };
        let mut claims = GrantClaims::new(
            (
                GrantId(base.grant_id.array()),
                SubjectId(base.subject_id.array()),
                self.property.lock(),
            ),
            &self.property.holder(),
            UtcSeconds(case.issued.unwrap_or(base.issued)),
            (
                UtcSeconds(case.not_before.unwrap_or(base.not_before)),
                UtcSeconds(case.expires.unwrap_or(base.expires)),
            ),
            (
                case.root_version.unwrap_or(base.root_version),
                case.least_crit_seq.unwrap_or(base.least_crit_seq),
            ),
        );
        claims.operations = Operations(case.operations.unwrap_or(base.operations));
        claims.flags = Flags(case.flags.unwrap_or(base.flags));
        let windows = case.schedule.as_ref().unwrap_or(&base.schedule);
        claims.schedule = Schedule(windows.iter().map(window).collect());
        issue::grant(&claims, &self.property.policy())
    }
}

impl Judged {
    /// The lane that brings the lock where the case is.
    fn lane(&self, vectors: &Vectors) -> CriticalLane {
        let revocation = |(kind, who, until): &(u8, Hex, u64)| Revocation {
            whom: match kind {
                0 => Revoked::Subject(SubjectId(who.array())),
                _ => Revoked::Holder(HolderHash(who.array())),
            },
            until: UtcSeconds(*until),
        };
        CriticalLane {
            time_floor: UtcSeconds(self.floor.unwrap_or_default()),
            issue_floor: UtcSeconds(self.issue_floor),
            revocations: self.revocations.iter().map(revocation).collect(),
            ..vectors.lane(0, 5)
        }
    }

    fn operation(&self) -> Operation {
        match self.ask.as_str() {
            "session" => Operation::Session,
            "sync" => Operation::Sync,
            ask => Operation::Unlock {
                presence: ask == "unlock with presence",
            },
        }
    }
}

#[test]
fn a_grant_is_judged_alike() {
    let vectors = vectors();
    for case in &vectors.grants {
        let without_time = case.unlock_without_time.unwrap_or(true);
        let mut lock = vectors.lock(without_time).unwrap();
        assert!(lock.lane(&case.lane(&vectors)).unwrap(), "{}", case.why);
        if case.local_time {
            let config = DoorConfig {
                daily_digits: 0,
                local_time: vectors.local_time(),
            };
            let bundle = lock.seal(Parcel {
                key_epoch: 0,
                seq: 1,
                base: None,
                sections: vec![Section::Config(config)],
            });
            lock.push(&bundle.unwrap()).unwrap();
        }
        if let Some((earliest, latest)) = case.interval {
            lock.attest(earliest, latest - earliest).unwrap();
        }
        lock.wait(case.passed_ms);
        let judged = lock.judge(&vectors.grant(case), case.operation());
        assert_eq!(name(judged), case.answer, "{}", case.why);
    }
}

#[test]
fn a_lane_is_applied_or_refused_alike() {
    let vectors = vectors();
    for case in &vectors.lanes {
        let mut lock = vectors.lock(true).unwrap();
        assert!(lock.lane(&vectors.lane(2, 5)).unwrap());
        if let Some((earliest, latest)) = case.interval {
            lock.attest(earliest, latest - earliest).unwrap();
        }
        let applied = lock.lane(&CriticalLane {
            root_version: case.root_version,
            issued: UtcSeconds(case.issued),
            expires: UtcSeconds(case.expires),
            time_floor: UtcSeconds(case.time_floor),
            issue_floor: UtcSeconds(case.issue_floor),
            ..vectors.lane(case.key_epoch, case.seq)
        });
        let answer = match applied {
            Ok(true) => "APPLIED",
            Ok(false) => "UNCHANGED",
            Err(error) => name(Err(error)),
        };
        assert_eq!(answer, case.answer, "{}", case.why);
    }
}

#[test]
fn a_manifest_is_taken_or_refused_alike() {
    let vectors = vectors();
    for case in &vectors.manifests {
        let mut lock = vectors.lock(true).unwrap();
        assert!(lock.lane(&vectors.lane(2, 1)).unwrap());
        let parcel = |key_epoch, seq, base| Parcel {
            key_epoch,
            seq,
            base,
            sections: vec![Section::Codes(Vec::new())],
        };
        let standing = lock.seal(parcel(2, 3, None)).unwrap();
        lock.push(&standing).unwrap();
        let next = lock
            .seal(parcel(case.key_epoch, case.seq, case.base))
            .unwrap();
        let answer = match lock.announce(&next) {
            Ok(Intake::Missing(_)) => "TAKEN",
            Ok(Intake::Applied(_)) => "AGAIN",
            Err(error) => name(Err(error)),
        };
        assert_eq!(answer, case.answer, "{}", case.why);
    }
}

#[test]
fn a_table_that_a_guesser_would_like_is_refused_alike() {
    let vectors = vectors();
    for case in &vectors.tables {
        let lengths = case
            .codes
            .iter()
            .flat_map(|&(digits, count)| std::iter::repeat_n(digits, count as usize));
        let change = |(id, digits): (u32, u8)| {
            let mut tag = [0; 16];
            tag[..4].copy_from_slice(&id.to_be_bytes());
            let entry = CodeEntry {
                kind: CodeKind::Residence,
                digits,
                tag: CodeTag(tag),
                not_before: None,
                expires: None,
                schedule: None,
            };
            Change::Set(id, 1, entry)
        };
        let config = DoorConfig {
            daily_digits: case.daily_digits,
            local_time: None,
        };
        let sections = vec![
            Section::Codes((0..).zip(lengths).map(change).collect()),
            Section::Config(config),
        ];
        let mut lock = vectors.lock(true).unwrap();
        let bundle = lock.seal(Parcel {
            key_epoch: 0,
            seq: 1,
            base: None,
            sections,
        });
        let applied = lock.push(&bundle.unwrap());
        assert_eq!(applied.is_ok(), case.safe, "{:?}", case.codes);
    }
}
