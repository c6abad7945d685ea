//! Strict CBOR: one encoding per value, bounded input, unknown keys refused unless marked as ignorable.
//!
//! Documents are maps with integer keys in ascending order. A decoder re-encodes what it understood and compares: whatever it did not
//! understand, or understood but was written another way, is refused. Keys below zero are reserved for later additions that an old lock
//! may ignore; they sort behind all others, so the understood part is a prefix. Their values are not looked into.

use alloc::vec::Vec;

use minicbor::data::Type;
use minicbor::decode::Error as DecodeError;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::crypto::VerifyingKey;
use crate::ids::{CommandId, Digest, GrantId, HolderHash, KeyId, LockId, SubjectId};

/// The bytes are not the one encoding of a value of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<DecodeError> for Malformed {
    fn from(_: DecodeError) -> Self {
        Self
    }
}

/// The one encoding of a value.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
    minicbor::to_vec(value).expect("infallible")
}

/// Reads the one encoding of a value; nothing may follow it.
pub(crate) fn decode<'b, T>(bytes: &'b [u8], limit: usize) -> Result<T, Malformed>
where
    T: Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > limit {
        return Err(Malformed);
    }
    let value: T = minicbor::decode(bytes)?;
    let understood = encode(&value);
    if understood == bytes || only_ignorable_follow(&understood, bytes)? {
        Ok(value)
    } else {
        Err(Malformed)
    }
}

/// Whether `bytes` is the map `understood` plus entries whose keys are negative. Not understanding them is no reason to take the map's head or
/// their keys in a longer form.
fn only_ignorable_follow(understood: &[u8], bytes: &[u8]) -> Result<bool, Malformed> {
    let (mut known, mut given) = (Decoder::new(understood), Decoder::new(bytes));
    if known.datatype()? != Type::Map || given.datatype()? != Type::Map {
        return Ok(false);
    }
    let (Some(known_entries), Some(given_entries)) = (known.map()?, given.map()?) else {
        return Ok(false);
    };
    let (known_body, given_body) = (&understood[known.position()..], &bytes[given.position()..]);
    let is_longer = given_entries > known_entries && given_body.starts_with(known_body);
    if !is_longer || map_head(given_entries) != bytes[..given.position()] {
        return Ok(false);
    }
    let mut rest = Decoder::new(&given_body[known_body.len()..]);
    let mut last = 0;
    for _ in known_entries..given_entries {
        let start = rest.position();
        let key = rest.i32()?;
        if key >= last || encode(&key) != rest.input()[start..rest.position()] {
            return Ok(false);
        }
        last = key;
        rest.skip()?;
    }
    Ok(rest.position() == rest.input().len())
}

/// The shortest head of a map with so many entries.
fn map_head(entries: u64) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    #[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
    encoder.map(entries).expect("infallible");
    encoder.into_writer()
}

/// Fixed-size names travel as byte strings.
macro_rules! byte_string {
    ($($name:ident),* $(,)?) => {$(
        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                encoder: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encoder.bytes(self.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                Self::try_from(decoder.bytes()?).map_err(|_| DecodeError::message("length"))
            }
        }
    )*};
}

byte_string!(
    LockId, SubjectId, GrantId, CommandId, KeyId, HolderHash, Digest
);

impl<C> Encode<C> for VerifyingKey {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(&self.to_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for VerifyingKey {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let bytes = decoder.bytes()?;
        // The uncompressed form would be a second encoding of the same key.
        (bytes.len() == Self::LENGTH)
            .then(|| Self::from_sec1(bytes))
            .flatten()
            .ok_or_else(|| DecodeError::message("point"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Encode, Decode, Debug, PartialEq)]
    #[cbor(map)]
    struct Pair {
        #[n(0)]
        first: u32,
        #[n(1)]
        second: Option<u32>,
    }

    #[test]
    fn one_value_has_one_encoding() {
        assert_eq!(
            encode(&Pair {
                first: 1,
                second: Some(2)
            }),
            [0xa2, 0, 1, 1, 2]
        );
        let longer_integer = [0xa2, 0, 0x18, 1, 1, 2];
        let swapped = [0xa2, 1, 2, 0, 1];
        let indefinite = [0xbf, 0, 1, 1, 2, 0xff];
        let trailing = [0xa2, 0, 1, 1, 2, 0];
        for bytes in [&longer_integer[..], &swapped, &indefinite, &trailing] {
            assert_eq!(decode::<Pair>(bytes, 64), Err(Malformed), "{bytes:02x?}");
        }
    }

    #[test]
    fn unknown_keys_are_refused_unless_negative() {
        let value = Pair {
            first: 1,
            second: None,
        };
        assert_eq!(decode::<Pair>(&[0xa2, 0, 1, 5, 9], 64), Err(Malformed));
        assert_eq!(decode::<Pair>(&[0xa2, 0, 1, 0x20, 9], 64), Ok(value));
        assert_eq!(
            decode::<Pair>(&[0xa3, 0, 1, 0x20, 9, 0x20, 9], 64),
            Err(Malformed)
        );
    }

    #[test]
    fn a_reserved_key_excuses_no_longer_form_and_its_value_is_not_looked_into() {
        let longer_key = [0xa2, 0, 1, 0x38, 0, 9];
        let longer_head = [0xb8, 2, 0, 1, 0x20, 9];
        let below_the_range = [0xa2, 0, 1, 0x3a, 0x80, 0, 0, 0, 9];
        for bytes in [&longer_key[..], &longer_head, &below_the_range] {
            assert_eq!(decode::<Pair>(bytes, 64), Err(Malformed), "{bytes:02x?}");
        }
        let last_key = [0xa2, 0, 1, 0x3a, 0x7f, 0xff, 0xff, 0xff, 9];
        let longer_value = [0xa2, 0, 1, 0x20, 0x18, 9];
        let value_of_indefinite_length = [0xa2, 0, 1, 0x20, 0x9f, 9, 0xff];
        for bytes in [&last_key[..], &longer_value, &value_of_indefinite_length] {
            assert!(decode::<Pair>(bytes, 64).is_ok(), "{bytes:02x?}");
        }
    }

    #[test]
    fn longer_than_the_limit_is_not_looked_at() {
        assert_eq!(decode::<Pair>(&[0xa0; 65], 64), Err(Malformed));
    }
}
