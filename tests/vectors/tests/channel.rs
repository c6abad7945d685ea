//! What handshake messages and alerts say: the same plaintexts, and none that is malformed.

use keyway_protocol::error::{Code, Error, Retry};
use keyway_protocol::ids::{CommandId, GrantId, SlotId};
use keyway_protocol::wire::frame::Framing;
use keyway_protocol::wire::message::{Command, Message, Opening, Proof, Slot, Verdict};
use keyway_vectors::{Hex, Malformed, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    message_1: Vec<Message1>,
    message_1_malformed: Malformed1,
    /// Lengths of lane section and grant, and whether frames carry an unlock with both.
    message_1_longest: Vec<(usize, usize, bool)>,
    message_2: Vec<Message2>,
    message_2_malformed: Vec<Plaintext>,
    alerts: Vec<Alert>,
    messages_malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message1 {
    resumed: bool,
    lane: Hex,
    proof: String,
    grant: Hex,
    holder_key: Hex,
    signature: Hex,
    command: String,
    #[serde(default)]
    command_id: Hex,
    #[serde(default)]
    presence: bool,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Malformed1 {
    full: Malformed,
    resumed: Malformed,
}

/// Code, retry, milliseconds, whether it may have executed.
type WireError = (u8, u8, u32, bool);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message2 {
    verdict: u8,
    error: Option<WireError>,
    slot_id: Option<Hex>,
    psk: Option<Hex>,
    next_hello: Hex,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plaintext {
    why: String,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alert {
    error: WireError,
    next_hello: Hex,
    message: Hex,
}

fn vectors() -> Vectors {
    load("channel")
}

fn error((code, retry, milliseconds, may_have_executed): WireError) -> Option<Error> {
    let retry = match retry {
        0 => Retry::Never,
        1 => Retry::Now,
        2 => Retry::After(milliseconds),
        3 => Retry::AfterSync,
        _ => Retry::AfterUser,
    };
    Some(Error {
        code: Code::from_wire(code)?,
        retry,
        may_have_executed,
    })
}

impl Message1 {
    fn command(&self) -> Command {
        match self.command.as_str() {
            "unlock" => Command::Unlock {
                command: CommandId(self.command_id.array()),
                presence: self.presence,
            },
            "status" => Command::Status {
                command: CommandId(self.command_id.array()),
            },
            _ => Command::Session,
        }
    }

    fn proof(&self) -> Proof {
        match self.proof.as_str() {
            "slot" => Proof::Slot,
            "reference" => Proof::Reference {
                grant: GrantId(self.grant.array()),
                signature: self.signature.array(),
            },
            _ => Proof::Grant {
                grant: self.grant.0.clone(),
                holder: self.holder_key.array(),
                signature: self.signature.array(),
            },
        }
    }

    fn opening(&self) -> Opening {
        Opening {
            lane: Some(self.lane.0.clone()).filter(|lane| !lane.is_empty()),
            proof: self.proof(),
            command: self.command(),
        }
    }
}

impl Message2 {
    fn verdict(&self) -> Verdict {
        let slot = self.slot_id.as_ref().zip(self.psk.as_ref());
        let slot = slot.map(|(id, psk)| Slot {
            id: SlotId(id.array()),
            psk: psk.secret(),
        });
        match (self.verdict, self.error.and_then(error)) {
            (2, Some(error)) => Verdict::Refused {
                error,
                hello: self.next_hello.0.clone(),
            },
            (_, refused) => Verdict::Admitted { refused, slot },
        }
    }
}

/// A slot belongs to a resumed handshake and to no other; the lock looks at that when it has decoded.
fn is_read(plaintext: &[u8], resumed: bool) -> bool {
    Opening::decode(plaintext).is_ok_and(|opening| matches!(opening.proof, Proof::Slot) == resumed)
}

#[test]
fn message_1_says_the_same_in_the_same_bytes() {
    for case in vectors().message_1 {
        let opening = case.opening();
        assert_eq!(Hex(opening.encode()), case.plaintext);
        assert_eq!(Opening::decode(&case.plaintext.0), Ok(opening));
        assert!(is_read(&case.plaintext.0, case.resumed));
    }
}

#[test]
fn a_malformed_message_1_is_refused() {
    let Malformed1 { full, resumed } = vectors().message_1_malformed;
    for (malformed, resumed) in [(full, false), (resumed, true)] {
        assert!(is_read(&malformed.base.0, resumed));
        let read = malformed
            .cases()
            .map(|(why, bytes)| (why, is_read(&bytes, resumed)));
        assert_refused(read);
    }
}

#[test]
fn a_message_1_fits_frames_up_to_the_same_lane_and_grant() {
    for (lane, grant, fits) in vectors().message_1_longest {
        let opening = Opening {
            lane: Some(vec![0; lane]),
            proof: Proof::Grant {
                grant: vec![0; grant],
                holder: [0; 33],
                signature: [0; 64],
            },
            command: Command::Unlock {
                command: CommandId([0; 16]),
                presence: false,
            },
        };
        // The ephemeral key and the tag.
        let noise = vec![0; 48 + opening.encode().len()];
        let sent = Framing::new(517).send(Message::Open(noise).encode());
        assert_eq!(sent.is_ok(), fits, "{lane} and {grant}");
    }
}

#[test]
fn message_2_says_the_same_in_the_same_bytes() {
    for case in vectors().message_2 {
        let verdict = case.verdict();
        assert_eq!(Hex(verdict.encode()), case.plaintext);
        assert_eq!(Verdict::decode(&case.plaintext.0), Ok(verdict));
    }
}

#[test]
fn a_malformed_message_2_is_refused() {
    let malformed = vectors().message_2_malformed;
    let read = malformed.iter().map(|case| {
        (
            case.why.as_str(),
            Verdict::decode(&case.plaintext.0).is_ok(),
        )
    });
    assert_refused(read);
}

#[test]
fn an_alert_says_the_same_in_the_same_bytes() {
    for case in vectors().alerts {
        let message = Message::Alert(error(case.error).unwrap(), case.next_hello.0);
        assert_eq!(Hex(message.encode()), case.message);
        assert_eq!(Message::decode(&case.message.0), Ok(message));
    }
}

#[test]
fn a_malformed_message_is_refused() {
    let malformed = vectors().messages_malformed;
    assert!(Message::decode(&malformed.base.0).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, Message::decode(&bytes).is_ok()));
    assert_refused(read);
}
