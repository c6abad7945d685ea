//! The lockout ladder: every way in that there is, best first, and for each that does not exist now what would change that.

mod options;
mod sign_in;

pub use options::{Availability, LockoutOption, LockoutOptions, WayIn};
pub use sign_in::{SignInOption, WayToSignIn};

pub(crate) use sign_in::ways_to_sign_in;

pub(crate) use options::lockout_options;
