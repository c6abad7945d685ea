//! Whole conversations, from the phone's end: what it sends is the same bytes, and it reads what the reference's lock answers.

mod conversations;

use conversations::{Conversation, Door, Link, vectors};
use keyway_protocol::ids::{GrantId, SlotId};
use keyway_protocol::io::Millis;
use keyway_protocol::phone::opening::{Answered, AwaitAnswer, AwaitHello, Session};
use keyway_protocol::phone::{Credentials, Resumption};
use keyway_protocol::wire::message::{Message, Opening, Proof, Slot};
use keyway_protocol::wire::reply::{Reply, Request};
use keyway_vectors::Hex;

const NOW: Millis = Millis(0);

fn credentials(door: &Door, held_by_lock: bool) -> Credentials {
    Credentials {
        known: door.known(),
        lane: Vec::new(),
        root_version: 1,
        crit_seq: door.crit_seq,
        grant: door.grant.0.clone(),
        grant_id: GrantId(door.grant_id.array()),
        holder: door.holder_private.signing_key().verifying_key(),
        resumable: true,
        held_by_lock,
    }
}

fn given(link: &Link) -> Slot {
    Slot {
        id: SlotId(link.slot_id.array()),
        psk: link.psk.secret(),
    }
}

fn proof(door: &Door, link: &Link) -> Proof {
    match link.proof.as_str() {
        "slot" => Proof::Slot,
        "reference" => Proof::Reference {
            grant: GrantId(door.grant_id.array()),
            signature: link.signature.array(),
        },
        _ => Proof::Grant {
            grant: door.grant.0.clone(),
            holder: door.holder_private.signing_key().verifying_key().to_bytes(),
            signature: link.signature.array(),
        },
    }
}

/// Message 1, and the state after it.
fn opened(door: &Door, link: &Link, before: Option<&Link>) -> Option<(AwaitAnswer, Vec<u8>)> {
    let credentials = credentials(door, link.proof == "reference");
    let hello = AwaitHello::new(link.command()).hello(&link.hello.0, &credentials.known, NOW);
    let verified = hello.ok()?;
    let ephemeral = link.phone_ephemeral.secret();
    if link.proof == "slot" {
        let resumption = Resumption::new(given(before?), credentials.grant_id, NOW);
        return verified.resumed(&credentials, &resumption, &ephemeral).ok();
    }
    let unsigned = verified.full(&credentials, ephemeral);
    let signature = door
        .holder_private
        .signing_key()
        .sign(&[unsigned.to_sign()]);
    assert_eq!(signature, link.signature.array());
    unsigned.signed(&credentials, signature).ok()
}

fn noise_of(message: &Hex) -> Option<Vec<u8>> {
    match Message::decode(&message.0).ok()? {
        Message::Answer(noise) | Message::Reply(noise) => Some(noise),
        _ => None,
    }
}

fn session(state: AwaitAnswer, link: &Link) -> Option<Session> {
    match state.answer(&noise_of(&link.message_2)?).ok()? {
        Answered::Admitted {
            session,
            refused: None,
            slot,
        } => {
            assert_eq!(slot, Some(given(link)));
            Some(session)
        }
        _ => None,
    }
}

fn each_link(mut look: impl FnMut(&Conversation, &Link, Option<&Link>)) {
    let mut links = 0;
    for conversation in &vectors().conversations {
        let mut before = None;
        for link in &conversation.links {
            look(conversation, link, before);
            before = Some(link);
            links += 1;
        }
    }
    assert!(links > 0);
}

#[test]
fn message_1_is_the_same_bytes_full_referred_and_resumed() {
    each_link(|conversation, link, before| {
        let (_, message) = opened(&conversation.door, link, before).unwrap();
        assert_eq!(Hex(message), link.message_1);
        let opening = Opening {
            lane: None,
            proof: proof(&conversation.door, link),
            command: link.command(),
        };
        assert_eq!(Hex(opening.encode()), link.plaintext_1);
    });
}

#[test]
fn message_2_is_read_and_names_the_same_session() {
    each_link(|conversation, link, before| {
        let (state, _) = opened(&conversation.door, link, before).unwrap();
        let session = session(state, link).unwrap();
        assert_eq!(session.hash().0, link.handshake_hash.array());
    });
}

#[test]
fn requests_are_the_same_bytes_and_replies_are_read() {
    let mut exchanged = 0;
    each_link(|conversation, link, before| {
        let (state, _) = opened(&conversation.door, link, before).unwrap();
        let mut session = session(state, link).unwrap();
        for (way, plaintext, message) in &link.messages {
            if way == "up" {
                let (number, request) = Request::decode(&plaintext.0).unwrap();
                let sent = session.request(number, &request).unwrap();
                assert_eq!(Hex(sent), *message);
            } else if way.starts_with("down") {
                let read = session.reply(&noise_of(message).unwrap());
                assert_eq!(read.ok(), Reply::decode(&plaintext.0).ok());
            }
            exchanged += 1;
        }
    });
    assert!(exchanged > 20);
}

#[test]
fn an_answer_that_was_changed_is_not_read() {
    each_link(|conversation, link, before| {
        let noise = noise_of(&link.message_2).unwrap();
        for at in [0, 31, 32, noise.len() - 1] {
            let (state, _) = opened(&conversation.door, link, before).unwrap();
            let mut changed = noise.clone();
            changed[at] ^= 1;
            assert!(state.answer(&changed).is_err());
        }
    });
}
