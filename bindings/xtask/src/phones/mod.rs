//! What phones get: built, judged and laid out by `cargo xtask android` and `cargo xtask ios`.

pub(crate) mod android;
mod bindings;
mod cargo;
mod elf;
pub(crate) mod ios;
mod java;
mod macho;
mod report;
pub(crate) mod roles;
mod size;
mod start;
mod strip;
mod symbols;
mod target;
mod toolchain;
mod xcframework;
