//! What phones get: built, judged and laid out by `cargo xtask android` and `cargo xtask ios`.

pub(crate) mod android;
mod bindings;
pub(crate) mod cargo;
mod elf;
pub(crate) mod ios;
mod java;
mod macho;
pub(crate) mod report;
pub mod roles;
mod size;
mod start;
pub(crate) mod steps;
mod strip;
mod symbols;
pub(crate) mod target;
mod toolchain;
mod xcframework;

pub(crate) use toolchain::COMPILER;
