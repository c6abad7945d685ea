//! From hello to session, one type per state: [`AwaitHello`], [`HelloVerified`], [`NeedSignature`], [`AwaitAnswer`], [`Session`].

use alloc::vec::Vec;
use core::fmt;

use crate::crypto::noise::{self, Handshake, Pattern, Transport};
use crate::crypto::{AgreementKey, Random, Secret32, Signature, VerifyingKey, sha256};
use crate::error::{ApiMisuse, Failure, PeerMisbehaved};
use crate::hello::{self, Facts, KnownLock, Verified};
use crate::ids::{Digest, GrantId};
use crate::io::Millis;
use crate::session::{full_prologue, resumed_prologue, signed_opening, signed_request};
use crate::wire::message::{Command, Message, Opening, Proof, Slot, Verdict};
use crate::wire::reply::{Reply, Request};

/// What a phone holds for one door.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The lock, as its signed descriptor says.
    pub known: KnownLock,
    /// Root chain and critical lane, as the lock wants them.
    pub lane: Vec<u8>,
    /// The root version the lane stands on.
    pub root_version: u32,
    /// The lane's sequence number.
    pub crit_seq: u64,
    /// The signed grant.
    pub grant: Vec<u8>,
    /// The grant's name.
    pub grant_id: GrantId,
    /// The phone's public key, which the grant names.
    pub holder: VerifyingKey,
    /// Whether slots may be kept: never for a borrowed phone or a presence grant.
    pub resumable: bool,
    /// Whether the lock was seen to hold this grant; then only its name is sent.
    pub held_by_lock: bool,
}

/// The right to resume with one lock. Lives in memory only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumption {
    slot: Slot,
    /// The grant it stands for.
    grant: GrantId,
    /// When it was handed out.
    since: Millis,
}

impl Resumption {
    /// How long an unused resumption is kept, in milliseconds.
    pub const LIFETIME: u64 = 15 * 60 * 1_000;

    /// A slot for a grant, handed out at a time.
    pub const fn new(slot: Slot, grant: GrantId, since: Millis) -> Self {
        Self { slot, grant, since }
    }

    /// Whether it may still be used: at most 15 minutes old, and for this grant.
    pub fn is_usable(&self, grant: &GrantId, now: Millis) -> bool {
        self.grant == *grant && now.since(self.since) <= Self::LIFETIME
    }
}

/// Connected; the lock has not shown itself.
#[derive(Debug)]
pub struct AwaitHello {
    command: Command,
}

impl AwaitHello {
    /// Waits to say `command`.
    pub const fn new(command: Command) -> Self {
        Self { command }
    }

    /// Checks who speaks. Nothing was revealed before, and nothing is revealed if this fails.
    pub fn hello(
        self,
        bytes: &[u8],
        known: &KnownLock,
        now: Millis,
    ) -> Result<HelloVerified, Failure> {
        let verified = hello::verify(bytes, known)?;
        Ok(HelloVerified {
            command: self.command,
            verified,
            received: now,
        })
    }
}

/// The lock is who it should be.
#[derive(Debug)]
pub struct HelloVerified {
    command: Command,
    verified: Verified,
    received: Millis,
}

impl HelloVerified {
    /// What the lock says of itself.
    pub const fn facts(&self) -> &Facts {
        &self.verified.facts
    }

    /// Prepares a full handshake. `ephemeral` is random and used once.
    pub fn full(self, credentials: &Credentials, ephemeral: Secret32) -> NeedSignature {
        let public = AgreementKey::from_secret(&ephemeral).public();
        let grant = sha256(&[&credentials.grant]);
        let bytes = signed_opening(&self.verified.hash, &public, &grant, &self.command);
        NeedSignature {
            hello: self,
            ephemeral,
            bytes,
        }
    }

    /// Resumes: no signature, the slot's psk is the proof. Gives message 1.
    pub fn resumed(
        self,
        credentials: &Credentials,
        resumption: &Resumption,
        ephemeral: &Secret32,
    ) -> Result<(AwaitAnswer, Vec<u8>), Failure> {
        let slot = &resumption.slot;
        let prologue = resumed_prologue(&credentials.known.lock, &slot.id, &self.verified.hash);
        let key = &self.verified.facts.one_time;
        let handshake =
            noise::initiator(Pattern::Resumed, &prologue, key, Some(&slot.psk), ephemeral);
        let opening = Opening {
            lane: self.lane(credentials),
            proof: Proof::Slot,
            command: self.command,
        };
        let (state, noise) = seal(handshake, &opening)?;
        Ok((state, Message::Resume(slot.id, noise).encode()))
    }

    /// The lane, if the lock lacks it.
    fn lane(&self, credentials: &Credentials) -> Option<Vec<u8>> {
        let facts = &self.verified.facts;
        let ours = (credentials.root_version, credentials.crit_seq);
        (ours > (facts.root_version, facts.crit_seq)).then(|| credentials.lane.clone())
    }
}

/// Everything is ready but the holder key's signature.
pub struct NeedSignature {
    hello: HelloVerified,
    ephemeral: Secret32,
    bytes: Vec<u8>,
}

impl NeedSignature {
    /// What the holder key has to sign (ES256 hashes it).
    pub fn to_sign(&self) -> &[u8] {
        &self.bytes
    }

    /// When the hello came.
    pub const fn hello_received(&self) -> Millis {
        self.hello.received
    }

    /// Gives message 1. A signature that is not the holder key's is refused here, before a lock could log it.
    pub fn signed(
        self,
        credentials: &Credentials,
        signature: Signature,
    ) -> Result<(AwaitAnswer, Vec<u8>), Failure> {
        if !credentials.holder.verify(&[&self.bytes], &signature) {
            return Err(ApiMisuse::BadSignature.into());
        }
        let proof = if credentials.held_by_lock {
            Proof::Reference {
                grant: credentials.grant_id,
                signature,
            }
        } else {
            let holder = credentials.holder.to_bytes();
            Proof::Grant {
                grant: credentials.grant.clone(),
                holder,
                signature,
            }
        };
        let verified = &self.hello.verified;
        let prologue = full_prologue(&credentials.known.lock, &verified.hash);
        let key = &verified.facts.one_time;
        let handshake = noise::initiator(Pattern::Full, &prologue, key, None, &self.ephemeral);
        let opening = Opening {
            lane: self.hello.lane(credentials),
            proof,
            command: self.hello.command,
        };
        let (state, noise) = seal(handshake, &opening)?;
        Ok((state, Message::Open(noise).encode()))
    }
}

impl fmt::Debug for NeedSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NeedSignature(..)")
    }
}

fn seal(
    handshake: Option<Handshake>,
    opening: &Opening,
) -> Result<(AwaitAnswer, Vec<u8>), Failure> {
    let mut handshake = handshake.ok_or(ApiMisuse::BadKey)?;
    let noise = noise::write(&mut handshake, &opening.encode()).ok_or(ApiMisuse::TooLong)?;
    Ok((AwaitAnswer { handshake }, noise))
}

/// Message 1 is made. From the moment its last byte is sent, the lock may have acted on it.
pub struct AwaitAnswer {
    handshake: Handshake,
}

impl AwaitAnswer {
    /// Reads message 2.
    pub fn answer(mut self, noise: &[u8]) -> Result<Answered, Failure> {
        let unreadable = Failure::from(PeerMisbehaved::UnreadableMessage);
        let plaintext = noise::read(&mut self.handshake, noise).ok_or(unreadable)?;
        match Verdict::decode(&plaintext).map_err(|_| unreadable)? {
            Verdict::Refused { error, hello } => Ok(Answered::Refused { error, hello }),
            Verdict::Admitted { refused, slot } => {
                let transport = Transport::new(self.handshake).ok_or(unreadable)?;
                let session = Session {
                    transport,
                    number: 0,
                };
                Ok(Answered::Admitted {
                    session,
                    refused,
                    slot,
                })
            }
        }
    }
}

impl fmt::Debug for AwaitAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AwaitAnswer(..)")
    }
}

/// What message 2 said.
#[derive(Debug)]
pub enum Answered {
    /// There is a session.
    Admitted {
        /// Go on here.
        session: Session,
        /// Why the command was refused, if it was.
        refused: Option<crate::error::Error>,
        /// The next resumption slot, if the lock gives one.
        slot: Option<Slot>,
    },
    /// There is none.
    Refused {
        /// Why.
        error: crate::error::Error,
        /// The next hello to answer; empty if the lock has none ready.
        hello: Vec<u8>,
    },
}

/// Both ends are who they should be, and nobody else reads along.
#[derive(Debug)]
pub struct Session {
    transport: Transport,
    number: u32,
}

impl Session {
    /// Takes the next request number; numbers rise from 1.
    pub const fn next_number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    /// The number given out last.
    pub(crate) const fn last_number(&self) -> u32 {
        self.number
    }

    /// What the holder key signs for a command under this number.
    pub fn to_sign(&self, number: u32, command: &Command) -> Vec<u8> {
        signed_request(&self.transport.hash, number, command)
    }

    /// Names this session on both ends; the same value never comes twice.
    pub const fn hash(&self) -> Digest {
        self.transport.hash
    }

    /// Encrypts a request.
    pub fn request(&mut self, number: u32, request: &Request) -> Result<Vec<u8>, Failure> {
        let noise = self
            .transport
            .encrypt(&request.encode(number))
            .ok_or(ApiMisuse::TooLong)?;
        Ok(Message::Request(noise).encode())
    }

    /// Decrypts a reply: the number it answers, and what it says.
    pub fn reply(&mut self, noise: &[u8]) -> Result<(u32, Reply), Failure> {
        let unreadable = Failure::from(PeerMisbehaved::UnreadableMessage);
        let plaintext = self.transport.decrypt(noise).ok_or(unreadable)?;
        Reply::decode(&plaintext).map_err(|_| unreadable)
    }
}

/// A fresh ephemeral for one handshake.
pub(crate) fn ephemeral(random: &mut dyn Random) -> Secret32 {
    Secret32::generate(random)
}
