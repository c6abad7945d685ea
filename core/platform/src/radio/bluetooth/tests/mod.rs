//! The radio's rules on a scripted stack that behaves as btleplug does on each system.

mod android;
mod apple;
mod fake;
mod links;

use core::time::Duration;
use keyway_app::ports::PeripheralId;

/// Longer than any connect of these tests that succeeds.
const DEADLINE: Duration = Duration::from_secs(4);

fn lock() -> PeripheralId {
    PeripheralId("lock".to_owned())
}
