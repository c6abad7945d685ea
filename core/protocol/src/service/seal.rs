//! Bundles: sections sealed to the lock, cut into chunks, named by a signed manifest.

use alloc::vec::Vec;

use super::issue;
use crate::bundle::{Bundle, Manifest, Section, SectionEntry, section_context};
use crate::crypto::{Random, Secret32, SigningKey, seal_to, sha256};
use crate::epoch::EpochKeys;
use crate::ids::{Digest, LockId};
use crate::time::UtcSeconds;

/// What a bundle is, apart from what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleHead {
    /// For which lock.
    pub lock: LockId,
    /// The lock's bulk sequence number afterwards.
    pub seq: u64,
    /// The bulk sequence number it builds on; absent in a snapshot.
    pub base: Option<u64>,
    /// When it is issued.
    pub issued: UtcSeconds,
    /// A lock that knows the time refuses it from here on.
    pub expires: UtcSeconds,
}

/// Seals and signs a bundle for the lock whose epoch keys these are. `None` if it would be longer than a bundle may be.
pub fn bundle(
    head: &BundleHead,
    mut sections: Vec<Section>,
    epoch: &EpochKeys,
    signer: &SigningKey,
    random: &mut dyn Random,
) -> Option<Bundle> {
    sections.sort_by_key(Section::kind);
    let public = epoch.sealing_key().public();
    let scope = (epoch.root_version, epoch.epoch, head.seq);
    let mut entries = Vec::with_capacity(sections.len());
    let mut body = Vec::new();
    for section in &sections {
        let context = section_context(&head.lock, scope, section.kind());
        let seed = Secret32::generate(random);
        let sealed = seal_to(&public, &context, &section.encode(), &seed)?;
        entries.push(SectionEntry {
            kind: section.kind(),
            length: u32::try_from(sealed.len()).ok()?,
            digest: sha256(&[&sealed]),
        });
        body.extend_from_slice(&sealed);
    }
    if body.len() > Manifest::LONGEST_BODY {
        return None;
    }
    let manifest = Manifest {
        lock: head.lock,
        root_version: epoch.root_version,
        key_epoch: epoch.epoch,
        seq: head.seq,
        base: head.base,
        issued: head.issued,
        expires: head.expires,
        sections: entries,
        chunk_size: Manifest::CHUNK_SIZE,
        chunks: chunk_digests(&body),
    };
    Some(Bundle::new(issue::manifest(&manifest, signer), body))
}

fn chunk_digests(body: &[u8]) -> Vec<Digest> {
    body.chunks(usize::from(Manifest::CHUNK_SIZE))
        .map(|chunk| sha256(&[chunk]))
        .collect()
}
