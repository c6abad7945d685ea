//! Noise by snow, with injected randomness and with keys that erase themselves.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use snow::{Builder, HandshakeState, TransportState};
use zeroize::Zeroize;

use super::{AgreementKey, AgreementPublic, Secret32};
use crate::ids::Digest;

/// Which Noise pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// A full handshake against the hello's one-time key.
    Full,
    /// A resumed handshake: the same with a psk.
    Resumed,
    /// A sealed message.
    Seal,
}

impl Pattern {
    const fn name(self) -> &'static str {
        match self {
            Self::Full => "Noise_NK_25519_ChaChaPoly_SHA256",
            Self::Resumed => "Noise_NKpsk0_25519_ChaChaPoly_SHA256",
            Self::Seal => "Noise_N_25519_ChaChaPoly_SHA256",
        }
    }
}

/// A handshake under way; boxed, for it is large and moves through states.
pub(crate) type Handshake = Box<HandshakeState>;

const TAG: usize = 16;
const LONGEST: usize = 65_535;

/// Begins as the side that knows the other's `public` key. `ephemeral` becomes the ephemeral private key.
pub(crate) fn initiator(
    pattern: Pattern,
    prologue: &[u8],
    public: &AgreementPublic,
    psk: Option<&Secret32>,
    ephemeral: &Secret32,
) -> Option<Handshake> {
    let builder = builder(pattern, prologue, psk, ephemeral)?;
    builder
        .remote_public_key(public)
        .ok()?
        .build_initiator()
        .ok()
        .map(Box::new)
}

/// Begins as the side that owns `key`. `ephemeral` becomes the ephemeral private key of the answer.
pub(crate) fn responder(
    pattern: Pattern,
    prologue: &[u8],
    key: &AgreementKey,
    psk: Option<&Secret32>,
    ephemeral: &Secret32,
) -> Option<Handshake> {
    let builder = builder(pattern, prologue, psk, ephemeral)?;
    // EXPOSE: the handshake needs the private key; our `Dh` erases its copy.
    builder
        .local_private_key(key.expose())
        .ok()?
        .build_responder()
        .ok()
        .map(Box::new)
}

/// Writes the next handshake message.
pub(crate) fn write(handshake: &mut Handshake, payload: &[u8]) -> Option<Vec<u8>> {
    // An ephemeral key and two tags at most.
    let mut message = vec![0; payload.len() + 32 + 2 * TAG];
    let length = handshake.write_message(payload, &mut message).ok()?;
    message.truncate(length);
    Some(message)
}

/// Reads the next handshake message; `None` if it is not authentic.
pub(crate) fn read(handshake: &mut Handshake, message: &[u8]) -> Option<Vec<u8>> {
    if message.len() > LONGEST {
        return None;
    }
    let mut payload = vec![0; message.len()];
    let length = handshake.read_message(message, &mut payload).ok()?;
    payload.truncate(length);
    Some(payload)
}

/// A finished handshake: what both ends say from now on, in order.
pub(crate) struct Transport {
    state: TransportState,
    /// The handshake hash: names this session in signatures.
    pub(crate) hash: Digest,
}

impl Transport {
    /// Ends a handshake in which both messages were exchanged.
    pub(crate) fn new(handshake: Handshake) -> Option<Self> {
        let hash = Digest::try_from(handshake.get_handshake_hash()).ok()?;
        Some(Self {
            state: handshake.into_transport_mode().ok()?,
            hash,
        })
    }

    /// Encrypts the next message.
    pub(crate) fn encrypt(&mut self, plaintext: &[u8]) -> Option<Vec<u8>> {
        let mut message = vec![0; plaintext.len() + TAG];
        let length = self.state.write_message(plaintext, &mut message).ok()?;
        message.truncate(length);
        Some(message)
    }

    /// Decrypts the next message; `None` if it is not the next authentic one.
    pub(crate) fn decrypt(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let mut plaintext = vec![0; message.len()];
        let length = self.state.read_message(message, &mut plaintext).ok()?;
        plaintext.truncate(length);
        Some(plaintext)
    }
}

impl core::fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Transport(..)")
    }
}

fn builder<'a>(
    pattern: Pattern,
    prologue: &'a [u8],
    psk: Option<&'a Secret32>,
    ephemeral: &Secret32,
) -> Option<Builder<'a>> {
    let resolver = Box::new(Resolver {
        ephemeral: ephemeral.clone(),
    });
    let builder = Builder::with_resolver(pattern.name().parse().ok()?, resolver);
    let builder = builder.prologue(prologue).ok()?;
    match psk {
        // EXPOSE: mixed into the handshake.
        Some(psk) => builder.psk(0, psk.expose()).ok(),
        None => Some(builder),
    }
}

/// Hands snow the ephemeral key as its randomness, and keys that erase themselves.
struct Resolver {
    ephemeral: Secret32,
}

impl CryptoResolver for Resolver {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Ephemeral(Some(self.ephemeral.clone()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        matches!(choice, DHChoice::Curve25519)
            .then(|| Box::new(Agreement::default()) as Box<dyn Dh>)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        matches!(choice, CipherChoice::ChaChaPoly)
            .then(|| Box::new(Aead::default()) as Box<dyn Cipher>)
    }
}

/// Gives the injected ephemeral key once; a second request fails rather than repeats.
struct Ephemeral(Option<Secret32>);

impl Random for Ephemeral {
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), snow::Error> {
        let key = self.0.take().ok_or(snow::Error::Rng)?;
        if bytes.len() != 32 {
            return Err(snow::Error::Rng);
        }
        // EXPOSE: this is the randomness snow asked for.
        bytes.copy_from_slice(key.expose());
        Ok(())
    }
}

/// X25519 for snow.
#[derive(Default)]
struct Agreement {
    key: Option<AgreementKey>,
    public: AgreementPublic,
}

impl Agreement {
    fn replace(&mut self, secret: &Secret32) {
        let key = AgreementKey::from_secret(secret);
        self.public = key.public();
        self.key = Some(key);
    }
}

impl Dh for Agreement {
    fn name(&self) -> &'static str {
        "25519"
    }

    fn pub_len(&self) -> usize {
        32
    }

    fn priv_len(&self) -> usize {
        32
    }

    fn set(&mut self, privkey: &[u8]) {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(privkey);
        self.replace(&Secret32::new(bytes));
        bytes.zeroize();
    }

    fn generate(&mut self, random: &mut dyn Random) -> Result<(), snow::Error> {
        let mut bytes = [0; 32];
        random.try_fill_bytes(&mut bytes)?;
        self.replace(&Secret32::new(bytes));
        bytes.zeroize();
        Ok(())
    }

    fn pubkey(&self) -> &[u8] {
        &self.public
    }

    fn privkey(&self) -> &[u8] {
        // EXPOSE: snow's contract; only key generation asks, which we do not use.
        self.key.as_ref().map_or(&[], |key| key.expose())
    }

    fn dh(&self, pubkey: &[u8], out: &mut [u8]) -> Result<(), snow::Error> {
        let public = pubkey.get(..32).and_then(|bytes| bytes.try_into().ok());
        let (Some(key), Some(public)) = (self.key.as_ref(), public) else {
            return Err(snow::Error::Dh);
        };
        let shared = key.agree(&public).ok_or(snow::Error::Dh)?;
        // EXPOSE: snow mixes it into the chaining key.
        out.get_mut(..32)
            .ok_or(snow::Error::Dh)?
            .copy_from_slice(shared.expose());
        Ok(())
    }
}

/// ChaCha20-Poly1305 for snow; the key erases itself.
#[derive(Default)]
struct Aead {
    cipher: Option<ChaCha20Poly1305>,
}

/// Noise's nonce: 4 zero bytes, then the counter, little endian.
fn nonce_bytes(nonce: u64) -> chacha20poly1305::Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&nonce.to_le_bytes());
    bytes.into()
}

impl Cipher for Aead {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        self.cipher = Some(ChaCha20Poly1305::new(key.into()));
    }

    #[expect(
        clippy::expect_used,
        reason = "snow sets the key first and sizes `out` for the tag"
    )]
    fn encrypt(&self, nonce: u64, authtext: &[u8], plaintext: &[u8], out: &mut [u8]) -> usize {
        let (body, tag) = out.split_at_mut(plaintext.len());
        body.copy_from_slice(plaintext);
        let cipher = self.cipher.as_ref().expect("keyed");
        let computed = cipher
            .encrypt_in_place_detached(&nonce_bytes(nonce), authtext, body)
            .expect("below the cipher's limit of 256 GiB");
        tag[..TAG].copy_from_slice(&computed);
        plaintext.len() + TAG
    }

    fn decrypt(
        &self,
        nonce: u64,
        authtext: &[u8],
        ciphertext: &[u8],
        out: &mut [u8],
    ) -> Result<usize, snow::Error> {
        let length = ciphertext
            .len()
            .checked_sub(TAG)
            .ok_or(snow::Error::Decrypt)?;
        let (body, tag) = ciphertext.split_at(length);
        let out = out.get_mut(..length).ok_or(snow::Error::Decrypt)?;
        out.copy_from_slice(body);
        let cipher = self.cipher.as_ref().ok_or(snow::Error::Decrypt)?;
        cipher
            .decrypt_in_place_detached(&nonce_bytes(nonce), authtext, out, tag.into())
            .map_err(|_| snow::Error::Decrypt)?;
        Ok(length)
    }
}
