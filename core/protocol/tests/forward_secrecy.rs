//! R7: a recording stays closed when, later, every long-term key and every psk leaks. The attacker is written against the Noise
//! specification with snow alone, so that it does not share this crate's mistakes.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod common;

use common::air::{CLEAR, Packet, resume_over, unlock_over};
use common::{Lock, Phone, unlock};
use keyway_protocol::hello::{self, LENGTH};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input;
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};

/// snow's own primitives; a reader of message 1 needs no randomness.
struct Reading;

impl Random for Reading {
    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), snow::Error> {
        Err(snow::Error::Rng)
    }
}

impl CryptoResolver for Reading {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Self))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

/// A recorded conversation: its hello and its message 1.
struct Recording {
    hello: Vec<u8>,
    message: Vec<u8>,
}

impl Recording {
    /// At MTU 517 both fit one frame: `serial ‖ index ‖ hello`, and `flags ‖ seq ‖ message`.
    fn of(trace: &[Packet]) -> Self {
        let find = |wanted: fn(&Packet) -> Option<&Vec<u8>>| trace.iter().find_map(wanted).unwrap();
        let hello = find(|packet| match packet {
            Packet::HelloFrame(bytes) => Some(bytes),
            _ => None,
        });
        let message = find(|packet| match packet {
            Packet::Up(bytes) if bytes[0] == 0xb0 => Some(bytes),
            _ => None,
        });
        assert_eq!(hello.len(), 2 + LENGTH);
        Self {
            hello: hello[2..].into(),
            message: message[2..].into(),
        }
    }

    /// Message 1's plaintext, if this private key (and psk) opens it.
    fn read(&self, key: &[u8; 32], psk: &[u8; 32]) -> Option<Vec<u8>> {
        use sha2::Digest;
        let hash = sha2::Sha256::digest(&self.hello);
        let lock = [1; 16];
        let (pattern, prologue, noise) = match self.message.split_first().unwrap() {
            (0x01, noise) => (
                "NK",
                [b"keyway/1 channel", &[1][..], &lock, &hash].concat(),
                noise,
            ),
            (_, rest) => {
                let (slot, noise) = rest.split_at(8);
                (
                    "NKpsk0",
                    [b"keyway/1 resume", &[1][..], &lock, slot, &hash].concat(),
                    noise,
                )
            }
        };
        let name = format!("Noise_{pattern}_25519_ChaChaPoly_SHA256");
        let builder = snow::Builder::with_resolver(name.parse().unwrap(), Box::new(Reading));
        let builder = builder
            .prologue(&prologue)
            .unwrap()
            .local_private_key(key)
            .unwrap();
        let builder = if pattern == "NK" {
            builder
        } else {
            builder.psk(0, psk).unwrap()
        };
        let mut plaintext = vec![0; noise.len()];
        let length = builder
            .build_responder()
            .unwrap()
            .read_message(noise, &mut plaintext)
            .ok()?;
        plaintext.truncate(length);
        Some(plaintext)
    }
}

/// Two taps, the second resumed, and everything the lock's memory ever held.
fn recorded() -> (Vec<Recording>, Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let mut phone = Phone::new(50, &lock, 1, 0);
    let first = unlock_over(&mut lock, &mut phone, 1, 517, CLEAR, 1_000);
    let held = first.resumption();
    assert!(held.is_some());
    let second = resume_over(&mut lock, &mut phone, unlock(2), held, 517, CLEAR, 20_000);
    assert_eq!((lock.moves, second.signatures), (2, 0));
    let recordings = vec![Recording::of(&first.trace), Recording::of(&second.trace)];
    (recordings, lock, phone)
}

/// Psks are what the lock drew right after a slot's 8-byte name; the other 32-byte draws are one-time and ephemeral keys.
fn drawn(lock: &Lock) -> (Vec<[u8; 32]>, Vec<[u8; 32]>) {
    let draws = lock.randomness();
    let (mut psks, mut one_time) = (Vec::new(), Vec::new());
    for (index, draw) in draws.iter().enumerate() {
        let Ok(key) = <[u8; 32]>::try_from(&draw[..]) else {
            continue;
        };
        let after_a_slot = index > 0 && draws[index - 1].len() == 8;
        if after_a_slot {
            psks.push(key)
        } else {
            one_time.push(key)
        }
    }
    (psks, one_time)
}

#[test]
fn r07_long_term_keys_and_psks_open_no_recording() {
    let (recordings, lock, phone) = recorded();
    let (psks, one_time) = drawn(&lock);
    assert_eq!(psks.len(), 2);
    // Identity, hint, holder and property key; and the psks themselves, in case one were used as a key.
    let mut leaked = vec![[1; 32], [0x81; 32], [50; 32], [0x77; 32]];
    leaked.extend(&psks);
    for recording in &recordings {
        // The leak does unmask the hello. That is all it does.
        assert!(hello::verify(&recording.hello, &phone.credentials.known).is_ok());
        for key in &leaked {
            for psk in &leaked {
                assert!(recording.read(key, psk).is_none());
            }
        }
        // The control: this attacker reads both, given the key that the lock has erased.
        let opened = one_time
            .iter()
            .flat_map(|key| psks.iter().map(move |psk| (key, psk)));
        let opened = opened
            .filter_map(|(key, psk)| recording.read(key, psk))
            .next();
        assert!(opened.is_some_and(|plaintext| plaintext.len().is_multiple_of(32)));
    }
}

#[test]
fn r07_the_one_time_key_alone_does_not_open_a_resumed_message() {
    let (recordings, lock, _) = recorded();
    let (_, one_time) = drawn(&lock);
    assert!(
        one_time
            .iter()
            .all(|key| recordings[1].read(key, &[0; 32]).is_none())
    );
    assert!(
        one_time
            .iter()
            .any(|key| recordings[0].read(key, &[0; 32]).is_some())
    );
}
