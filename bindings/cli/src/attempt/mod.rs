//! Long journeys: phases as they come, Ctrl-C as cancel, one outcome.

mod bar;
mod sync;
mod sync_all;
mod unlock;

pub(crate) use sync::sync;
pub(crate) use sync_all::sync_all;
pub(crate) use unlock::unlock;
