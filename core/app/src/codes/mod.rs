//! Doorcodes: cached first, digits behind a handle, states by the service's time.

mod list;
mod reveal;

#[cfg(test)]
mod tests;

pub use list::{DoorcodeView, Doorcodes, EntryHints, NewDoorcode};
pub use reveal::{CodeDigits, Reveal};

pub(crate) use list::{doorcodes, new_doorcode, refresh_doorcodes, reset_doorcode};
