//! Message 1: who is this, what does it bring, may it, and only then what does it want.
//!
//! The order is the protocol's: the holder's signature (or the slot's psk), then the critical lane, applied and persisted, then the grant
//! under what the lane has made of the world, then the command.

use alloc::vec::Vec;

use super::keeper::{GrantView, Keeper, Operation};
use super::links::Session;
use super::resume::Held;
use super::{Env, Node};
use crate::crypto::noise::{self, Handshake, Pattern, Transport};
use crate::crypto::{Secret32, VerifyingKey, sha256};
use crate::error::{Code, Error};
use crate::ids::{Digest, SlotId};
use crate::io::LinkId;
use crate::session::{full_prologue, resumed_prologue, signed_opening};
use crate::wire::message::{Command, Message, Opening, Proof, Verdict};

/// Message 1, decrypted; nobody is believed yet.
struct Opened {
    handshake: Handshake,
    opening: Opening,
    hello: Digest,
    /// The phone's ephemeral key: the first 32 bytes of the Noise message.
    ephemeral: [u8; 32],
}

/// Why message 1 leads to nothing.
enum Refusal {
    /// Nobody was authenticated: told in clear, and always the same way.
    Alert(Code),
    /// Told inside the channel.
    Verdict(Handshake, Error),
}

impl<K: Keeper> Node<K> {
    /// Takes a complete message 1. Right or wrong, it spends the link's hello.
    pub(super) fn open(
        &mut self,
        link: LinkId,
        slot: Option<SlotId>,
        noise: &[u8],
        env: &mut Env<'_>,
    ) {
        match self.admit(link, slot, noise, env) {
            Ok(()) => {}
            Err(Refusal::Alert(code)) => self.alert(link, code, env.now),
            Err(Refusal::Verdict(mut handshake, error)) => {
                let hello = self.next_hello(link, env.now);
                let verdict = Verdict::Refused { error, hello };
                match noise::write(&mut handshake, &verdict.encode()) {
                    Some(noise) => self.send(link, &Message::Answer(noise)),
                    None => self.close(link),
                }
            }
        }
    }

    fn admit(
        &mut self,
        link: LinkId,
        slot: Option<SlotId>,
        noise: &[u8],
        env: &mut Env<'_>,
    ) -> Result<(), Refusal> {
        let opened = self.decrypt(link, slot, noise, env)?;
        let Opened {
            handshake,
            opening,
            hello,
            ephemeral,
        } = opened;
        let held = match self.authenticate(slot, &opening, &hello, &ephemeral) {
            Ok(held) => held,
            // Whether a name is known tells nothing to who had to know it first.
            Err(Code::UnknownGrant) => {
                return Err(Refusal::Verdict(handshake, Code::UnknownGrant.into()));
            }
            Err(code) => return Err(Refusal::Alert(code)),
        };
        let receipt = match self.believe(&held, opening.lane.as_deref(), env) {
            Ok(receipt) => receipt,
            Err(error) => return Err(Refusal::Verdict(handshake, error)),
        };
        self.slots.hold(&held);
        let refused = self.prepare(&held, opening.command, env).err();
        if slot.is_none() {
            // A phone has one chain of slots, and it starts anew here, or ends.
            self.slots.end(&held.grant.holder());
        }
        let slot = held.grant.is_resumable().then(|| match slot {
            Some(slot) => self.slots.successor(&slot, &held, env.random, env.now),
            None => self.slots.first(&held, env.random, env.now),
        });
        self.answer(
            link,
            handshake,
            held,
            &Verdict::Admitted { refused, slot },
            receipt,
            env,
        );
        if refused.is_none() {
            self.carry_out(link, 0, opening.command);
        } else {
            self.send_held_receipt(link);
        }
        Ok(())
    }

    fn decrypt(
        &mut self,
        link: LinkId,
        slot: Option<SlotId>,
        noise: &[u8],
        env: &mut Env<'_>,
    ) -> Result<Opened, Refusal> {
        let issued = self.links.find(link).and_then(|state| state.issued.take());
        let issued = issued.filter(|issued| issued.is_valid(env.now));
        let issued = issued.ok_or(Refusal::Alert(Code::StaleHello))?;
        let hello = issued.prepared.hash;
        let lock = self.keeper.lock_id();
        let answer = Secret32::generate(env.random);
        let key = &issued.prepared.one_time;
        let handshake = match slot {
            None => {
                let prologue = full_prologue(&lock, &hello);
                noise::responder(Pattern::Full, &prologue, key, None, &answer)
            }
            Some(slot) => {
                let psk = self.slots.psk(&slot, env.now);
                let psk = psk.ok_or(Refusal::Alert(Code::UnknownSlot))?;
                let prologue = resumed_prologue(&lock, &slot, &hello);
                noise::responder(Pattern::Resumed, &prologue, key, Some(&psk), &answer)
            }
        };
        let bad = || Refusal::Alert(Code::BadMessage);
        let mut handshake = handshake.ok_or_else(bad)?;
        let plaintext = noise::read(&mut handshake, noise).ok_or_else(bad)?;
        let opening = Opening::decode(&plaintext).map_err(|_| bad())?;
        let ephemeral = noise.first_chunk().copied().ok_or_else(bad)?;
        Ok(Opened {
            handshake,
            opening,
            hello,
            ephemeral,
        })
    }

    /// Whose phone is this? Its grant is not believed yet.
    fn authenticate(
        &mut self,
        slot: Option<SlotId>,
        opening: &Opening,
        hello: &Digest,
        ephemeral: &[u8; 32],
    ) -> Result<Held<K::Grant>, Code> {
        let (held, signature) = match (&opening.proof, slot) {
            (Proof::Slot, Some(slot)) => {
                return self.slots.used(&slot).ok_or(Code::UnknownSlot);
            }
            (
                Proof::Grant {
                    grant,
                    holder,
                    signature,
                },
                None,
            ) => {
                let holder = VerifyingKey::from_sec1(holder).ok_or(Code::BadMessage)?;
                let digest = sha256(&[grant]);
                let grant = self
                    .keeper
                    .read_grant(grant)
                    .map_err(|_| Code::BadMessage)?;
                if grant.holder() != holder.holder_hash() {
                    return Err(Code::BadMessage);
                }
                (
                    Held {
                        grant,
                        digest,
                        holder,
                    },
                    signature,
                )
            }
            (Proof::Reference { grant, signature }, None) => {
                (self.slots.held(grant).ok_or(Code::UnknownGrant)?, signature)
            }
            _ => return Err(Code::BadMessage),
        };
        let signed = signed_opening(hello, ephemeral, &held.digest, &opening.command);
        if held.holder.verify(&[&signed], signature) {
            Ok(held)
        } else {
            Err(Code::BadMessage)
        }
    }

    /// Applies the lane, then judges the grant under it. Gives the lane's receipt.
    fn believe(
        &mut self,
        held: &Held<K::Grant>,
        lane: Option<&[u8]>,
        env: &mut Env<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let receipt = match lane.map(|lane| self.keeper.apply_lane(lane, env)) {
            Some(Ok(receipt)) => receipt,
            Some(Err(error)) => return Err(error),
            None => None,
        };
        if receipt.is_some() {
            self.end_what_fell(env);
        }
        self.keeper.check_grant(&held.grant)?;
        self.keeper.judge(&held.grant, Operation::Session, env)?;
        Ok(receipt)
    }

    fn answer(
        &mut self,
        link: LinkId,
        mut handshake: Handshake,
        held: Held<K::Grant>,
        verdict: &Verdict,
        receipt: Option<Vec<u8>>,
        env: &Env<'_>,
    ) {
        let noise = noise::write(&mut handshake, &verdict.encode());
        let transport = Transport::new(handshake);
        let (Some(noise), Some(transport)) = (noise, transport) else {
            return self.close(link);
        };
        self.send(link, &Message::Answer(noise));
        if let Some(state) = self.links.find(link) {
            state.session = Some(Session {
                transport,
                held,
                last_signed: 0,
                receipt,
                last_heard: env.now,
            });
        }
    }

    /// Judges and begins a command; after `Ok` it is carried out.
    pub(super) fn prepare(
        &mut self,
        held: &Held<K::Grant>,
        command: Command,
        env: &mut Env<'_>,
    ) -> Result<(), Error> {
        match command {
            Command::Unlock { command, presence } => {
                self.begin_unlock(held, command, presence, env)
            }
            Command::Status { .. } | Command::Session => Ok(()),
        }
    }
}
