//! The lock's radio links: who has one, who gives way.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::hellos::Prepared;
use super::resume::Held;
use crate::crypto::noise::Transport;
use crate::hello::{LIFETIME, RENEWALS};
use crate::io::{LinkId, Millis};
use crate::wire::frame::Framing;

/// Links at once.
pub const CAPACITY: usize = 4;
/// An unauthenticated link is safe from giving way for this many milliseconds.
pub const GRACE: u64 = 2_000;
/// An unauthenticated link is closed after this many milliseconds: all its hellos are spent by then.
pub const UNAUTHENTICATED_LIFETIME: u64 = LIFETIME * (1 + RENEWALS as u64);
/// A session without a request is closed after this many milliseconds.
pub const IDLE_LIFETIME: u64 = 60_000;

/// One link.
#[derive(Debug)]
pub(super) struct Link<G> {
    pub(super) mtu: u16,
    pub(super) framing: Framing,
    pub(super) since: Millis,
    /// Whether the phone waits for a notified hello.
    pub(super) wants_hello: bool,
    /// How many hellos this link was given; also their serial number.
    pub(super) hellos: u8,
    pub(super) issued: Option<Issued>,
    pub(super) session: Option<Session<G>>,
}

/// A hello on its way to being answered.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) prepared: Prepared,
    pub(super) sent_at: Millis,
}

impl Issued {
    pub(super) fn is_valid(&self, now: Millis) -> bool {
        now.since(self.sent_at) <= LIFETIME
    }
}

/// An authenticated phone.
#[derive(Debug)]
pub(super) struct Session<G> {
    pub(super) transport: Transport,
    pub(super) held: Held<G>,
    /// The number of the last signed command.
    pub(super) last_signed: u32,
    /// A receipt that waits for the outcome of message 1.
    pub(super) receipt: Option<Vec<u8>>,
    pub(super) last_heard: Millis,
}

impl<G> Link<G> {
    fn new(mtu: u16, now: Millis) -> Self {
        Self {
            mtu,
            framing: Framing::new(mtu),
            since: now,
            wants_hello: false,
            hellos: 0,
            issued: None,
            session: None,
        }
    }

    /// Whether another hello may be issued.
    pub(super) const fn may_renew(&self) -> bool {
        self.hellos <= RENEWALS && self.session.is_none()
    }

    fn is_over(&self, now: Millis) -> bool {
        self.framing.is_lost(now) || self.over_at() <= now
    }

    fn over_at(&self) -> Millis {
        match &self.session {
            Some(session) => session.last_heard + IDLE_LIFETIME,
            None => self.since + UNAUTHENTICATED_LIFETIME,
        }
    }
}

/// All links.
#[derive(Debug)]
pub(super) struct Links<G> {
    links: BTreeMap<LinkId, Link<G>>,
}

impl<G> Links<G> {
    pub(super) const fn new() -> Self {
        Self {
            links: BTreeMap::new(),
        }
    }

    /// Takes a new link. Gives the link that has to be closed for it: the oldest unauthenticated one past its grace, or the new one.
    pub(super) fn up(&mut self, id: LinkId, mtu: u16, now: Millis) -> Option<LinkId> {
        let gives_way = if self.links.len() < CAPACITY {
            None
        } else {
            Some(self.gives_way(now))
        };
        match gives_way {
            Some(None) => return Some(id),
            Some(Some(old)) => drop(self.links.remove(&old)),
            None => {}
        }
        self.links.insert(id, Link::new(mtu, now));
        gives_way.flatten()
    }

    fn gives_way(&self, now: Millis) -> Option<LinkId> {
        let idle = |link: &&Link<G>| link.session.is_none() && now.since(link.since) > GRACE;
        let candidates = self.links.iter().filter(|(_, link)| idle(link));
        candidates
            .min_by_key(|(_, link)| link.since)
            .map(|(id, _)| *id)
    }

    pub(super) fn down(&mut self, id: LinkId) {
        self.links.remove(&id);
    }

    pub(super) fn find(&mut self, id: LinkId) -> Option<&mut Link<G>> {
        self.links.get_mut(&id)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (LinkId, &mut Link<G>)> {
        self.links.iter_mut().map(|(id, link)| (*id, link))
    }

    /// The link that has waited longest for a hello.
    pub(super) fn next_waiting(&self) -> Option<LinkId> {
        let waiting = self.links.iter().filter(|(_, link)| link.wants_hello);
        waiting
            .min_by_key(|(id, link)| (link.since, **id))
            .map(|(id, _)| *id)
    }

    /// Removes and gives every link for which `over` holds.
    pub(super) fn close_if(&mut self, mut over: impl FnMut(&Link<G>) -> bool) -> Vec<LinkId> {
        let closed: Vec<_> = self
            .links
            .iter()
            .filter(|(_, link)| over(link))
            .map(|(id, _)| *id)
            .collect();
        for id in &closed {
            self.links.remove(id);
        }
        closed
    }

    /// Removes and gives every link whose time is over.
    pub(super) fn expire(&mut self, now: Millis) -> Vec<LinkId> {
        self.close_if(|link| link.is_over(now))
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        let each = self
            .links
            .values()
            .map(|link| Millis::earliest(link.framing.deadline(), Some(link.over_at())));
        each.fold(None, Millis::earliest)
    }
}
