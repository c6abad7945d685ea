//! Requests and replies of a session: the same plaintexts, and none that is malformed.

use keyway_protocol::error::{Code, Error, Retry};
use keyway_protocol::hello::{ClockQuality, ClockState};
use keyway_protocol::ids::CommandId;
use keyway_protocol::wire::message::Command;
use keyway_protocol::wire::reply::{CommandOutcome, Condition, Reply, Request};
use keyway_vectors::{Hex, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    requests: Vec<RequestCase>,
    requests_malformed: Vec<Malformed>,
    requests_refused: Vec<Malformed>,
    replies: Vec<ReplyCase>,
    replies_malformed: Vec<Malformed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestCase {
    number: u32,
    r#type: String,
    #[serde(default)]
    command: String,
    #[serde(default)]
    command_id: Hex,
    #[serde(default)]
    presence: bool,
    #[serde(default)]
    signature: Hex,
    #[serde(default)]
    index: u16,
    #[serde(default)]
    from: u64,
    #[serde(default)]
    body: Hex,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyCase {
    number: u32,
    r#type: String,
    #[serde(default)]
    command_id: Hex,
    #[serde(default)]
    outcome: String,
    /// Code, retry, milliseconds, whether it may have executed.
    error: Option<(u8, u8, u32, bool)>,
    #[serde(default)]
    next: u64,
    #[serde(default)]
    more: bool,
    condition: Option<Said>,
    #[serde(default)]
    body: Hex,
    plaintext: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    battery_percent: u8,
    deadbolt_thrown: bool,
    uptime_s: u32,
    clock_quality: u8,
    clock_width_s: u32,
    log_entries_unacknowledged: u32,
    motor_moves: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Malformed {
    why: String,
    plaintext: Hex,
}

fn vectors() -> Vectors {
    load("session")
}

impl RequestCase {
    fn command(&self) -> Command {
        let command = CommandId(self.command_id.array());
        match self.command.as_str() {
            "unlock" => Command::Unlock {
                command,
                presence: self.presence,
            },
            _ => Command::Status { command },
        }
    }

    fn request(&self) -> Option<Request> {
        let body = self.body.0.clone();
        Some(match self.r#type.as_str() {
            "command" => Request::Command(self.command(), None),
            "signed command" => Request::Command(self.command(), Some(self.signature.array())),
            "manifest" => Request::Manifest(body),
            "chunk" => Request::Chunk {
                index: self.index,
                bytes: body,
            },
            "receipts" => Request::Receipts,
            "log" => Request::Log { from: self.from },
            "time nonce" => Request::TimeNonce,
            "attest" => Request::Attest(body),
            "condition" => Request::Condition,
            _ => return None,
        })
    }
}

impl Said {
    fn condition(&self) -> Condition {
        let quality = match self.clock_quality {
            0 => ClockQuality::Unknown,
            1 => ClockQuality::Floor,
            _ => ClockQuality::Attested,
        };
        Condition {
            battery_percent: self.battery_percent,
            deadbolt_thrown: self.deadbolt_thrown,
            uptime: self.uptime_s,
            clock: ClockState {
                quality,
                width: self.clock_width_s,
            },
            log_entries: self.log_entries_unacknowledged,
            motor_moves: self.motor_moves,
        }
    }
}

impl ReplyCase {
    fn error(&self) -> Option<Error> {
        let (code, retry, milliseconds, may_have_executed) = self.error?;
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

    fn reply(&self) -> Option<Reply> {
        let body = self.body.0.clone();
        Some(match self.r#type.as_str() {
            "done" => Reply::Done,
            "refused" => Reply::Refused(self.error()?),
            "outcome" => Reply::Outcome {
                command: CommandId(self.command_id.array()),
                outcome: match self.outcome.as_str() {
                    "executed" => CommandOutcome::Executed,
                    "not executed" => CommandOutcome::NotExecuted(self.error()),
                    _ => CommandOutcome::Unknown,
                },
            },
            "missing" => Reply::Missing(body),
            "receipt" => Reply::Receipt(body),
            "log" => Reply::Log {
                next: self.next,
                more: self.more,
                segment: body,
            },
            "nonce" => Reply::TimeNonce(body),
            "condition" => Reply::Condition(self.condition.as_ref()?.condition()),
            _ => return None,
        })
    }
}

#[test]
fn a_request_says_the_same_in_the_same_bytes() {
    for case in vectors().requests {
        let request = case.request().unwrap();
        assert_eq!(Hex(request.encode(case.number)), case.plaintext);
        assert_eq!(
            Request::decode(&case.plaintext.0),
            Ok((case.number, request))
        );
    }
}

#[test]
fn a_reply_says_the_same_in_the_same_bytes() {
    for case in vectors().replies {
        let reply = case.reply().unwrap();
        assert_eq!(Hex(reply.encode(case.number)), case.plaintext);
        assert_eq!(Reply::decode(&case.plaintext.0), Ok((case.number, reply)));
    }
}

/// Number 0 is refused by the lock after it has decoded.
fn is_request(plaintext: &[u8]) -> bool {
    let known = Request::decode(plaintext).is_ok_and(|(number, _)| number != 0);
    known || Request::unknown(plaintext).is_some()
}

#[test]
fn a_malformed_request_is_refused() {
    let malformed = vectors().requests_malformed;
    let read = malformed
        .iter()
        .map(|case| (case.why.as_str(), is_request(&case.plaintext.0)));
    assert_refused(read);
}

/// Whole conversations have the refusal; here is that they come so far: what did not decode would end the link.
#[test]
fn a_request_that_is_refused_by_name_is_read() {
    let refused = vectors().requests_refused;
    assert!(!refused.is_empty());
    for case in refused {
        assert!(is_request(&case.plaintext.0), "{}", case.why);
    }
}

#[test]
fn a_malformed_reply_is_refused() {
    let malformed = vectors().replies_malformed;
    let read = malformed
        .iter()
        .map(|case| (case.why.as_str(), Reply::decode(&case.plaintext.0).is_ok()));
    assert_refused(read);
}
