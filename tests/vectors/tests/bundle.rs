//! The bulk lane: the same sections, the same sealed bundles, and none that is malformed or torn.

use keyway_protocol::bundle::{
    Bundle, Change, CodeEntry, CodeKind, DoorConfig, Manifest, Section, SectionKind,
    section_context,
};
use keyway_protocol::code::{CodeTag, OffsetChange, OffsetTable};
use keyway_protocol::crypto::{open_with, seal_to};
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::schedule::{Schedule, WeeklyWindow};
use keyway_protocol::service::{self, BundleHead};
use keyway_protocol::time::UtcSeconds;
use keyway_vectors::{Hex, Listed, Malformed, Property, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    origin: Hex,
    sections: Vec<SectionCase>,
    sections_malformed: Vec<MalformedSection>,
    configurations_reserved: Malformed,
    bundles: Vec<BundleCase>,
    bundles_malformed: Malformed,
    manifests_reserved: Malformed,
    manifests_malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionCase {
    kind: String,
    #[serde(default)]
    changes: Vec<ChangeCase>,
    #[serde(default)]
    daily_digits: u8,
    local_time: Option<(Vec<(i64, i32)>, i64)>,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeCase {
    id: u32,
    version: u32,
    code: Option<Code>,
    schedule: Option<Vec<(u8, u16, u16)>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    kind: u8,
    digits: u8,
    tag: Hex,
    not_before: Option<u64>,
    expires: Option<u64>,
    schedule_id: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MalformedSection {
    why: String,
    kind: String,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleCase {
    key_epoch: u32,
    seq: u64,
    base: Option<u64>,
    issued: u64,
    expires: u64,
    chunk_size: u16,
    ephemeral: Vec<Hex>,
    sections: Vec<Plaintext>,
    manifest: Hex,
    bundle: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plaintext {
    kind: String,
    plaintext: Hex,
}

fn vectors() -> Vectors {
    load("bundle")
}

fn kind(name: &str) -> SectionKind {
    match name {
        "codes" => SectionKind::Codes,
        "schedules" => SectionKind::Schedules,
        _ => SectionKind::Config,
    }
}

fn schedule(windows: &[(u8, u16, u16)]) -> Schedule {
    let window = |&(days, from, until): &(u8, u16, u16)| WeeklyWindow { days, from, until };
    Schedule(windows.iter().map(window).collect())
}

impl Code {
    fn entry(&self) -> CodeEntry {
        CodeEntry {
            kind: match self.kind {
                1 => CodeKind::Residence,
                2 => CodeKind::Communal,
                _ => CodeKind::Guest,
            },
            digits: self.digits,
            tag: CodeTag(self.tag.array()),
            not_before: self.not_before.map(UtcSeconds),
            expires: self.expires.map(UtcSeconds),
            schedule: self.schedule_id,
        }
    }
}

impl ChangeCase {
    fn change<T>(&self, entry: Option<T>) -> Change<T> {
        match entry {
            Some(entry) => Change::Set(self.id, self.version, entry),
            None => Change::Delete(self.id, self.version),
        }
    }
}

impl SectionCase {
    fn section(&self) -> Option<Section> {
        let changes = self.changes.iter();
        Some(match kind(&self.kind) {
            SectionKind::Codes => Section::Codes(
                changes
                    .map(|change| change.change(change.code.as_ref().map(Code::entry)))
                    .collect(),
            ),
            SectionKind::Schedules => Section::Schedules(
                changes
                    .map(|change| change.change(change.schedule.as_deref().map(schedule)))
                    .collect(),
            ),
            SectionKind::Config => Section::Config(DoorConfig {
                daily_digits: self.daily_digits,
                local_time: self.local_time()?,
            }),
        })
    }

    /// `None` inside for a door without; `None` outside for a table that is none.
    fn local_time(&self) -> Option<Option<OffsetTable>> {
        let Some((changes, ends)) = &self.local_time else {
            return Some(None);
        };
        let change = |&(from, offset): &(i64, i32)| OffsetChange { from, offset };
        OffsetTable::new(changes.iter().map(change).collect(), *ends).map(Some)
    }
}

#[test]
fn a_section_is_the_same_bytes() {
    for case in vectors().sections {
        let section = case.section().unwrap();
        assert_eq!(Hex(section.encode()), case.plaintext);
        let read = Section::decode(kind(&case.kind), &case.plaintext.0);
        assert_eq!(read, Ok(section));
    }
}

#[test]
fn a_reserved_key_of_a_configuration_is_ignored() {
    let reserved = vectors().configurations_reserved;
    let read = |bytes: &[u8]| Section::decode(SectionKind::Config, bytes);
    let good = read(&reserved.base.0);
    for (why, bytes) in reserved.cases() {
        assert_eq!(read(&bytes), good, "{why}");
    }
    assert!(good.is_ok());
}

#[test]
fn a_malformed_section_is_refused() {
    let malformed = vectors().sections_malformed;
    let read = malformed.iter().map(|case| {
        let read = Section::decode(kind(&case.kind), &case.plaintext.0);
        (case.why.as_str(), read.is_ok())
    });
    assert_refused(read);
}

#[test]
fn a_bundle_is_sealed_and_signed_in_the_same_bytes() {
    let vectors = vectors();
    let (lock, policy) = (vectors.property.lock(), vectors.property.policy());
    let first = EpochKeys::first(&vectors.origin.secret());
    let cut_alike = vectors
        .bundles
        .iter()
        .filter(|case| case.chunk_size == Manifest::CHUNK_SIZE);
    for case in cut_alike {
        let head = BundleHead {
            lock,
            seq: case.seq,
            base: case.base,
            issued: UtcSeconds(case.issued),
            expires: UtcSeconds(case.expires),
        };
        let section =
            |part: &Plaintext| Section::decode(kind(&part.kind), &part.plaintext.0).unwrap();
        let sections = case.sections.iter().map(section).collect();
        let epoch = first.roll(1, case.key_epoch).unwrap();
        let mut random = Listed::new(&case.ephemeral);
        let bundle = service::bundle(&head, sections, &epoch, &policy, &mut random).unwrap();
        assert_eq!(Hex(bundle.encode()), case.bundle);
        assert_eq!(random.left(), 0);
    }
}

#[test]
fn a_bundle_opens_to_the_same_sections() {
    let vectors = vectors();
    let (root, lock) = (vectors.property.root(), vectors.property.lock());
    let first = EpochKeys::first(&vectors.origin.secret());
    for case in &vectors.bundles {
        let bundle = Bundle::decode(&case.bundle.0).unwrap();
        assert_eq!(bundle.manifest(), case.manifest.0);
        let manifest = Manifest::verify(bundle.manifest(), &root, &lock).unwrap();
        assert_eq!((manifest.seq, manifest.base), (case.seq, case.base));
        assert_eq!(manifest.issued, UtcSeconds(case.issued));
        assert_eq!(manifest.expires, UtcSeconds(case.expires));
        assert_eq!(manifest.chunk_size, case.chunk_size);
        let body = bundle.transfer().unwrap().chunks.concat();
        let key = first.roll(1, case.key_epoch).unwrap().sealing_key();
        let mut rest = body.as_slice();
        let parts = case.sections.iter().zip(&case.ephemeral);
        for (entry, (part, ephemeral)) in manifest.sections.iter().zip(parts) {
            let (sealed, following) = rest.split_at(entry.length as usize);
            rest = following;
            let context = section_context(&lock, (1, case.key_epoch, case.seq), entry.kind);
            let opened = open_with(&key, &context, sealed);
            assert_eq!(opened.map(Hex).as_ref(), Some(&part.plaintext));
            let plaintext = &part.plaintext.0;
            let again = seal_to(&key.public(), &context, plaintext, &ephemeral.secret());
            assert_eq!(again.as_deref(), Some(sealed));
        }
        assert!(rest.is_empty());
        assert_eq!(manifest.sections.len(), case.sections.len());
    }
}

#[test]
fn a_torn_bundle_is_not_carried() {
    let malformed = vectors().bundles_malformed;
    assert!(Bundle::decode(&malformed.base.0).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, Bundle::decode(&bytes).is_ok()));
    assert_refused(read);
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_manifest_is_refused() {
    let vectors = vectors();
    let (root, lock) = (vectors.property.root(), vectors.property.lock());
    let is_manifest = |bytes: &[u8]| Manifest::verify(bytes, &root, &lock).is_ok();
    for (why, bytes) in vectors.manifests_reserved.cases() {
        assert!(is_manifest(&bytes), "{why}");
    }
    let malformed = &vectors.manifests_malformed;
    assert!(is_manifest(&malformed.base.0));
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, is_manifest(&bytes)));
    assert_refused(read);
}
