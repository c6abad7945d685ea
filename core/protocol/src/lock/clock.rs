//! What a lock knows of the time: an interval that holds the truth, from attests of the service and its own uptime.

use crate::io::Millis;

/// The worst crystal that a lock may have, parts per million: an interval widens by this on both sides.
pub const DRIFT_PPM: u64 = 100;
/// A nonce older than this is not answered to any more, milliseconds.
pub const NONCE_LIFE: u64 = 24 * 3_600_000;

/// Earliest and latest the time can be now, seconds since 1970-01-01T00:00:00Z, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Not before this.
    pub earliest: i64,
    /// Not after this.
    pub latest: i64,
}

impl Interval {
    /// Seconds between the two.
    pub fn width(&self) -> i64 {
        self.latest - self.earliest
    }
}

/// An interval that was right at a moment of this lock's uptime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    interval: Interval,
    at: Millis,
}

impl Anchor {
    /// What an attest of `utc` over a nonce handed out at `issued` says at `now`: the service answered at some moment in between.
    /// `None` when the nonce is older than 24 h.
    pub fn from_attest(utc: i64, issued: Millis, now: Millis) -> Option<Self> {
        let age = now.since(issued);
        if age > NONCE_LIFE {
            return None;
        }
        let seconds = age.saturating_add(drift(age)).div_ceil(1000) as i64;
        Some(Self {
            interval: Interval {
                earliest: utc,
                latest: utc.saturating_add(seconds),
            },
            at: now,
        })
    }

    /// The interval at `now`: moved on by the uptime since, and widened by what the crystal may be off.
    pub fn at(&self, now: Millis) -> Interval {
        let passed = now.since(self.at);
        let slack = drift(passed);
        let least = passed.saturating_sub(slack) / 1000;
        let most = passed.saturating_add(slack).div_ceil(1000);
        Interval {
            earliest: self.interval.earliest.saturating_add(least as i64),
            latest: self.interval.latest.saturating_add(most as i64),
        }
    }

    /// The narrower of the two at `now`; an attest never makes a lock less sure.
    #[must_use]
    pub fn narrower(self, other: Option<Self>, now: Millis) -> Self {
        match other {
            Some(other) if other.at(now).width() <= self.at(now).width() => other,
            _ => self,
        }
    }
}

fn drift(passed: u64) -> u64 {
    (passed / 1_000_000).saturating_mul(DRIFT_PPM)
        + (passed % 1_000_000 * DRIFT_PPM).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attest_of_age_a_gives_utc_to_utc_plus_a() {
        let anchor = Anchor::from_attest(1_000, Millis(5_000), Millis(65_000)).expect("young");
        let now = anchor.at(Millis(65_000));
        assert_eq!(now.earliest, 1_000);
        assert_eq!(now.latest, 1_061, "60 s, and the crystal's 6 ms rounded up");
    }

    #[test]
    fn a_nonce_of_more_than_a_day_is_no_nonce() {
        let issued = Millis(1);
        assert!(Anchor::from_attest(1_000, issued, issued + NONCE_LIFE).is_some());
        assert!(Anchor::from_attest(1_000, issued, issued + NONCE_LIFE + 1).is_none());
    }

    #[test]
    fn the_truth_stays_inside_for_a_month_with_the_worst_crystal() {
        let anchor = Anchor::from_attest(1_000_000, Millis(0), Millis(0)).expect("young");
        let month = 30 * 86_400_i64;
        for fast in [-1_i64, 1] {
            let uptime = month * 1000 + fast * month * 1000 / 10_000;
            let now = anchor.at(Millis(uptime as u64));
            let truth = 1_000_000 + month;
            assert!(
                now.earliest <= truth && truth <= now.latest,
                "{now:?} holds {truth}"
            );
        }
    }

    #[test]
    fn narrower_replaces_wider_and_never_the_other_way_round() {
        let now = Millis(600_000);
        let wide = Anchor::from_attest(1_000, Millis(0), now).expect("young");
        let narrow = Anchor::from_attest(1_590, Millis(590_000), now).expect("young");
        assert_eq!(narrow.narrower(Some(wide), now), narrow);
        assert_eq!(wide.narrower(Some(narrow), now), narrow);
        assert_eq!(wide.narrower(None, now), wide);
    }
}
