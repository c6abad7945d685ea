//! The lock's machine: links, hellos, sessions and the motor, driven by inputs and drained by outputs.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::Env;
use super::command::Motor;
use super::hellos::Hellos;
use super::keeper::Keeper;
use super::links::{Issued, Links};
use super::resume::Slots;
use crate::error::{Code, Error};
use crate::hello;
use crate::ids::CommandId;
use crate::io::{LinkId, Millis};
use crate::wire::gatt::Characteristic;
use crate::wire::message::Message;

/// A read this soon after a hello was sent gives the same hello; a later one renews it.
pub const READ_SAME: u64 = 3_000;

/// What happened to the lock.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A phone connected. Links get a fresh name each.
    LinkUp {
        /// Its name from now on.
        link: LinkId,
        /// The ATT MTU agreed on.
        mtu: u16,
    },
    /// The phone subscribed to both notifications: it waits for a hello.
    Subscribed {
        /// On this link.
        link: LinkId,
    },
    /// The link is gone.
    LinkDown {
        /// This one.
        link: LinkId,
    },
    /// The phone reads the hello characteristic; answered by [`Output::HelloValue`].
    ReadHello {
        /// On this link.
        link: LinkId,
    },
    /// The phone wrote to the up characteristic.
    Frame {
        /// On this link.
        link: LinkId,
        /// What it wrote.
        bytes: &'a [u8],
    },
    /// The motor stopped.
    MotorStopped(MotorResult),
    /// A key of the keypad: 0 to 9 are digits, 10 wakes it, 11 confirms ([`keypad::Key::from_number`](super::keypad::Key::from_number)).
    Digit(u8),
    /// Time passed.
    Tick,
}

/// How the motor stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotorResult {
    /// The bolt is withdrawn.
    Withdrawn,
    /// It did not reach its end position.
    Stuck,
}

/// What the lock has to do. Drain until [`Output::Wait`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Notify a phone.
    Notify {
        /// On this link.
        link: LinkId,
        /// By this characteristic.
        characteristic: Characteristic,
        /// At most the frame size of the link's MTU.
        bytes: Vec<u8>,
    },
    /// The value of the hello characteristic that was read; empty if no hello is ready.
    HelloValue {
        /// On this link.
        link: LinkId,
        /// The value.
        bytes: Vec<u8>,
    },
    /// Close this link. There is no `LinkDown` needed for it.
    Disconnect {
        /// This one.
        link: LinkId,
    },
    /// Withdraw the bolt, then give [`Input::MotorStopped`]. What for is in the journal already.
    Withdraw,
    /// A code was typed and refused.
    KeypadRefused(Error),
    /// Advertise this service data from now on.
    Advertise(Vec<u8>),
    /// Nothing now. Come back with an input, or with [`Input::Tick`] at this time.
    Wait(Option<Millis>),
}

/// A lock's machine. All change goes through [`Node::handle_input`].
#[derive(Debug)]
pub struct Node<K: Keeper> {
    pub(super) keeper: K,
    pub(super) links: Links<K::Grant>,
    pub(super) slots: Slots<K::Grant>,
    pub(super) motor: Motor<K::Grant>,
    hellos: Hellos,
    outputs: VecDeque<Output>,
}

impl<K: Keeper> Node<K> {
    /// A lock that has just booted. Give it a [`Input::Tick`] first: it then has something to advertise.
    pub const fn new(keeper: K) -> Self {
        Self {
            keeper,
            links: Links::new(),
            slots: Slots::new(),
            motor: Motor::new(),
            hellos: Hellos::new(),
            outputs: VecDeque::new(),
        }
    }

    /// The documents half, for whoever looks into a lock.
    pub const fn keeper(&self) -> &K {
        &self.keeper
    }

    /// The tap that the motor moves for now; `None` when it rests or moves for a code.
    pub fn moving_for(&self) -> Option<CommandId> {
        self.motor.tap()
    }

    /// Takes what happened. Nothing a phone sends is an error of the lock.
    pub fn handle_input(&mut self, input: Input<'_>, env: &mut Env<'_>) {
        self.expire(env);
        match input {
            Input::LinkUp { link, mtu } => {
                if let Some(closed) = self.links.up(link, mtu, env.now) {
                    self.output(Output::Disconnect { link: closed });
                }
            }
            Input::Subscribed { link } => {
                if let Some(link) = self.links.find(link) {
                    link.wants_hello = link.issued.is_none() && link.session.is_none();
                }
            }
            Input::LinkDown { link } => self.links.down(link),
            Input::ReadHello { link } => self.read_hello(link, env),
            Input::Frame { link, bytes } => self.frame(link, bytes, env),
            Input::MotorStopped(result) => self.motor_stopped(result, env),
            Input::Digit(digit) => self.digit(digit, env),
            Input::Tick => {}
        }
        self.tend(env);
    }

    /// What to do next.
    pub fn poll_output(&mut self, now: Millis) -> Output {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        for (link, state) in self.links.iter_mut() {
            if let Some(bytes) = state.framing.poll_frame(now) {
                return Output::Notify {
                    link,
                    characteristic: Characteristic::Down,
                    bytes,
                };
            }
        }
        let deadline = Millis::earliest(self.links.deadline(), Some(self.hellos.deadline()));
        Output::Wait(Millis::earliest(deadline, self.motor.deadline()))
    }

    pub(super) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// Closes a link from this side.
    pub(super) fn close(&mut self, link: LinkId) {
        self.links.down(link);
        self.output(Output::Disconnect { link });
    }

    /// Queues a message to a phone.
    pub(super) fn send(&mut self, link: LinkId, message: &Message) {
        let Some(state) = self.links.find(link) else {
            return;
        };
        if state.framing.send(message.encode()).is_err() {
            self.close(link);
        }
    }

    /// Refuses somebody unknown, with the next hello if there is one.
    pub(super) fn alert(&mut self, link: LinkId, code: Code, now: Millis) {
        let hello = self.next_hello(link, now);
        self.send(link, &Message::Alert(Error::new(code), hello));
    }

    /// A fresh hello for a link; empty if it had its share or none is ready.
    pub(super) fn next_hello(&mut self, link: LinkId, now: Millis) -> Vec<u8> {
        let Some(state) = self.links.find(link) else {
            return Vec::new();
        };
        state.issued = None;
        if !state.may_renew() {
            return Vec::new();
        }
        let Some(prepared) = self.hellos.take() else {
            return Vec::new();
        };
        state.hellos += 1;
        state.wants_hello = false;
        let bytes = prepared.bytes.clone();
        state.issued = Some(Issued {
            prepared,
            sent_at: now,
        });
        bytes
    }

    /// After a change of rights: ends every slot and session that no longer stands.
    pub(super) fn end_what_fell(&mut self, env: &mut Env<'_>) {
        let keeper = &self.keeper;
        let mut stands = |grant: &K::Grant| {
            keeper.check_grant(grant).is_ok()
                && keeper.judge(grant, super::Operation::Session, env).is_ok()
        };
        self.slots.retain(&mut stands);
        let fallen = self.links.close_if(|link| {
            link.session
                .as_ref()
                .is_some_and(|session| !stands(&session.held.grant))
        });
        for link in fallen {
            self.output(Output::Disconnect { link });
        }
    }

    fn read_hello(&mut self, link: LinkId, env: &mut Env<'_>) {
        let Some(state) = self.links.find(link) else {
            return;
        };
        let fresh = |issued: &&Issued| env.now.since(issued.sent_at) <= READ_SAME;
        let bytes = match state.issued.as_ref().filter(fresh) {
            // The same one that was notified: the phone missed a fragment.
            Some(issued) => issued.prepared.bytes.clone(),
            None => {
                self.tend_hellos(env);
                self.next_hello(link, env.now)
            }
        };
        self.output(Output::HelloValue { link, bytes });
    }

    fn frame(&mut self, link: LinkId, bytes: &[u8], env: &mut Env<'_>) {
        let Some(state) = self.links.find(link) else {
            return;
        };
        if state.framing.handle_frame(bytes, env.now).is_err() {
            return self.close(link);
        }
        while let Some(message) = self
            .links
            .find(link)
            .and_then(|state| state.framing.poll_message())
        {
            match Message::decode(&message) {
                Ok(Message::Open(noise)) => self.open(link, None, &noise, env),
                Ok(Message::Resume(slot, noise)) => self.open(link, Some(slot), &noise, env),
                Ok(Message::Request(noise)) => self.request(link, &noise, env),
                Ok(Message::Answer(_) | Message::Reply(_) | Message::Alert(..)) | Err(_) => {
                    self.close(link);
                }
            }
        }
    }

    fn expire(&mut self, env: &mut Env<'_>) {
        for link in self.links.expire(env.now) {
            self.output(Output::Disconnect { link });
        }
        self.slots.expire(env.now);
        self.motor_overdue(env);
    }

    /// Keeps hellos ready and hands them to who waits, longest first.
    fn tend(&mut self, env: &mut Env<'_>) {
        self.tend_hellos(env);
        while let Some(link) = self.links.next_waiting() {
            let bytes = self.next_hello(link, env.now);
            if bytes.is_empty() {
                break;
            }
            let Some(state) = self.links.find(link) else {
                break;
            };
            let fragments = hello::fragments(&bytes, state.hellos, state.mtu);
            for bytes in fragments {
                let characteristic = Characteristic::Hello;
                self.output(Output::Notify {
                    link,
                    characteristic,
                    bytes,
                });
            }
        }
    }

    fn tend_hellos(&mut self, env: &mut Env<'_>) {
        if let Some(service_data) = self.hellos.tend(&self.keeper, env) {
            self.output(Output::Advertise(service_data));
        }
    }
}
