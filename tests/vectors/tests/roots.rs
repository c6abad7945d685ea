//! Root documents and chains of them: the same bytes, and the same way up.

use keyway_protocol::root::{ES256, LeaseCaps, PolicyKey, RootChain, RootDocument, RootKey};
use keyway_protocol::service::issue;
use keyway_vectors::{Hex, Malformed, assert_refused, load};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    roots: Vec<Root>,
    roots_malformed: MalformedRoots,
    versions: BTreeMap<String, Hex>,
    chains: Vec<Climb>,
    chains_pinned: Vec<Start>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    signer_private: Hex,
    version: u32,
    property_id: Hex,
    root_key: Hex,
    policy_keys: Vec<(Hex, u8)>,
    longest: (u64, u64, u64),
    log_key: Hex,
    unlock_without_time: bool,
    signed: Hex,
}

#[derive(Deserialize)]
struct MalformedRoots {
    signer: Hex,
    #[serde(flatten)]
    malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Climb {
    believed: u32,
    chain: Vec<String>,
    reaches: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    pinned: Hex,
    why: String,
    chain: Vec<String>,
    reaches: Option<u32>,
}

impl Root {
    fn document(&self) -> RootDocument {
        let (resident, guest, borrowed) = self.longest;
        let policy_key = |(key, roles): &(Hex, u8)| PolicyKey {
            key: key.public_key(),
            roles: *roles,
        };
        RootDocument {
            version: self.version,
            property: self.property_id.array(),
            algorithm: ES256,
            root_key: self.root_key.public_key(),
            policy_keys: self.policy_keys.iter().map(policy_key).collect(),
            caps: LeaseCaps {
                resident,
                guest,
                borrowed,
            },
            log_key: self.log_key.array(),
            residents_without_clock: self.unlock_without_time,
        }
    }
}

impl Vectors {
    fn chain(&self, names: &[String]) -> RootChain {
        RootChain::new(
            names
                .iter()
                .map(|name| self.versions[name].0.clone())
                .collect(),
        )
    }

    /// The version that somebody believes who climbed to it from the first.
    fn believed(&self, version: u32) -> Option<RootDocument> {
        let names: Vec<String> = (1..=version).map(|number| number.to_string()).collect();
        self.chain(&names).verify(None).ok()
    }
}

fn vectors() -> Vectors {
    load("roots")
}

#[test]
fn a_root_document_is_the_same_bytes() {
    for case in vectors().roots {
        let (document, signer) = (case.document(), case.signer_private.signing_key());
        assert_eq!(Hex(issue::root(&document, &signer)), case.signed);
        let read = RootDocument::verify(&case.signed.0, &signer.verifying_key());
        assert_eq!(read, Ok(document));
    }
}

#[test]
fn a_malformed_root_document_is_refused() {
    let MalformedRoots { signer, malformed } = vectors().roots_malformed;
    let signer = signer.public_key();
    assert!(RootDocument::verify(&malformed.base.0, &signer).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, RootDocument::verify(&bytes, &signer).is_ok()));
    assert_refused(read);
}

#[test]
fn a_chain_leads_from_a_believed_version_to_the_same_one() {
    let vectors = vectors();
    for case in &vectors.chains {
        let believed = vectors.believed(case.believed).unwrap();
        let climbed = vectors.chain(&case.chain).climb(&believed);
        let reached = climbed.map(|newer| newer.map_or(believed.version, |root| root.version));
        assert_eq!(
            reached.ok(),
            case.reaches,
            "{:?} from {}",
            case.chain,
            case.believed
        );
    }
}

#[test]
fn a_chain_starts_at_the_version_that_the_pinned_key_signed() {
    let vectors = vectors();
    for case in &vectors.chains_pinned {
        let pinned = RootKey(case.pinned.public_key());
        let reached = vectors.chain(&case.chain).verify(Some(&pinned));
        assert_eq!(
            reached.ok().map(|root| root.version),
            case.reaches,
            "{}",
            case.why
        );
    }
}
