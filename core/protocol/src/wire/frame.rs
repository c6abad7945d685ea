//! Acknowledged framing over a link that loses and doubles: numbered frames, cumulative and bitmap acknowledgement, resend both ways.
//!
//! A frame is `flags (1) ‖ [seq (1)] ‖ [ack (1) ‖ bitmap (2)] ‖ part`; PROTOCOL.md, "Frames". Both ends run the same machine.

mod codec;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use self::codec::{Ack, Frame, Part};
use super::codec::Malformed;
use super::gatt::frame_size;
use crate::error::ApiMisuse;
use crate::io::Millis;

/// The longest message, in bytes. Reassembly never holds more.
pub const LONGEST_MESSAGE: usize = 16 * 1024;
/// Frames in flight, and how far ahead a receiver keeps early ones.
pub const WINDOW: u8 = 16;
/// How long a receiver waits for something to acknowledge along with.
pub const ACK_DELAY: u64 = 30;
/// A link without progress for this long is lost.
pub const GIVE_UP: u64 = 8_000;

const FIRST_RESEND: u64 = 300;
const SHORTEST_RESEND: u64 = 150;
const LONGEST_RESEND: u64 = 600;
const UNACKNOWLEDGED_LIMIT: u8 = WINDOW / 2;

const DATA_HEADER: usize = 2;
const ACK_HEADER: usize = 3;

/// One end of a link's framing.
#[derive(Debug)]
pub struct Framing {
    frame_size: usize,
    sender: Sender,
    receiver: Receiver,
    /// When an acknowledgement has to leave at the latest.
    ack_due: Option<Millis>,
}

impl Framing {
    /// Framing for a fresh link with this ATT MTU.
    pub fn new(mtu: u16) -> Self {
        Self {
            frame_size: frame_size(mtu),
            sender: Sender::new(),
            receiver: Receiver::new(),
            ack_due: None,
        }
    }

    /// Queues a message.
    pub fn send(&mut self, message: Vec<u8>) -> Result<(), ApiMisuse> {
        if message.is_empty() || message.len() > LONGEST_MESSAGE {
            return Err(ApiMisuse::TooLong);
        }
        self.sender.queue.push_back(message);
        Ok(())
    }

    /// Takes a frame from the link. An error means that the peer does not speak this protocol; the link is then useless.
    pub fn handle_frame(&mut self, bytes: &[u8], now: Millis) -> Result<(), Malformed> {
        let frame = Frame::decode(bytes)?;
        if let Some(ack) = frame.ack {
            self.sender.acknowledged(ack, now);
        }
        if let Some(part) = frame.part {
            let urgent = self.receiver.take(part)?;
            let due = if urgent { now } else { now + ACK_DELAY };
            self.ack_due = Some(self.ack_due.map_or(due, |earlier| earlier.min(due)));
        }
        Ok(())
    }

    /// The next frame to put on the link, if one is due.
    pub fn poll_frame(&mut self, now: Millis) -> Option<Vec<u8>> {
        let acknowledging = self.ack_due.is_some();
        let room = self.frame_size - DATA_HEADER - if acknowledging { ACK_HEADER } else { 0 };
        if let Some(part) = self.sender.next(room, now) {
            let fits = DATA_HEADER + ACK_HEADER + part.bytes.len() <= self.frame_size;
            let ack = (acknowledging && fits).then(|| self.acknowledge());
            return Some(
                Frame {
                    ack,
                    part: Some(part),
                }
                .encode(),
            );
        }
        if self.ack_due.is_some_and(|due| due <= now) {
            return Some(
                Frame {
                    ack: Some(self.acknowledge()),
                    part: None,
                }
                .encode(),
            );
        }
        None
    }

    /// The next complete message from the peer.
    pub fn poll_message(&mut self) -> Option<Vec<u8>> {
        self.receiver.complete.pop_front()
    }

    /// When `poll_frame` or `is_lost` may have something new to say. Ask after `poll_frame` gave nothing.
    pub fn deadline(&self) -> Option<Millis> {
        Millis::earliest(self.ack_due, self.sender.deadline())
    }

    /// Whether the peer has been silent for too long while something was under way.
    pub fn is_lost(&self, now: Millis) -> bool {
        self.sender
            .waiting_since
            .is_some_and(|since| now.since(since) >= GIVE_UP)
    }

    /// Whether every byte queued so far was put on the link at least once. From then on the peer may have all of it.
    pub fn is_all_sent(&self) -> bool {
        self.sender.queue.is_empty()
    }

    /// Whether every byte queued so far was acknowledged.
    pub fn is_all_acknowledged(&self) -> bool {
        self.sender.queue.is_empty() && self.sender.in_flight.is_empty()
    }

    fn acknowledge(&mut self) -> Ack {
        self.ack_due = None;
        self.receiver.unacknowledged = 0;
        self.receiver.ack()
    }
}

/// A frame that is not acknowledged yet.
#[derive(Debug)]
struct InFlight {
    part: Part,
    sent_at: Millis,
    due: Millis,
    /// Counts every transmission of this end: links keep order, so a later acknowledged one proves this one lost.
    order: u64,
    tries: u32,
}

#[derive(Debug)]
struct Sender {
    queue: VecDeque<Vec<u8>>,
    /// How much of the first queued message was cut into frames.
    offset: usize,
    next_seq: u8,
    in_flight: VecDeque<InFlight>,
    order: u64,
    /// Smoothed round trip, in milliseconds.
    round_trip: Option<u64>,
    /// Since when something is under way without any progress.
    waiting_since: Option<Millis>,
}

impl Sender {
    const fn new() -> Self {
        Self {
            queue: VecDeque::new(),
            offset: 0,
            next_seq: 0,
            in_flight: VecDeque::new(),
            order: 0,
            round_trip: None,
            waiting_since: None,
        }
    }

    /// A part to send now: first what is overdue, then something new.
    fn next(&mut self, room: usize, now: Millis) -> Option<Part> {
        self.repeat(now).or_else(|| self.cut(room, now))
    }

    fn repeat(&mut self, now: Millis) -> Option<Part> {
        let resend_after = self.resend_after();
        let overdue = self.in_flight.iter_mut().find(|frame| frame.due <= now)?;
        overdue.tries += 1;
        overdue.sent_at = now;
        overdue.due = now + (resend_after << overdue.tries.min(3)).min(LONGEST_RESEND);
        overdue.order = self.order;
        self.order += 1;
        Some(overdue.part.clone())
    }

    fn cut(&mut self, room: usize, now: Millis) -> Option<Part> {
        let oldest = self
            .in_flight
            .front()
            .map_or(self.next_seq, |frame| frame.part.seq);
        if self.next_seq.wrapping_sub(oldest) >= WINDOW {
            return None;
        }
        let message = self.queue.front()?;
        let end = message.len().min(self.offset + room);
        let part = Part {
            seq: self.next_seq,
            first: self.offset == 0,
            last: end == message.len(),
            bytes: message[self.offset..end].into(),
        };
        self.offset = end;
        if part.last {
            self.queue.pop_front();
            self.offset = 0;
        }
        self.next_seq = self.next_seq.wrapping_add(1);
        self.in_flight.push_back(InFlight {
            part: part.clone(),
            sent_at: now,
            due: now + self.resend_after(),
            order: self.order,
            tries: 0,
        });
        self.order += 1;
        self.waiting_since.get_or_insert(now);
        Some(part)
    }

    fn acknowledged(&mut self, ack: Ack, now: Millis) {
        let oldest = self
            .in_flight
            .front()
            .map_or(self.next_seq, |frame| frame.part.seq);
        let outstanding = self.next_seq.wrapping_sub(oldest);
        let covered = ack.next.wrapping_sub(oldest);
        if covered > outstanding {
            // Older than what is outstanding, or from a peer that makes things up: says nothing.
            return;
        }
        let received = |seq: u8| {
            let ahead = seq.wrapping_sub(ack.next);
            seq.wrapping_sub(oldest) < covered
                || (1..WINDOW).contains(&ahead) && ack.bitmap & (1 << (ahead - 1)) != 0
        };
        let mut newest = None;
        let mut sample = None;
        self.in_flight.retain(|frame| {
            let gone = received(frame.part.seq);
            if gone {
                newest = newest.max(Some(frame.order));
                if frame.tries == 0 {
                    sample = Some(now.since(frame.sent_at));
                }
            }
            !gone
        });
        let Some(newest) = newest else { return };
        self.waiting_since = (!self.in_flight.is_empty()).then_some(now);
        if let Some(sample) = sample {
            self.round_trip = Some(self.round_trip.map_or(sample, |old| (7 * old + sample) / 8));
        }
        for frame in self
            .in_flight
            .iter_mut()
            .filter(|frame| frame.order < newest)
        {
            frame.due = now;
        }
    }

    fn resend_after(&self) -> u64 {
        self.round_trip.map_or(FIRST_RESEND, |round_trip| {
            (2 * round_trip + 2 * ACK_DELAY).clamp(SHORTEST_RESEND, LONGEST_RESEND)
        })
    }

    fn deadline(&self) -> Option<Millis> {
        let resend = self.in_flight.iter().map(|frame| frame.due).min();
        Millis::earliest(resend, self.waiting_since.map(|since| since + GIVE_UP))
    }
}

#[derive(Debug)]
struct Receiver {
    expected: u8,
    /// Frames after `expected` that came early; index 0 is `expected` itself.
    early: VecDeque<Option<Part>>,
    /// The message under way.
    assembling: Option<Vec<u8>>,
    complete: VecDeque<Vec<u8>>,
    unacknowledged: u8,
}

impl Receiver {
    fn new() -> Self {
        Self {
            expected: 0,
            early: (0..WINDOW).map(|_| None).collect(),
            assembling: None,
            complete: VecDeque::new(),
            unacknowledged: 0,
        }
    }

    /// Takes a part; whether it should be acknowledged at once (doubled, early, or many are waiting).
    fn take(&mut self, part: Part) -> Result<bool, Malformed> {
        let ahead = part.seq.wrapping_sub(self.expected);
        if ahead >= WINDOW {
            return Ok(true);
        }
        let slot = &mut self.early[usize::from(ahead)];
        let doubled = slot.is_some();
        slot.get_or_insert(part);
        while let Some(part) = self.early.front_mut().and_then(Option::take) {
            self.early.rotate_left(1);
            self.expected = self.expected.wrapping_add(1);
            self.unacknowledged = self.unacknowledged.saturating_add(1);
            self.assemble(part)?;
        }
        Ok(ahead > 0 || doubled || self.unacknowledged >= UNACKNOWLEDGED_LIMIT)
    }

    fn assemble(&mut self, part: Part) -> Result<(), Malformed> {
        if part.first == self.assembling.is_some() {
            return Err(Malformed);
        }
        let message = self.assembling.get_or_insert_with(Vec::new);
        if message.len() + part.bytes.len() > LONGEST_MESSAGE {
            return Err(Malformed);
        }
        message.extend_from_slice(&part.bytes);
        if part.last {
            self.complete.extend(self.assembling.take());
        }
        Ok(())
    }

    fn ack(&self) -> Ack {
        let bitmap = self
            .early
            .iter()
            .skip(1)
            .enumerate()
            .fold(0, |bitmap, (index, part)| {
                bitmap | u16::from(part.is_some()) << index
            });
        Ack {
            next: self.expected,
            bitmap,
        }
    }
}
