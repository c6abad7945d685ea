//! Every label that separates one use of a key from another. Each ends where the next field has a fixed length.

/// Prologue of a full handshake.
pub const CHANNEL: &[u8] = b"keyway/1 channel";
/// Prologue of a resumed handshake.
pub const RESUME: &[u8] = b"keyway/1 resume";
/// The lock's signature over a hello.
pub const HELLO: &[u8] = b"keyway/1 hello";
/// The phone's signature in message 1.
pub const PRESENT: &[u8] = b"keyway/1 present";
/// The phone's signature over a later request of a session.
pub const REQUEST: &[u8] = b"keyway/1 request";
/// The rotating hint of a hello and of an advertisement.
pub const HINT: &[u8] = b"keyway/1 hint";
/// Key of the hello's mask.
pub const MASK: &[u8] = b"keyway/1 mask";
/// A successor's resumption key.
pub const SLOT: &[u8] = b"keyway/1 slot";
/// Prologue of sealing to a public key.
pub const SEAL: &[u8] = b"keyway/1 seal";
