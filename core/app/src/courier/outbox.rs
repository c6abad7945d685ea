//! What the courier holds of one door for the service, kept until the service has taken it.

use crate::account::SessionHandle;
use crate::context::Context;
use crate::doors::cached_list;
use crate::error::Fault;
use crate::service::DoorId;
use crate::vault::{File, Vault};
use zeroize::Zeroizing;

/// More is left at the lock, which keeps it until the service acknowledges it anyway.
pub(super) const MOST_ITEMS: usize = 256;

/// Sealed by a lock, for the service's eyes.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Item {
    Receipt(Vec<u8>),
    Segment(Vec<u8>),
}

/// One door's outbox, and how far its lock was seen to be.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Outbox {
    /// The lock's bulk sequence number as seen last: what a delta is asked for from.
    pub(super) bulk_seq: u64,
    /// Log entries below this one the service has: they are not fetched again.
    pub(super) acked: u64,
    /// Oldest first.
    pub(super) items: Vec<Item>,
}

impl Outbox {
    /// Adds what is not there yet.
    pub(super) fn add(&mut self, item: Item) {
        if !self.is_full() && !self.items.contains(&item) {
            self.items.push(item);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= MOST_ITEMS
    }

    /// `bulk seq (8) ‖ acked (8) ‖ { kind (1) ‖ length (4) ‖ bytes }…`, big endian.
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        bytes.extend_from_slice(&self.bulk_seq.to_be_bytes());
        bytes.extend_from_slice(&self.acked.to_be_bytes());
        for item in &self.items {
            let (kind, content) = match item {
                Item::Receipt(content) => (RECEIPT, content),
                Item::Segment(content) => (SEGMENT, content),
            };
            // A lock's answer is far below 4 GiB.
            let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
            bytes.push(kind);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(content);
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (bulk_seq, rest) = bytes.split_first_chunk()?;
        let (acked, mut rest) = rest.split_first_chunk()?;
        let mut items = Vec::new();
        while let Some((kind, after)) = rest.split_first() {
            let (length, after) = after.split_first_chunk()?;
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let (content, after) = after.split_at_checked(length)?;
            items.push(match *kind {
                RECEIPT => Item::Receipt(content.to_vec()),
                SEGMENT => Item::Segment(content.to_vec()),
                _ => return None,
            });
            rest = after;
        }
        Some(Self {
            bulk_seq: u64::from_be_bytes(*bulk_seq),
            acked: u64::from_be_bytes(*acked),
            items,
        })
    }
}

const RECEIPT: u8 = 1;
const SEGMENT: u8 = 2;

/// The outbox as stored; empty where there is none that can be read.
pub(super) async fn load(
    vault: &Vault,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Outbox, Fault> {
    let bytes = vault.read(session.generation(), File::Outbox(door)).await?;
    Ok(bytes
        .and_then(|bytes| Outbox::decode(&bytes))
        .unwrap_or_default())
}

/// How many receipts and segments of all doors wait for the service.
pub(crate) async fn waiting(context: &Context, session: &SessionHandle) -> Result<usize, Fault> {
    let mut waiting = 0;
    let list = cached_list(context.vault(), session).await?;
    for door in list.into_iter().flat_map(|list| list.doors) {
        waiting += load(context.vault(), session, door.id).await?.items.len();
    }
    Ok(waiting)
}

/// Changes the stored outbox. Two journeys never change one at the same time.
pub(super) async fn change(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
    change: impl FnOnce(&mut Outbox),
) -> Result<(), Fault> {
    let _alone = session.memory().outboxes.lock().await;
    let before = load(context.vault(), session, door).await?;
    let mut outbox = before.clone();
    change(&mut outbox);
    if outbox == before {
        return Ok(());
    }
    context
        .vault()
        .write(session.generation(), File::Outbox(door), outbox.encode())
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outbox_is_read_back_as_it_was_written() {
        let outbox = Outbox {
            bulk_seq: 7,
            acked: 1 << 40,
            items: vec![
                Item::Receipt(vec![1, 2]),
                Item::Segment(vec![]),
                Item::Segment(vec![9; 300]),
            ],
        };
        assert!(Outbox::decode(&outbox.encode()) == Some(outbox));
    }

    #[test]
    fn a_cut_outbox_is_not_read() {
        let outbox = Outbox {
            items: vec![Item::Receipt(vec![1, 2, 3])],
            ..Outbox::default()
        };
        let bytes = outbox.encode();
        for length in (0..bytes.len()).filter(|length| *length != 16) {
            assert!(Outbox::decode(&bytes[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn the_same_receipt_is_kept_once() {
        let mut outbox = Outbox::default();
        outbox.add(Item::Receipt(vec![1]));
        outbox.add(Item::Receipt(vec![1]));
        assert_eq!(outbox.items.len(), 1);
    }
}
