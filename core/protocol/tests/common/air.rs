//! The air between a phone and a lock, and conversations over it.

use std::collections::VecDeque;

use keyway_protocol::crypto::{Random, SeededRandom};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock;
use keyway_protocol::phone::{self, Conversation, Ending, Event, Intent, Resumption};
use keyway_protocol::wire::gatt::Characteristic;
use keyway_protocol::wire::reply::CommandOutcome;

use super::{Lock, Phone, secret, unlock};

/// What is on the air.
#[derive(Clone, Debug, PartialEq)]
pub enum Packet {
    Up(Vec<u8>),
    Down(Vec<u8>),
    HelloFrame(Vec<u8>),
    ReadHello,
    HelloValue(Vec<u8>),
}

impl Packet {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Up(bytes) | Self::Down(bytes) => bytes,
            Self::HelloFrame(bytes) | Self::HelloValue(bytes) => bytes,
            Self::ReadHello => &[0],
        }
    }

    fn spoiled(mut self, place: u8, change: u8) -> Self {
        let (Self::Up(bytes)
        | Self::Down(bytes)
        | Self::HelloFrame(bytes)
        | Self::HelloValue(bytes)) = &mut self
        else {
            return self;
        };
        let place = usize::from(place) * bytes.len() / 256;
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= change | 1;
        }
        self
    }

    /// GATT repeats reads by itself; writes without response and notifications vanish.
    fn is_reliable(&self) -> bool {
        matches!(self, Self::ReadHello | Self::HelloValue(_))
    }
}

/// How the air treats packets.
#[derive(Clone, Copy)]
pub struct Air {
    /// In 256ths.
    pub lost: u8,
    /// In 256ths.
    pub doubled: u8,
    /// In 256ths: one byte of the packet is changed.
    pub spoiled: u8,
    pub latency: u64,
    /// The link is lost once this many bytes have travelled.
    pub cut_after: Option<usize>,
    pub seed: u8,
}

pub const CLEAR: Air = Air {
    lost: 0,
    doubled: 0,
    spoiled: 0,
    latency: 15,
    cut_after: None,
    seed: 0,
};

/// One conversation over the air, to its end.
pub struct Run {
    pub events: Vec<Event>,
    pub conversation: Conversation,
    pub trace: Vec<Packet>,
    pub travelled: usize,
    pub link_lost: bool,
    pub link: LinkId,
    pub finished: Millis,
    pub signatures: usize,
}

impl Run {
    pub fn outcome(&self) -> Option<CommandOutcome> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Outcome { outcome, .. } => Some(*outcome),
            _ => None,
        })
    }

    pub fn ending(&self) -> Option<Ending> {
        self.events.iter().find_map(|event| match event {
            Event::Ended(ending) => Some(*ending),
            _ => None,
        })
    }

    pub fn resumption(&self) -> Option<Resumption> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Resumption(resumption) => Some(resumption.clone()),
            _ => None,
        })
    }

    pub fn refusal(&self) -> Option<keyway_protocol::error::Error> {
        self.events.iter().find_map(|event| match event {
            Event::Refused { error, .. } => Some(*error),
            _ => None,
        })
    }

    pub fn receipts(&self) -> Vec<Vec<u8>> {
        let receipt = |event: &Event| match event {
            Event::Receipt(receipt) => Some(receipt.clone()),
            _ => None,
        };
        self.events.iter().filter_map(receipt).collect()
    }
}

/// Drives a conversation until `enough` says so, it ends, or the link is cut; then the link is gone.
pub fn drive(
    lock: &mut Lock,
    phone: &mut Phone,
    conversation: Conversation,
    mtu: u16,
    air: Air,
    start: Millis,
    enough: impl FnMut(&Event, &mut Conversation, Millis) -> bool,
) -> Run {
    let run = drive_open(lock, phone, conversation, mtu, air, start, enough);
    lock.input(lock::Input::LinkDown { link: run.link }, run.finished);
    run
}

/// The same, but the link stays. Gives both ends a virtual minute at most.
pub fn drive_open(
    lock: &mut Lock,
    phone: &mut Phone,
    mut conversation: Conversation,
    mtu: u16,
    air: Air,
    start: Millis,
    mut enough: impl FnMut(&Event, &mut Conversation, Millis) -> bool,
) -> Run {
    let mut now = start;
    let mut dice = SeededRandom::new(&secret(air.seed));
    lock.drain(now);
    let link = lock.link_up(mtu, now);
    let mut flying: VecDeque<(Millis, Packet)> = VecDeque::new();
    let (mut events, mut trace) = (Vec::new(), Vec::new());
    let (mut travelled, mut signatures) = (0, 0);
    let (mut done, mut link_lost) = (false, false);
    while now.since(start) < 60_000 && !done && !link_lost {
        let mut sent = Vec::new();
        let lock_wait = loop {
            let (outputs, wait) = lock.drain(now);
            if outputs.is_empty() {
                break wait;
            }
            for output in outputs {
                match output {
                    lock::Output::Notify {
                        link: to,
                        characteristic,
                        bytes,
                    } if to == link => {
                        sent.push(match characteristic {
                            Characteristic::Down => Packet::Down(bytes),
                            Characteristic::Hello => Packet::HelloFrame(bytes),
                        });
                    }
                    lock::Output::HelloValue { link: to, bytes } if to == link => {
                        sent.push(Packet::HelloValue(bytes));
                    }
                    lock::Output::Disconnect { link: closed } if closed == link => link_lost = true,
                    _ => {}
                }
            }
        };
        let phone_wait = loop {
            match conversation.poll_output(now) {
                phone::Output::Wait(at) => break at,
                phone::Output::WriteUp(bytes) => sent.push(Packet::Up(bytes)),
                phone::Output::ReadHello => sent.push(Packet::ReadHello),
                phone::Output::NeedSignature(bytes) => {
                    signatures += 1;
                    let signature = phone.holder.sign(&[&bytes]);
                    conversation
                        .handle_input(phone::Input::Signed(signature), now)
                        .unwrap();
                }
                phone::Output::Event(event) => {
                    done |= matches!(event, Event::Ended(_));
                    done |= enough(&event, &mut conversation, now);
                    events.push(event);
                }
            }
        };
        for packet in sent {
            travelled += packet.bytes().len();
            if air.cut_after.is_some_and(|limit| travelled > limit) {
                link_lost = true;
                break;
            }
            trace.push(packet.clone());
            let mut roll = [0; 5];
            dice.fill(&mut roll);
            let packet = if roll[2] < air.spoiled {
                packet.spoiled(roll[3], roll[4])
            } else {
                packet
            };
            if roll[0] < air.lost && !packet.is_reliable() {
                continue;
            }
            if roll[1] < air.doubled && !packet.is_reliable() {
                flying.push_back((now + air.latency, packet.clone()));
            }
            flying.push_back((now + air.latency, packet));
        }
        let next = flying.front().map(|(at, _)| *at);
        let next = Millis::earliest(next, Millis::earliest(lock_wait, phone_wait));
        now = next.map_or(now + 60_000, |next| next.max(now));
        if flying.front().is_none_or(|(at, _)| *at > now) {
            lock.input(lock::Input::Tick, now);
            let _ = conversation.handle_input(phone::Input::Tick, now);
        }
        while flying.front().is_some_and(|(at, _)| *at <= now) {
            let Some((_, packet)) = flying.pop_front() else {
                break;
            };
            match packet {
                Packet::Up(bytes) => lock.input(
                    lock::Input::Frame {
                        link,
                        bytes: &bytes,
                    },
                    now,
                ),
                Packet::ReadHello => lock.input(lock::Input::ReadHello { link }, now),
                Packet::Down(bytes) => {
                    give(&mut conversation, phone::Input::DownFrame(&bytes), now)
                }
                Packet::HelloFrame(bytes) => {
                    give(&mut conversation, phone::Input::HelloFrame(&bytes), now);
                }
                Packet::HelloValue(bytes) => {
                    give(&mut conversation, phone::Input::HelloRead(&bytes), now);
                }
            }
        }
    }
    if link_lost {
        // The lock notices later than the phone: frames that arrived are still worked on.
        lock.drain(now);
    }
    Run {
        events,
        conversation,
        trace,
        travelled,
        link_lost,
        link,
        finished: now,
        signatures,
    }
}

/// Hands everything both ends have to say across at once. Gives what the phone was told.
pub fn exchange(
    lock: &mut Lock,
    phone: &Phone,
    conversation: &mut Conversation,
    link: LinkId,
    now: Millis,
) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let mut quiet = true;
        for output in lock.drain(now).0 {
            quiet = false;
            match output {
                lock::Output::Notify {
                    link: to,
                    characteristic,
                    bytes,
                } if to == link => {
                    let input = match characteristic {
                        Characteristic::Down => phone::Input::DownFrame(&bytes),
                        Characteristic::Hello => phone::Input::HelloFrame(&bytes),
                    };
                    give(conversation, input, now);
                }
                lock::Output::HelloValue { link: to, bytes } if to == link => {
                    give(conversation, phone::Input::HelloRead(&bytes), now);
                }
                _ => {}
            }
        }
        loop {
            match conversation.poll_output(now) {
                phone::Output::Wait(_) => break,
                phone::Output::WriteUp(bytes) => {
                    lock.input(
                        lock::Input::Frame {
                            link,
                            bytes: &bytes,
                        },
                        now,
                    );
                }
                phone::Output::ReadHello => lock.input(lock::Input::ReadHello { link }, now),
                phone::Output::NeedSignature(bytes) => {
                    let signature = phone.holder.sign(&[&bytes]);
                    give(conversation, phone::Input::Signed(signature), now);
                }
                phone::Output::Event(event) => events.push(event),
            }
            quiet = false;
        }
        if quiet {
            return events;
        }
    }
}

fn give(conversation: &mut Conversation, input: phone::Input<'_>, now: Millis) {
    conversation.handle_input(input, now).unwrap();
}

/// Lets the lock finish what it does.
pub fn settle(lock: &mut Lock, mut now: Millis) -> Millis {
    for _ in 0..4 {
        now = now + 500;
        lock.input(lock::Input::Tick, now);
        lock.drain(now);
    }
    now
}

/// Unlocks and waits for the outcome.
pub fn unlock_over(
    lock: &mut Lock,
    phone: &mut Phone,
    tap: u8,
    mtu: u16,
    air: Air,
    at: u64,
) -> Run {
    resume_over(lock, phone, unlock(tap), None, mtu, air, at)
}

/// The same with a resumption.
pub fn resume_over(
    lock: &mut Lock,
    phone: &mut Phone,
    intent: Intent,
    resumption: Option<Resumption>,
    mtu: u16,
    air: Air,
    at: u64,
) -> Run {
    let conversation = phone.converse(intent, mtu, resumption, Millis(at));
    let expects_receipt = |event: &Event| {
        matches!(
            event,
            Event::Outcome { .. } | Event::Refused { .. } | Event::Ended(_)
        )
    };
    drive(
        lock,
        phone,
        conversation,
        mtu,
        air,
        Millis(at),
        |event, _, _| expects_receipt(event),
    )
}
