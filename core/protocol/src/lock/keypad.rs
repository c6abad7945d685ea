//! The keypad: how digits become an entry, and how many entries a lock hears a day.

use zeroize::Zeroize;

use crate::code::Digits;
use crate::io::Millis;

/// Longest pause between two keys of one entry, milliseconds.
pub const PAUSE: u64 = 5_000;
/// Tries that a rested keypad hears at once.
pub const BURST: u8 = 5;
/// One try comes back after this, milliseconds: 30 a day.
pub const REFILL: u64 = 48 * 60_000;

/// A key of the keypad.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Wakes the keypad and forgets what was typed.
    Wake,
    /// 0 to 9.
    Digit(u8),
    /// Ends the entry.
    Confirm,
}

impl Key {
    /// The key with this number: 0 to 9 are digits, 10 wakes, 11 confirms.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0..=9 => Some(Self::Digit(number)),
            10 => Some(Self::Wake),
            11 => Some(Self::Confirm),
            _ => None,
        }
    }
}

impl core::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A log of keys would be a log of codes.
        formatter.write_str("Key(..)")
    }
}

/// What is being typed. Asleep until woken; a pause of more than 5 s or a thirteenth digit puts it back to sleep.
#[derive(Default)]
pub struct Entry {
    typed: [u8; Digits::MAX],
    length: usize,
    last_key: Option<Millis>,
}

impl Entry {
    /// Takes one key; a complete entry comes back once, on `Confirm`.
    pub fn press(&mut self, key: Key, now: Millis) -> Option<Digits> {
        if self.last_key.is_some_and(|last| now.since(last) > PAUSE) {
            self.forget();
        }
        match (key, self.last_key) {
            (Key::Wake, _) => {
                self.forget();
                self.last_key = Some(now);
                None
            }
            (_, None) => None,
            (Key::Digit(digit), Some(_)) => {
                self.digit(digit, now);
                None
            }
            (Key::Confirm, Some(_)) => {
                let digits = Digits::new(&self.typed[..self.length]);
                self.forget();
                digits
            }
        }
    }

    fn digit(&mut self, digit: u8, now: Millis) {
        if digit > 9 || self.length == Digits::MAX {
            self.forget();
            return;
        }
        self.typed[self.length] = digit;
        self.length += 1;
        self.last_key = Some(now);
    }

    fn forget(&mut self) {
        self.typed.zeroize();
        self.length = 0;
        self.last_key = None;
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.forget();
    }
}

/// The tries that are left. A try is spent, and the spending stored, before the code is compared; nothing else refills it: no unlock by
/// phone, no power cut (time without power does not count).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    tries: u8,
    since: Millis,
}

impl Bucket {
    /// A keypad that was never used, at boot.
    pub fn full(now: Millis) -> Self {
        Self::restored(BURST, now)
    }

    /// What was stored, at boot.
    pub fn restored(tries: u8, now: Millis) -> Self {
        Self {
            tries: tries.min(BURST),
            since: now,
        }
    }

    /// The tries to store: those left now.
    pub fn tries(&self) -> u8 {
        self.tries
    }

    /// Takes one try; when there is none, the milliseconds until the next.
    pub fn spend(&mut self, now: Millis) -> Result<(), u64> {
        self.refill(now);
        if self.tries == 0 {
            return Err(REFILL - now.since(self.since));
        }
        if self.tries == BURST {
            self.since = now;
        }
        self.tries -= 1;
        Ok(())
    }

    /// Gives the try back that a right code spent: it was no guess. A guesser who knows a code gains nothing by it.
    pub fn give_back(&mut self) {
        self.tries = (self.tries + 1).min(BURST);
    }

    fn refill(&mut self, now: Millis) {
        let earned = now.since(self.since) / REFILL;
        let missing = u64::from(BURST - self.tries);
        if earned >= missing {
            self.tries = BURST;
            self.since = now;
        } else {
            self.tries += earned as u8;
            self.since = self.since + earned * REFILL;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(entry: &mut Entry, keys: &[(Key, u64)]) -> Option<Digits> {
        let mut typed = None;
        for (key, at) in keys {
            typed = entry.press(*key, Millis(*at)).or(typed);
        }
        typed
    }

    #[test]
    fn a_keypad_that_was_not_woken_hears_nothing() {
        let mut entry = Entry::default();
        let keys = [1, 2, 3, 4].map(|digit| (Key::Digit(digit), 0));
        assert!(type_in(&mut entry, &keys).is_none());
        assert!(entry.press(Key::Confirm, Millis(1)).is_none());
    }

    #[test]
    fn five_seconds_between_digits_are_enough_and_more_are_too_much() {
        for (pause, heard) in [(PAUSE, true), (PAUSE + 1, false)] {
            let mut entry = Entry::default();
            let mut now = 0;
            entry.press(Key::Wake, Millis(now));
            for digit in [0, 1, 2, 3] {
                now += pause;
                entry.press(Key::Digit(digit), Millis(now));
            }
            assert_eq!(entry.press(Key::Confirm, Millis(now)).is_some(), heard);
        }
    }

    #[test]
    fn leading_zeros_are_digits() {
        let mut entry = Entry::default();
        let mut keys = alloc::vec![(Key::Wake, 0)];
        keys.extend([0, 0, 4, 2].map(|digit| (Key::Digit(digit), 0)));
        keys.push((Key::Confirm, 0));
        assert_eq!(type_in(&mut entry, &keys), Digits::new(&[0, 0, 4, 2]));
    }

    #[test]
    fn five_at_once_then_one_every_48_minutes() {
        let mut bucket = Bucket::full(Millis(0));
        for _ in 0..BURST {
            assert_eq!(bucket.spend(Millis(10)), Ok(()));
        }
        assert_eq!(bucket.spend(Millis(10)), Err(REFILL));
        assert_eq!(bucket.spend(Millis(9 + REFILL)), Err(1));
        assert_eq!(bucket.spend(Millis(10 + REFILL)), Ok(()));
        assert!(bucket.spend(Millis(11 + REFILL)).is_err());
    }

    #[test]
    fn a_power_cut_gives_nothing_back() {
        let mut bucket = Bucket::full(Millis(0));
        for _ in 0..BURST {
            assert!(bucket.spend(Millis(0)).is_ok());
        }
        let mut rebooted = Bucket::restored(bucket.tries(), Millis(0));
        assert!(rebooted.spend(Millis(REFILL - 1)).is_err());
    }

    #[test]
    fn a_year_of_greed_gets_no_more_than_the_bound_counts_on() {
        let mut bucket = Bucket::full(Millis(0));
        let year = 365 * 86_400_000_u64;
        let heard = (0..year)
            .step_by(60_000)
            .filter(|now| bucket.spend(Millis(*now)).is_ok());
        assert!(heard.count() as u64 <= crate::code::TRIES_A_YEAR);
    }
}
