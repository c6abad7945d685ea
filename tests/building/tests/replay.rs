//! Message 1 as it crossed the pipe between two processes, played again: to the same lock, and to another.
#![expect(clippy::expect_used, reason = "a failed helper is a failed test")]

mod support;

use keyway_platform::radio::pipe::{Decoder, Message as _, ToLock, ToPhone};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use support::Stage;

/// The lock says its say within this.
const ANSWER: Duration = Duration::from_secs(5);

/// Everything a phone wrote to `up` on its newest link.
fn frames(recorded: &[u8]) -> Vec<ToLock> {
    let mut decoder = Decoder::new();
    let operations = decoder.push::<ToLock>(recorded).expect("the pipe's form");
    operations
        .into_iter()
        .filter(|operation| matches!(operation, ToLock::Write(_)))
        .collect()
}

/// Plays frames at a lock on a fresh link; gives the notifications on `down`.
fn play(lock: SocketAddr, frames: &[ToLock]) -> usize {
    let mut pipe = TcpStream::connect(lock).expect("the lock");
    pipe.set_read_timeout(Some(ANSWER)).expect("a deadline");
    let opening = [ToLock::Connect { mtu: 517 }, ToLock::Subscribe];
    for operation in &opening {
        pipe.write_all(&operation.encode()).expect("sent");
    }
    let mut decoder = Decoder::new();
    let mut room = [0; 4_096];
    let (mut greeted, mut answers) = (false, 0);
    // The lock hangs up by itself, at the latest when nobody authenticates; an answer and an acknowledgement come before.
    while let Ok(read @ 1..) = pipe.read(&mut room) {
        for said in decoder
            .push::<ToPhone>(&room[..read])
            .expect("the pipe's form")
        {
            match said {
                ToPhone::NotifyHello(_) if !greeted => {
                    greeted = true;
                    for frame in frames {
                        pipe.write_all(&frame.encode()).expect("sent");
                    }
                }
                ToPhone::NotifyDown(_) => answers += 1,
                _ => {}
            }
        }
        if answers >= 2 {
            break;
        }
    }
    answers
}

#[test]
fn a_recorded_message_one_is_refused_by_the_same_and_by_another_lock() {
    let stage = Stage::new(517, 2);
    let mut phone = stage.phone("phone");
    phone.order(&json!({ "do": "doors" }));
    let [first, second] = &stage.locks[..] else {
        unreachable!("two doors");
    };
    let unlocked = phone.order(&json!({ "do": "unlock", "door": first.door }));
    assert_eq!(unlocked["said"], "unlocked");
    assert_eq!((first.moves(), second.moves()), (1, 0));
    let recorded = frames(&first.pipe.recorded());
    assert!(!recorded.is_empty(), "the phone wrote message 1");
    for lock in [first, second] {
        // The control: the lock read it and had something to say to it.
        assert!(play(lock.pipe.address(), &recorded) > 0);
    }
    assert_eq!((first.moves(), second.moves()), (1, 0));
}
