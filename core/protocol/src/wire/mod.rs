//! Bytes on the link: the codec, the frames, the messages, and where GATT carries them.

pub mod codec;
pub mod frame;
pub mod gatt;
pub mod message;
pub mod reply;
