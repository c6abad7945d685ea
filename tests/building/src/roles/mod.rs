//! The roles that serve: what a process of a building does.

mod lock;
mod service;

pub(crate) use lock::hands;
pub(crate) use lock::{LockOptions, PROVISION, run as lock};
pub(crate) use service::recording::ISSUED;
pub(crate) use service::{ServiceOptions, run as service};
