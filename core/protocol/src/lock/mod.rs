//! The lock's end: admission, commands, flash discipline. Never in a phone build.
//!
//! [`Node`] is the session half: links, hellos, the Noise channel, commands. It asks its documents half, a [`Keeper`], what a grant is
//! worth and what a lane changes. Feed it with [`Node::handle_input`], then drain [`Node::poll_output`] until it gives [`Output::Wait`].

pub mod apply;
pub mod clock;
pub mod env;
pub mod hellos;
pub mod journal;
pub mod keeper;
pub mod keypad;
pub mod links;
pub mod requests;
pub mod resume;
pub mod store;

mod admit;
mod command;
mod documents;
mod documents_keeper;
mod doorcodes;
mod judge;
pub mod logbook;
mod memory;
mod node;
mod staging;
mod timekeeper;

pub use documents::{BootFault, Documents, install};
pub use env::{Body, Env, Flash, KeyStore, SecretName, StorageFault};
pub use keeper::{GrantView, Intake, Keeper, LogPart, Operation, Standing};
pub use node::{Input, MotorResult, Node, Output, READ_SAME};
