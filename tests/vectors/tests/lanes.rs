//! Critical lanes and their sections: the same bytes, and none that is malformed.

use keyway_protocol::critical::{CriticalLane, LogAck, Revocation, Revoked};
use keyway_protocol::ids::{Digest, HolderHash, LockId, SubjectId};
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::RootChain;
use keyway_protocol::service::issue;
use keyway_protocol::time::UtcSeconds;
use keyway_vectors::{Hex, Malformed, Property, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    lanes: Vec<Lane>,
    lanes_reserved: Malformed,
    lanes_malformed: Malformed,
    lane_sections: Vec<Section>,
    lane_sections_malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lane {
    lock_id: Hex,
    root_version: u32,
    key_epoch: u32,
    seq: u64,
    issued: u64,
    expires: u64,
    time_floor: u64,
    issue_floor: u64,
    /// Subject or holder, who, until when.
    revocations: Vec<(String, Hex, u64)>,
    ack: Option<(u64, Hex, u64)>,
    signed: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    chain: Vec<Hex>,
    lane: Hex,
    section: Hex,
}

fn vectors() -> Vectors {
    load("lanes")
}

fn revocation((kind, who, until): &(String, Hex, u64)) -> Revocation {
    let whom = match kind.as_str() {
        "subject" => Revoked::Subject(SubjectId(who.array())),
        _ => Revoked::Holder(HolderHash(who.array())),
    };
    Revocation {
        whom,
        until: UtcSeconds(*until),
    }
}

impl Lane {
    fn lane(&self) -> CriticalLane {
        let ack = self.ack.as_ref().map(|(entries, head, receipt)| LogAck {
            entries: *entries,
            head: Digest(head.array()),
            receipt: *receipt,
        });
        CriticalLane {
            lock: LockId(self.lock_id.array()),
            root_version: self.root_version,
            key_epoch: self.key_epoch,
            seq: self.seq,
            issued: UtcSeconds(self.issued),
            expires: UtcSeconds(self.expires),
            time_floor: UtcSeconds(self.time_floor),
            issue_floor: UtcSeconds(self.issue_floor),
            revocations: self.revocations.iter().map(revocation).collect(),
            ack,
        }
    }
}

#[test]
fn a_critical_lane_is_the_same_bytes() {
    let vectors = vectors();
    let (root, policy) = (vectors.property.root(), vectors.property.policy());
    for case in &vectors.lanes {
        let lane = case.lane();
        assert_eq!(Hex(issue::critical(&lane, &policy)), case.signed);
        let read = CriticalLane::verify(&case.signed.0, &root, &lane.lock);
        assert_eq!(read, Ok(lane));
    }
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_lane_is_refused() {
    let vectors = vectors();
    let (root, lock) = (vectors.property.root(), vectors.property.lock());
    let is_lane = |bytes: &[u8]| CriticalLane::verify(bytes, &root, &lock).is_ok();
    for (why, bytes) in vectors.lanes_reserved.cases() {
        assert!(is_lane(&bytes), "{why}");
    }
    let malformed = &vectors.lanes_malformed;
    assert!(is_lane(&malformed.base.0));
    let read = malformed.cases().map(|(why, bytes)| (why, is_lane(&bytes)));
    assert_refused(read);
}

#[test]
fn a_lane_section_is_the_same_bytes() {
    for case in vectors().lane_sections {
        let versions = case.chain.iter().map(|version| version.0.clone()).collect();
        let section = LaneSection::new(RootChain::new(versions), case.lane.0.clone());
        assert_eq!(Hex(section.encode()), case.section);
        assert_eq!(LaneSection::decode(&case.section.0), Ok(section));
    }
}

#[test]
fn a_malformed_lane_section_is_refused() {
    let malformed = vectors().lane_sections_malformed;
    assert!(LaneSection::decode(&malformed.base.0).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, LaneSection::decode(&bytes).is_ok()));
    assert_refused(read);
}
