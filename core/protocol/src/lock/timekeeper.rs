//! The lock's trusted time: nonces out, attests in, and a floor that survives power cuts.

use alloc::vec::Vec;

use super::clock::{Anchor, NONCE_LIFE};
use crate::crypto::Random;
use crate::error::{Code, Error};
use crate::hello::{ClockQuality, ClockState};
use crate::io::Millis;
use crate::receipt::Stamp;
use crate::time::{Now, TimeAttest, TimeInterval, UtcSeconds};

/// Nonces that may be under way at once; a new one pushes the oldest out.
const MOST_NONCES: usize = 8;

/// RAM only: a nonce does not outlive the boot it was made in.
#[derive(Debug)]
pub(super) struct Timekeeper {
    anchor: Option<Anchor>,
    nonces: Vec<([u8; 16], Millis)>,
    floor: UtcSeconds,
    /// When the floor was as it is; uptime since then counts on top.
    floor_at: Millis,
}

impl Timekeeper {
    pub(super) const fn new(floor: UtcSeconds, now: Millis) -> Self {
        Self {
            anchor: None,
            nonces: Vec::new(),
            floor,
            floor_at: now,
        }
    }

    /// It is not earlier than this, whatever attests say.
    fn floor(&self, now: Millis) -> UtcSeconds {
        let passed = now.since(self.floor_at) / 1_000;
        // A crystal that runs fast must not raise a floor.
        self.floor
            .plus(passed - passed.div_ceil(10_000).min(passed))
    }

    /// What time it is.
    pub(super) fn now(&self, now: Millis) -> Now {
        let Some(anchor) = &self.anchor else {
            return Now::NotBefore(self.floor(now));
        };
        let interval = anchor.at(now);
        Now::Trusted(TimeInterval {
            earliest: unsigned(interval.earliest),
            latest: unsigned(interval.latest),
        })
    }

    /// How the time goes into receipts and the log.
    pub(super) fn stamp(&self, now: Millis) -> Stamp {
        match self.now(now) {
            Now::Trusted(interval) => Stamp::Trusted(interval),
            Now::NotBefore(floor) => Stamp::NotBefore(floor),
        }
    }

    /// How hellos tell it.
    pub(super) fn state(&self, now: Millis) -> ClockState {
        match self.now(now) {
            Now::Trusted(interval) => ClockState {
                quality: ClockQuality::Attested,
                width: u32::try_from(interval.width()).unwrap_or(u32::MAX),
            },
            Now::NotBefore(floor) => ClockState {
                quality: if floor.0 > 0 && self.floor.0 > 0 {
                    ClockQuality::Floor
                } else {
                    ClockQuality::Unknown
                },
                width: u32::MAX,
            },
        }
    }

    /// A nonce for the service; its age counts from now.
    pub(super) fn nonce(&mut self, now: Millis, random: &mut dyn Random) -> [u8; 16] {
        let mut nonce = [0; 16];
        random.fill(&mut nonce);
        self.nonces.retain(|(_, at)| now.since(*at) <= NONCE_LIFE);
        if self.nonces.len() == MOST_NONCES {
            self.nonces.remove(0);
        }
        self.nonces.push((nonce, now));
        nonce
    }

    /// Takes a verified attest. Its nonce is spent whatever comes of it; a wider interval than the present one changes nothing.
    pub(super) fn attest(&mut self, attest: &TimeAttest, now: Millis) -> Result<(), Error> {
        let place = self
            .nonces
            .iter()
            .position(|(nonce, _)| *nonce == attest.nonce);
        let (_, issued) = self.nonces.remove(place.ok_or(Code::BadAttest)?);
        let utc = i64::try_from(attest.utc.0).map_err(|_| Code::BadAttest)?;
        let anchor = Anchor::from_attest(utc, issued, now).ok_or(Code::BadAttest)?;
        let floor = self.floor(now).max(self.now(now).earliest());
        if unsigned(anchor.at(now).latest) < floor {
            // Before the floor that the property itself set, or before what it attested earlier.
            return Err(Code::BadAttest.into());
        }
        self.anchor = Some(anchor.narrower(self.anchor, now));
        Ok(())
    }

    /// It is not earlier than this.
    pub(super) fn raise(&mut self, floor: UtcSeconds, now: Millis) {
        if floor > self.now(now).earliest() {
            self.floor = floor;
            self.floor_at = now;
        }
    }

    /// A new root version: what was learnt under the old one, and from its keys, ends.
    pub(super) fn start_over(&mut self, floor: UtcSeconds, now: Millis) {
        *self = Self::new(floor, now);
    }
}

fn unsigned(seconds: i64) -> UtcSeconds {
    UtcSeconds(u64::try_from(seconds).unwrap_or_default())
}
