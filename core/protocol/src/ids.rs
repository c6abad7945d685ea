//! Fixed-size names of things. Each is its own type, so that a lock is never mistaken for a subject.

use core::fmt;

/// Declares a fixed-size byte name with the conversions every name has.
macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $size]);

        impl $name {
            /// Length in bytes, on the wire as in memory.
            pub const LENGTH: usize = $size;

            /// The bytes as they appear on the wire.
            pub const fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }
        }

        impl From<[u8; $size]> for $name {
            fn from(bytes: [u8; $size]) -> Self {
                Self(bytes)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = core::array::TryFromSliceError;

            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                <[u8; $size]>::try_from(bytes).map(Self)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({self})", stringify!($name))
            }
        }
    };
}

fixed_bytes!(
    /// One lock, for its whole life. Reveals an address to whoever knows the building: never sent in clear.
    LockId,
    16
);
fixed_bytes!(
    /// The person a grant was issued to.
    SubjectId,
    16
);
fixed_bytes!(
    /// One grant; also the reference sent instead of a grant that the lock holds.
    GrantId,
    16
);
fixed_bytes!(
    /// One tap of a user. The motor moves at most once for it, however often it is sent.
    CommandId,
    16
);
fixed_bytes!(
    /// Names a signing key: the first 8 bytes of SHA-256 over its compressed point.
    KeyId,
    8
);
fixed_bytes!(
    /// Names a phone: SHA-256 over the compressed point of its holder key.
    HolderHash,
    32
);
fixed_bytes!(
    /// Names a resumption slot of a lock. Random and used once, so it links nothing.
    SlotId,
    8
);
fixed_bytes!(
    /// SHA-256 of something named by the field that holds it.
    Digest,
    32
);
