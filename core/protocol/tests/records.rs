//! An access record is only as long as the message 1 that brings it to a lock.

mod estate;

use estate::{LOCK, NOON, Property, holder};
use keyway_protocol::critical::{CriticalLane, Revocation, Revoked};
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::ids::{CommandId, SubjectId};
use keyway_protocol::record::{AccessRecord, LaneSection};
use keyway_protocol::service::issue;
use keyway_protocol::wire::frame::{Framing, LONGEST_MESSAGE};
use keyway_protocol::wire::message::{Command, Message, Opening, Proof};

/// What Noise adds to a first message: the ephemeral key and the tag.
const NOISE: usize = 48;
/// What PROTOCOL.md says that lane section and grant may take together.
const TOGETHER: usize = 16_198;

/// A door whose root is at version 16 and whose lane revokes so many subjects.
struct Papers {
    section: LaneSection,
    descriptor: Vec<u8>,
    grant: Vec<u8>,
}

impl Papers {
    fn new(property: &Property, revoked: u16) -> Self {
        let subject = |number: u16| {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&number.to_be_bytes());
            let whom = Revoked::Subject(SubjectId(id));
            Revocation { whom, until: NOON }
        };
        let lane = CriticalLane {
            revocations: (0..revoked).map(subject).collect(),
            ..property.lane(2, NOON)
        };
        let scope = (property.root_version, 0);
        let hint_key = property.keys().hint_key();
        let descriptor = Descriptor::new(LOCK, property.identity(), 1, scope, &hint_key);
        let policy = property.policy();
        Self {
            section: LaneSection::new(property.chain(), issue::critical(&lane, &policy)),
            descriptor: issue::descriptor(&descriptor, &policy),
            grant: issue::grant(&property.claims(&holder(20), NOON), &policy),
        }
    }

    fn is_read(&self) -> bool {
        let (section, descriptor) = (self.section.clone(), self.descriptor.clone());
        let record = AccessRecord::assemble(section, descriptor, self.grant.clone());
        assert!(record.len() < AccessRecord::LONGEST);
        AccessRecord::decode(&record, None).is_ok()
    }

    /// Lane section and grant.
    fn length(&self) -> usize {
        self.section.encode().len() + self.grant.len()
    }

    /// A message 1 of that length goes through the framing.
    fn is_sent(&self) -> bool {
        let opening = Opening {
            lane: Some(self.section.encode()),
            proof: Proof::Grant {
                grant: self.grant.clone(),
                holder: holder(20).to_bytes(),
                signature: [1; 64],
            },
            command: Command::Unlock {
                command: CommandId([2; 16]),
                presence: true,
            },
        };
        let noise = vec![0; NOISE + opening.encode().len()];
        Framing::new(517)
            .send(Message::Open(noise).encode())
            .is_ok()
    }
}

#[test]
fn a_record_is_read_exactly_as_long_as_its_message_1_fits() {
    let mut property = Property::new();
    for _ in 2..=16 {
        property.rotate_root();
    }
    let (mut longest_read, mut shortest_refused) = (0, LONGEST_MESSAGE);
    for revoked in 455..468 {
        let papers = Papers::new(&property, revoked);
        assert_eq!(papers.is_read(), papers.is_sent(), "{revoked} revocations");
        if papers.is_read() {
            longest_read = longest_read.max(papers.length());
        } else {
            shortest_refused = shortest_refused.min(papers.length());
        }
    }
    assert!(
        longest_read > 0 && longest_read <= TOGETHER,
        "{longest_read}"
    );
    assert!(shortest_refused > TOGETHER, "{shortest_refused}");
    assert!(
        shortest_refused - longest_read < 32,
        "{longest_read} to {shortest_refused}"
    );
}
