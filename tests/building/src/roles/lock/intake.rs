//! What happens to a lock from outside, in one queue: phones' radios, hands at the door, the end of standard input.

use super::hands::{Change, Heard};
use crate::children::until_input_ends;
use keyway_air::ToLock;
use keyway_platform::radio::pipe::Decoder;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// A phone that does not take what it is sent for this long is gone.
const PIPE_STUCK: Duration = Duration::from_secs(2);
/// The bolt moves within this, or somebody typed into the void.
const KEYPAD_ANSWER: Duration = Duration::from_secs(10);

/// One thing that happened.
pub(super) enum Event {
    /// A phone's radio connected; writes go to this pipe.
    Arrived(u64, TcpStream),
    /// A phone's radio asks for something.
    Asked(u64, ToLock),
    /// A phone's radio is gone.
    Left(u64),
    /// Somebody typed a code and waits for what the lock does.
    Typed(Vec<u8>, Sender<Heard>),
    /// Something about the lock changes.
    Changed(Change, Sender<Heard>),
    /// Whoever started this process wants it to end.
    Ended,
}

/// The queue.
pub(super) struct Intake(Receiver<Event>);

impl Intake {
    /// Listens on both sockets and on standard input.
    pub(super) fn open(air: TcpListener, keypad: TcpListener) -> Self {
        let (sender, receiver) = channel();
        let phones = sender.clone();
        thread::spawn(move || accept_phones(&air, &phones));
        let hands = sender.clone();
        thread::spawn(move || accept_hands(&keypad, &hands));
        thread::spawn(move || {
            until_input_ends();
            let _ended_already = sender.send(Event::Ended);
        });
        Self(receiver)
    }

    /// The next event within `pause`.
    pub(super) fn next(&self, pause: Duration) -> Option<Event> {
        self.0.recv_timeout(pause).ok()
    }
}

fn accept_phones(listener: &TcpListener, events: &Sender<Event>) {
    for (number, pipe) in (1..).zip(listener.incoming().map_while(Result::ok)) {
        let Ok(writer) = pipe.try_clone() else {
            continue;
        };
        // Small frames must not wait for each other: the air's own pace is the only one.
        let _slower = pipe.set_nodelay(true);
        let _stuck = writer.set_write_timeout(Some(PIPE_STUCK));
        if events.send(Event::Arrived(number, writer)).is_err() {
            return;
        }
        let events = events.clone();
        thread::spawn(move || {
            read_phone(number, pipe, &events);
            let _ended = events.send(Event::Left(number));
        });
    }
}

fn read_phone(number: u64, mut pipe: TcpStream, events: &Sender<Event>) {
    let mut decoder = Decoder::new();
    let mut bytes = [0; 2048];
    loop {
        let Ok(read @ 1..) = pipe.read(&mut bytes) else {
            return;
        };
        let Ok(messages) = decoder.push::<ToLock>(&bytes[..read]) else {
            return;
        };
        for message in messages {
            if events.send(Event::Asked(number, message)).is_err() {
                return;
            }
        }
    }
}

fn accept_hands(listener: &TcpListener, events: &Sender<Event>) {
    for mut pipe in listener.incoming().map_while(Result::ok) {
        let mut line = String::new();
        let Ok(copy) = pipe.try_clone() else { continue };
        if BufReader::new(copy).read_line(&mut line).is_err() {
            continue;
        }
        let (answer, heard) = channel();
        let Ok(event) = understand(line.trim(), answer) else {
            continue;
        };
        if events.send(event).is_err() {
            return;
        }
        let heard = heard.recv_timeout(KEYPAD_ANSWER).unwrap_or(Heard::Nothing);
        if let Ok(line) = serde_json::to_string(&heard) {
            let _gone = writeln!(pipe, "{line}");
        }
    }
}

fn understand(line: &str, answer: Sender<Heard>) -> serde_json::Result<Event> {
    if line.starts_with('{') {
        return Ok(Event::Changed(serde_json::from_str(line)?, answer));
    }
    let digits = line.bytes().filter(u8::is_ascii_digit);
    let digits = digits.map(|digit| digit - b'0').collect();
    Ok(Event::Typed(digits, answer))
}
