//! Descriptors, grants, attests and access records: the same bytes, and none that is malformed or about something else.

use keyway_protocol::critical::CriticalLane;
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::grant::{Flags, Grant, GrantClaims, Operations};
use keyway_protocol::ids::{GrantId, LockId, SubjectId};
use keyway_protocol::record::{AccessRecord, LaneSection};
use keyway_protocol::root::RootKey;
use keyway_protocol::schedule::{Schedule, WeeklyWindow};
use keyway_protocol::service::issue;
use keyway_protocol::time::{TimeAttest, UtcSeconds};
use keyway_vectors::{Hex, Malformed, Property, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    time_private: Hex,
    descriptors: Vec<DescriptorCase>,
    descriptors_malformed: Malformed,
    grants: Vec<GrantCase>,
    grants_reserved: Malformed,
    grants_malformed: Malformed,
    attests: Vec<AttestCase>,
    attests_reserved: Malformed,
    attests_malformed: Malformed,
    scoped: Vec<Scoped>,
    access_record: Record,
    access_records_malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescriptorCase {
    lock_id: Hex,
    identity: Hex,
    suite: u8,
    key_epoch: u32,
    hint_key: Hex,
    root_version: u32,
    signed: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantCase {
    subject_id: Hex,
    lock_id: Hex,
    expires: u64,
    not_before: u64,
    issued: u64,
    grant_id: Hex,
    holder_hash: Hex,
    root_version: u32,
    operations: u16,
    flags: u16,
    least_crit_seq: u64,
    schedule: Vec<(u8, u16, u16)>,
    signed: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttestCase {
    lock_id: Hex,
    nonce: Hex,
    utc: u64,
    signed: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scoped {
    kind: String,
    why: String,
    signed: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    pinned: Hex,
    record: Hex,
}

fn vectors() -> Vectors {
    load("grants")
}

impl DescriptorCase {
    fn descriptor(&self) -> Descriptor {
        Descriptor::new(
            LockId(self.lock_id.array()),
            self.identity.public_key(),
            self.suite,
            (self.root_version, self.key_epoch),
            &self.hint_key.secret(),
        )
    }
}

impl GrantCase {
    fn claims(&self, property: &Property) -> GrantClaims {
        let window = |&(days, from, until): &(u8, u16, u16)| WeeklyWindow { days, from, until };
        let mut claims = GrantClaims::new(
            (
                GrantId(self.grant_id.array()),
                SubjectId(self.subject_id.array()),
                LockId(self.lock_id.array()),
            ),
            &property.holder(),
            UtcSeconds(self.issued),
            (UtcSeconds(self.not_before), UtcSeconds(self.expires)),
            (self.root_version, self.least_crit_seq),
        );
        claims.operations = Operations(self.operations);
        claims.flags = Flags(self.flags);
        claims.schedule = Schedule(self.schedule.iter().map(window).collect());
        claims
    }
}

/// Whether a lock under this root takes it as a grant.
fn is_grant(bytes: &[u8], property: &Property) -> bool {
    Grant::decode(bytes).is_ok_and(|grant| grant.verify(&property.root(), &property.lock()).is_ok())
}

#[test]
fn a_descriptor_is_the_same_bytes() {
    let vectors = vectors();
    let (root, policy) = (vectors.property.root(), vectors.property.policy());
    for case in &vectors.descriptors {
        let descriptor = case.descriptor();
        assert_eq!(Hex(issue::descriptor(&descriptor, &policy)), case.signed);
        assert_eq!(Descriptor::verify(&case.signed.0, &root), Ok(descriptor));
    }
}

#[test]
fn a_malformed_descriptor_is_refused() {
    let vectors = vectors();
    let root = vectors.property.root();
    let malformed = &vectors.descriptors_malformed;
    assert!(Descriptor::verify(&malformed.base.0, &root).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, Descriptor::verify(&bytes, &root).is_ok()));
    assert_refused(read);
}

#[test]
fn a_grant_is_the_same_bytes() {
    let vectors = vectors();
    let (property, policy) = (&vectors.property, vectors.property.policy());
    for case in &vectors.grants {
        let claims = case.claims(property);
        assert_eq!(claims.holder().0, case.holder_hash.array());
        assert_eq!(Hex(issue::grant(&claims, &policy)), case.signed);
        let read = Grant::decode(&case.signed.0).unwrap();
        assert_eq!(*read.claims(), claims);
        assert!(is_grant(&case.signed.0, property));
    }
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_grant_is_refused() {
    let vectors = vectors();
    let property = &vectors.property;
    for (why, bytes) in vectors.grants_reserved.cases() {
        assert!(is_grant(&bytes, property), "{why}");
    }
    let malformed = &vectors.grants_malformed;
    assert!(is_grant(&malformed.base.0, property));
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, is_grant(&bytes, property)));
    assert_refused(read);
}

#[test]
fn an_attest_is_the_same_bytes() {
    let vectors = vectors();
    let (root, signer) = (vectors.property.root(), vectors.time_private.signing_key());
    for case in &vectors.attests {
        let attest = TimeAttest {
            lock: LockId(case.lock_id.array()),
            nonce: case.nonce.array(),
            utc: UtcSeconds(case.utc),
        };
        assert_eq!(Hex(issue::attest(&attest, &signer)), case.signed);
        let read = TimeAttest::verify(&case.signed.0, &root, &attest.lock);
        assert_eq!(read, Ok(attest));
    }
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_attest_is_refused() {
    let vectors = vectors();
    let (root, lock) = (vectors.property.root(), vectors.property.lock());
    let is_attest = |bytes: &[u8]| TimeAttest::verify(bytes, &root, &lock).is_ok();
    for (why, bytes) in vectors.attests_reserved.cases() {
        assert!(is_attest(&bytes), "{why}");
    }
    let malformed = &vectors.attests_malformed;
    assert!(is_attest(&malformed.base.0));
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, is_attest(&bytes)));
    assert_refused(read);
}

#[test]
fn what_is_signed_for_another_lock_or_root_version_is_refused() {
    let vectors = vectors();
    let (root, lock) = (vectors.property.root(), vectors.property.lock());
    let taken = vectors.scoped.iter().map(|case| {
        let bytes = &case.signed.0;
        let taken = match case.kind.as_str() {
            "grant" => is_grant(bytes, &vectors.property),
            "lane" => CriticalLane::verify(bytes, &root, &lock).is_ok(),
            _ => TimeAttest::verify(bytes, &root, &lock).is_ok(),
        };
        (case.why.as_str(), taken)
    });
    assert_refused(taken);
}

#[test]
fn an_access_record_is_the_same_bytes_and_a_malformed_one_is_refused() {
    let vectors = vectors();
    let record = &vectors.access_record;
    let pinned = RootKey(record.pinned.public_key());
    let read = AccessRecord::decode(&record.record.0, Some(&pinned)).unwrap();
    assert_eq!(read.lock_id(), vectors.property.lock());
    let section = LaneSection::decode(&read.lane_section()).unwrap();
    let descriptor = issue::descriptor(read.descriptor(), &vectors.property.policy());
    let again = AccessRecord::assemble(section, descriptor, read.grant_bytes().into());
    assert_eq!(Hex(again), record.record);

    let malformed = &vectors.access_records_malformed;
    assert_eq!(malformed.base, record.record);
    let read = malformed.cases().map(|(why, bytes)| {
        let read = AccessRecord::decode(&bytes, Some(&pinned));
        (why, read.is_ok())
    });
    assert_refused(read);
}
