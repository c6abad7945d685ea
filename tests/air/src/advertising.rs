use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// How a lock advertises to one scanning phone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Advertising {
    /// Milliseconds between advertisements; Bluetooth adds 0 to 10 ms of chance to each. Zero sends one at each look and adds none.
    pub interval: u64,
    /// The probability, 0 to 1, that the phone misses one.
    pub loss: f64,
    /// The mean signal strength at the phone, dBm.
    pub rssi: i16,
}

impl Default for Advertising {
    fn default() -> Self {
        Self {
            interval: 100,
            loss: 0.0,
            rssi: -60,
        }
    }
}

/// Says when a scanning phone hears a lock. It never stops advertising, however many links are open.
#[derive(Debug)]
pub struct Advertiser {
    settings: Advertising,
    chance: ChaCha12Rng,
    next: u64,
}

impl Advertiser {
    /// A phone begins to scan at `now` (milliseconds): the first advertisement comes within one interval.
    #[must_use]
    pub fn new(settings: Advertising, seed: u64, now: u64) -> Self {
        let mut chance = ChaCha12Rng::seed_from_u64(seed);
        let next = now + chance.random_range(0..=settings.interval);
        Self {
            settings,
            chance,
            next,
        }
    }

    /// When to look again, milliseconds.
    #[must_use]
    pub fn next_event(&self) -> u64 {
        self.next
    }

    /// The signal strength (dBm) of the advertisement heard now, if any. Missed intervals are not made up for.
    pub fn heard(&mut self, now: u64) -> Option<i16> {
        if now < self.next {
            return None;
        }
        let Advertising {
            interval,
            loss,
            rssi,
        } = self.settings;
        let jitter = if interval == 0 {
            1
        } else {
            self.chance.random_range(0..=10)
        };
        self.next = now + interval + jitter;
        let heard = !self.chance.random_bool(loss.clamp(0.0, 1.0));
        heard.then(|| rssi + self.chance.random_range(-4..=4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_advertisement_comes_within_one_interval_and_others_follow() {
        let mut advertiser = Advertiser::new(Advertising::default(), 1, 1_000);
        assert!(advertiser.next_event() <= 1_100);
        let mut heard = 0;
        for now in 1_000..3_000 {
            heard += usize::from(advertiser.heard(now).is_some());
        }
        assert!((17..=20).contains(&heard), "{heard} in two seconds");
    }

    #[test]
    fn a_deaf_phone_hears_nothing() {
        let settings = Advertising {
            loss: 1.0,
            ..Advertising::default()
        };
        let mut advertiser = Advertiser::new(settings, 1, 0);
        assert!((0..5_000).all(|now| advertiser.heard(now).is_none()));
    }
}
