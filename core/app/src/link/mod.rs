//! From the radio port to the protocol: finding a lock, driving one link's conversation, and whose turn it is.

pub(crate) mod driver;
mod fault;
pub(crate) mod finder;
pub(crate) mod turn;
pub(crate) mod wait;
pub(crate) use fault::told_refusal;
