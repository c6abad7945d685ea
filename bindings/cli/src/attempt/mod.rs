//! Long journeys: phases as they come, Ctrl-C as cancel, one outcome.

mod bar;
mod sync;
mod unlock;

pub(crate) use sync::sync;
pub(crate) use unlock::unlock;
