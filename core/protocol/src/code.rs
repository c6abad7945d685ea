//! Doorcodes: the tags of synced codes, and daily codes that a lock can check without ever having been synced.

use alloc::vec::Vec;
use core::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::crypto::{Secret32, derive, hmac};
use crate::ids::LockId;

/// Label of a synced code's tag.
const TAG_LABEL: &[u8] = b"keyway/1 code tag";
/// Label of a daily code's key.
const DAILY_LABEL: &[u8] = b"keyway/1 daily code";

/// Tries a year that the keypad's bucket lets through: one every 48 min and the burst.
pub const TRIES_A_YEAR: u64 = 10_955;
/// Slots of daily codes of one kind at one lock: the first digit.
pub const SLOTS: u8 = 10;
/// A single-use code works for less than this after its first use, seconds.
pub const SINGLE_USE_SECONDS: i64 = 15 * 60;

/// The digits of one doorcode, 4 to 12 of them. A secret: erased when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Digits {
    digits: [u8; Self::MAX],
    length: u8,
}

impl Digits {
    /// The shortest code.
    pub const MIN: usize = 4;
    /// The longest code.
    pub const MAX: usize = 12;

    /// Reads decimal digits, each 0 to 9; `None` unless 4 to 12 of them.
    pub fn new(values: &[u8]) -> Option<Self> {
        let fits = (Self::MIN..=Self::MAX).contains(&values.len());
        if !fits || values.iter().any(|digit| *digit > 9) {
            return None;
        }
        let mut digits = [0; Self::MAX];
        digits[..values.len()].copy_from_slice(values);
        Some(Self {
            digits,
            length: values.len() as u8,
        })
    }

    /// Reads ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut values = [0; Self::MAX];
        let bytes = text.as_bytes();
        if bytes.len() > Self::MAX || !bytes.iter().all(u8::is_ascii_digit) {
            return None;
        }
        for (value, byte) in values.iter_mut().zip(bytes) {
            *value = byte - b'0';
        }
        let digits = Self::new(&values[..bytes.len()]);
        values.zeroize();
        digits
    }

    /// The values, 0 to 9 each. Every call says why beside it.
    pub fn expose(&self) -> &[u8] {
        &self.digits[..usize::from(self.length)]
    }

    /// How many digits.
    pub fn length(&self) -> usize {
        usize::from(self.length)
    }
}

impl PartialEq for Digits {
    fn eq(&self, other: &Self) -> bool {
        // EXPOSE: compared in constant time.
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for Digits {}

impl fmt::Debug for Digits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digits(..)")
    }
}

/// What a lock stores of a synced code: 16 bytes that say nothing without the pepper, which is not in flash.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct CodeTag(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl CodeTag {
    /// `HMAC-SHA-256(pepper, label ‖ lock ‖ digit values)`, its first 16 bytes.
    pub fn of(pepper: &Secret32, lock: LockId, digits: &Digits) -> Self {
        // EXPOSE: goes into the MAC.
        let mac = hmac(pepper, &[TAG_LABEL, lock.as_bytes(), digits.expose()]);
        let mut tag = [0; 16];
        tag.copy_from_slice(&mac[..16]);
        Self(tag)
    }

    /// Equality in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for CodeTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CodeTag(..)")
    }
}

/// The two kinds of codes that need no sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum DailyKind {
    /// Works all day.
    #[n(1)]
    Daily = 1,
    /// Works until 15 min after its first use.
    #[n(2)]
    SingleUse = 2,
}

impl DailyKind {
    /// Both, in the order a lock tries them.
    pub const ALL: [Self; 2] = [Self::Daily, Self::SingleUse];
}

/// A civil day: days since 1970-01-01 in the door's timezone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct CivilDay(#[n(0)] pub i64);

/// Fewest digits of a daily code, the slot digit included.
pub const DAILY_DIGITS: u8 = 8;
/// Most digits of a daily code: a truncated MAC has 31 bits.
pub const DAILY_DIGITS_MAX: u8 = 10;

/// The daily code of one slot on one day: the slot digit, then the RFC 4226 truncation of `HMAC-SHA-256(key, day)` in `digits - 1` digits,
/// where key = HKDF(day key, label ‖ lock ‖ kind ‖ slot) and the day is 8 bytes, big endian.
///
/// `None` unless `slot` < 10 and `digits` is 8 to 10.
pub fn daily_code(
    day_key: &Secret32,
    lock: LockId,
    kind: DailyKind,
    slot: u8,
    day: CivilDay,
    digits: u8,
) -> Option<Digits> {
    if slot >= SLOTS || !(DAILY_DIGITS..=DAILY_DIGITS_MAX).contains(&digits) {
        return None;
    }
    let key = derive(
        day_key,
        DAILY_LABEL,
        &[lock.as_bytes(), &[kind as u8, slot]],
    );
    let mut mac = hmac(&key, &[&day.0.to_be_bytes()]);
    let mut number = truncated(&mac) % 10_u32.pow(u32::from(digits - 1));
    mac.zeroize();
    let mut values = [0; Digits::MAX];
    for place in (1..usize::from(digits)).rev() {
        values[place] = (number % 10) as u8;
        number /= 10;
    }
    values[0] = slot;
    let code = Digits::new(&values[..usize::from(digits)]);
    values.zeroize();
    code
}

/// RFC 4226, 5.3, on 32 bytes: four bytes at the offset that the last nibble names, the top bit cleared.
fn truncated(mac: &[u8; 32]) -> u32 {
    let offset = usize::from(mac[31] & 0x0f);
    let mut word = [0; 4];
    word.copy_from_slice(&mac[offset..offset + 4]);
    u32::from_be_bytes(word) & 0x7fff_ffff
}

/// Daily codes that are live beside a table's codes of `digits` digits, at a door whose daily codes have `daily` digits (0: it has none): one
/// of each slot and kind.
pub fn daily_codes_live(digits: u8, daily: u8) -> u32 {
    if daily > 0 && digits == daily {
        2 * u32::from(SLOTS)
    } else {
        0
    }
}

/// Whether `live` codes of `digits` digits keep a guesser under one percent a year.
pub fn within_guessing_bound(live: u32, digits: u8) -> bool {
    let space = 10_u64.saturating_pow(u32::from(digits));
    u64::from(live) * TRIES_A_YEAR * 100 <= space
}

/// The door's offsets from UTC for some ten years: what a lock needs of a timezone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetTable {
    changes: Vec<OffsetChange>,
    ends: i64,
}

/// From this moment on, local time is UTC plus this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OffsetChange {
    /// Seconds since 1970-01-01T00:00:00Z.
    #[n(0)]
    pub from: i64,
    /// Seconds east of Greenwich.
    #[n(1)]
    pub offset: i32,
}

impl OffsetTable {
    /// Most changes in a table: twice a year for ten years, and room.
    pub const MAX_CHANGES: usize = 32;
    /// No place on Earth is further from Greenwich, seconds.
    pub const MAX_OFFSET: i32 = 15 * 3600;

    /// A table that is right until `ends`; `None` when empty, too long, not in order, or an offset is none.
    pub fn new(changes: Vec<OffsetChange>, ends: i64) -> Option<Self> {
        let ordered = changes.windows(2).all(|pair| pair[0].from < pair[1].from);
        let bounded = changes
            .iter()
            .all(|change| (-Self::MAX_OFFSET..=Self::MAX_OFFSET).contains(&change.offset));
        let sized = (1..=Self::MAX_CHANGES).contains(&changes.len());
        (ordered && bounded && sized).then_some(Self { changes, ends })
    }

    /// A door that shows UTC, for ever.
    pub fn utc() -> Self {
        Self {
            changes: alloc::vec![OffsetChange { from: 0, offset: 0 }],
            ends: i64::MAX,
        }
    }

    /// The changes, in order.
    pub fn changes(&self) -> &[OffsetChange] {
        &self.changes
    }

    /// Until when the table is right.
    pub fn ends(&self) -> i64 {
        self.ends
    }

    /// The offsets that may be in force at `utc`: one, or past the table's end the last two it knew, an hour apart where it knew only one.
    pub fn offsets_at(&self, utc: i64) -> (i32, i32) {
        let index = self.changes.partition_point(|change| change.from <= utc);
        let current = self.changes[index.saturating_sub(1)].offset;
        if utc < self.ends {
            return (current, current);
        }
        let last = self.changes[self.changes.len() - 1].offset;
        let before = self.changes.iter().rev().map(|change| change.offset);
        let other = before.clone().find(|offset| *offset != last);
        (last, other.unwrap_or(last + 3600))
    }

    /// The civil days that it may be at the door at `utc`; usually one twice.
    pub fn days_at(&self, utc: i64) -> (CivilDay, CivilDay) {
        let (first, second) = self.offsets_at(utc);
        (civil_day(utc, first), civil_day(utc, second))
    }
}

/// Travels as `[changes, ends]`; one that is not sound does not decode.
impl<C> Encode<C> for OffsetTable {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder
            .array(2)?
            .encode_with(&self.changes, context)?
            .i64(self.ends)?
            .ok()
    }
}

impl<'b, C> Decode<'b, C> for OffsetTable {
    fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        if decoder.array()? != Some(2) {
            return Err(DecodeError::message("offset table"));
        }
        let changes = decoder.decode_with(context)?;
        let ends = decoder.i64()?;
        Self::new(changes, ends).ok_or_else(|| DecodeError::message("offset table"))
    }
}

fn civil_day(utc: i64, offset: i32) -> CivilDay {
    CivilDay(utc.saturating_add(i64::from(offset)).div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: LockId = LockId([7; 16]);

    #[test]
    fn the_slot_is_the_first_digit_and_leading_zeros_stay() {
        let key = Secret32::new([1; 32]);
        let codes: Vec<Digits> = (0..200)
            .filter_map(|day| daily_code(&key, LOCK, DailyKind::Daily, 0, CivilDay(day), 8))
            .collect();
        assert_eq!(codes.len(), 200);
        let begins_with_slot = |code: &Digits| code.length() == 8 && code.expose()[0] == 0;
        assert!(codes.iter().all(begins_with_slot));
        assert!(
            codes.iter().any(|code| code.expose()[1] == 0),
            "a zero after the slot"
        );
    }

    #[test]
    fn kinds_slots_days_and_locks_have_codes_of_their_own() {
        let key = Secret32::new([1; 32]);
        let code = |lock, kind, slot, day| {
            daily_code(&key, lock, kind, slot, CivilDay(day), 10).expect("in bounds")
        };
        let first = code(LOCK, DailyKind::Daily, 3, 20_000);
        assert_ne!(first, code(LOCK, DailyKind::SingleUse, 3, 20_000));
        assert_ne!(first, code(LOCK, DailyKind::Daily, 4, 20_000));
        assert_ne!(first, code(LOCK, DailyKind::Daily, 3, 20_001));
        assert_ne!(first, code(LockId([8; 16]), DailyKind::Daily, 3, 20_000));
    }

    #[test]
    fn a_daily_code_of_seven_digits_is_not_made() {
        let key = Secret32::new([1; 32]);
        assert!(daily_code(&key, LOCK, DailyKind::Daily, 0, CivilDay(1), 7).is_none());
        assert!(daily_code(&key, LOCK, DailyKind::Daily, 10, CivilDay(1), 8).is_none());
    }

    #[test]
    fn nine_codes_of_seven_digits_are_the_most_the_bound_allows() {
        assert!(within_guessing_bound(9, 7));
        assert!(!within_guessing_bound(10, 7));
        assert!(within_guessing_bound(daily_codes_live(8, 8), 8));
    }

    #[test]
    fn the_day_turns_at_the_doors_midnight_on_both_sides_of_a_change() {
        // New York: -4 h until 2026-11-01T06:00Z, then -5 h.
        let table = OffsetTable::new(
            alloc::vec![
                OffsetChange {
                    from: 0,
                    offset: -4 * 3600
                },
                OffsetChange {
                    from: 1_793_512_800,
                    offset: -5 * 3600
                },
            ],
            2_000_000_000,
        )
        .expect("in order");
        let midnight = 1_793_512_800 - 2 * 3600;
        assert_eq!(
            table.days_at(midnight - 1).0,
            CivilDay(table.days_at(midnight).0.0 - 1)
        );
        let next = midnight + 25 * 3600;
        assert_eq!(
            table.days_at(next - 1).0,
            table.days_at(midnight).0,
            "a day of 25 hours"
        );
        assert_eq!(
            table.days_at(next).0,
            CivilDay(table.days_at(midnight).0.0 + 1)
        );
    }

    #[test]
    fn past_its_end_the_table_allows_both_offsets() {
        let table = OffsetTable::new(alloc::vec![OffsetChange { from: 0, offset: 0 }], 1_000_000);
        assert_eq!(table.expect("in order").offsets_at(1_000_000), (0, 3600));
    }
}
