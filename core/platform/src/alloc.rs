//! An allocator that zeroes memory when it is freed.
//!
//! Secrets have types that wipe themselves, but libraries between us and the wire (TLS, HTTP, JSON) keep copies in buffers of their own.
//! Every shipped library or binary therefore installs this allocator: what is freed is zero.

pub use std::alloc::System;
pub use zeroizing_alloc::ZeroAlloc;

/// Installs the zero-on-free allocator; once, in the root of a shipped library or binary.
///
/// ```
/// keyway_platform::zero_on_free!();
/// ```
#[macro_export]
macro_rules! zero_on_free {
    () => {
        #[global_allocator]
        static ZERO_ON_FREE: $crate::alloc::ZeroAlloc<$crate::alloc::System> =
            $crate::alloc::ZeroAlloc($crate::alloc::System);
    };
}
