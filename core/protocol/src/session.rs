//! What both ends compute alike: prologues and the bytes that the phone's key signs.

use alloc::vec::Vec;

use crate::crypto::{AgreementPublic, labels};
use crate::hello::SUITE;
use crate::ids::{Digest, LockId, SlotId};
use crate::wire::message::Command;

/// Prologue of a full handshake. The hello's hash covers the lock's signature, so both ends mean the same hello or fail.
pub(crate) fn full_prologue(lock: &LockId, hello: &Digest) -> Vec<u8> {
    [labels::CHANNEL, &[SUITE], lock.as_ref(), hello.as_ref()].concat()
}

/// Prologue of a resumed handshake.
pub(crate) fn resumed_prologue(lock: &LockId, slot: &SlotId, hello: &Digest) -> Vec<u8> {
    [
        labels::RESUME,
        &[SUITE],
        lock.as_ref(),
        slot.as_ref(),
        hello.as_ref(),
    ]
    .concat()
}

/// What the holder key signs for message 1: this hello, this channel, this grant, this command.
pub fn signed_opening(
    hello: &Digest,
    ephemeral: &AgreementPublic,
    grant: &Digest,
    command: &Command,
) -> Vec<u8> {
    [
        labels::PRESENT,
        hello.as_ref(),
        ephemeral,
        grant.as_ref(),
        &command.encode(),
    ]
    .concat()
}

/// What the holder key signs for a later command: this session, this number, this command.
pub fn signed_request(session: &Digest, number: u32, command: &Command) -> Vec<u8> {
    [
        labels::REQUEST,
        session.as_ref(),
        &number.to_be_bytes(),
        &command.encode(),
    ]
    .concat()
}
