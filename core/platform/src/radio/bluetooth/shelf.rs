//! The objects through which peripherals were connected, and which to use next.

use super::policy::Policy;
use super::stack::Device;
use keyway_app::ports::PeripheralId;
use std::collections::VecDeque;
use std::sync::Arc;

/// Peripherals remembered. A resident has a handful of doors.
const ROOM: usize = 8;

/// How a use of an object ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Disconnected by us, in time.
    Closed,
    /// The link was lost. On Android the object is the only one that can still close what the system holds for it: connecting through it again
    /// does, a new object would leak it.
    Lost,
    /// A connect failed at once; nothing is held.
    Failed,
    /// An operation did not end in time: whatever is asked next of this object waits behind it.
    Stuck,
}

/// What to connect through.
pub(super) enum Choice {
    /// The object of an earlier link.
    Same(Arc<dyn Device>),
    /// Whatever the stack gives.
    Any,
    /// One that the stack makes anew: the one it gave before is stuck.
    Fresh,
}

/// The shelf.
#[derive(Default)]
pub(super) struct Shelf {
    places: VecDeque<(PeripheralId, Place)>,
}

enum Place {
    Device(Arc<dyn Device>),
    Stuck,
}

impl Shelf {
    /// Takes what is best for the next link; it comes back with [`Self::put`].
    pub(super) fn take(&mut self, id: &PeripheralId) -> Choice {
        let at = self.places.iter().position(|(name, _)| name == id);
        match at.and_then(|at| self.places.remove(at)) {
            Some((_, Place::Device(device))) => Choice::Same(device),
            Some((_, Place::Stuck)) => Choice::Fresh,
            None => Choice::Any,
        }
    }

    /// Notes how a link through `device` ended.
    pub(super) fn put(
        &mut self,
        policy: &Policy,
        id: &PeripheralId,
        device: Arc<dyn Device>,
        ended: Ended,
    ) {
        let place = match ended {
            Ended::Closed | Ended::Lost if policy.keeps_devices => Place::Device(device),
            Ended::Stuck if policy.disconnect_waits => Place::Stuck,
            Ended::Closed | Ended::Lost | Ended::Failed | Ended::Stuck => return,
        };
        self.places.retain(|(name, _)| name != id);
        if self.places.len() == ROOM {
            self.places.pop_front();
        }
        self.places.push_back((id.clone(), place));
    }

    /// The adapter went off or away: what was connected through it is worthless.
    pub(super) fn clear(&mut self) {
        self.places.clear();
    }
}
