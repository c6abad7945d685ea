//! Commands as a resident types them, on an own phone whose service answers from a shelf: what is asked of it, what is shown, what it ends with.

mod account;
mod canned;
mod doors;
mod guests;
