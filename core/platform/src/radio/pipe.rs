//! The byte pipe between a phone's loopback radio and a lock's process: GATT's operations as messages over one TCP connection.
//!
//! A message is `length: u16 big endian | type: u8 | body`, where `length` counts type and body. Both ends live here, without
//! input or output, so that the client in this crate and the simulated lock speak from one text.

/// The largest `length` of a message: type, a few header bytes and a 512-byte attribute value.
pub const MAX_MESSAGE: usize = 640;
/// The smallest ATT MTU, bytes (Bluetooth Core 5.4, Vol 3, Part G, 5.2.1).
pub const MIN_MTU: u16 = 23;
/// The largest ATT MTU that a lock and a phone agree on, bytes.
pub const MAX_MTU: u16 = 517;

/// What a phone's radio asks of a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToLock {
    /// Send advertisements until `StopScan`.
    Scan,
    /// Send no more advertisements.
    StopScan,
    /// Open a link.
    Connect {
        /// The ATT MTU the phone offers, bytes.
        mtu: u16,
    },
    /// Read the `hello` characteristic.
    ReadHello,
    /// Subscribe to `hello` and `down`.
    Subscribe,
    /// One write without response to `up`.
    Write(Vec<u8>),
    /// Close the link.
    Disconnect,
}

/// What a lock's radio tells a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToPhone {
    /// One advertisement.
    Advertisement {
        /// Received signal strength, dBm.
        rssi: i16,
        /// The Keyway service data.
        service_data: Vec<u8>,
    },
    /// The link is open.
    Connected {
        /// The agreed ATT MTU, bytes.
        mtu: u16,
    },
    /// The answer to `ReadHello`.
    HelloValue(Vec<u8>),
    /// A notification on `hello`.
    NotifyHello(Vec<u8>),
    /// A notification on `down`.
    NotifyDown(Vec<u8>),
    /// The answer to `Subscribe`.
    Subscribed,
    /// The link is gone.
    Disconnected,
}

/// The other end does not speak this pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipeError {
    /// `length` is zero or over [`MAX_MESSAGE`].
    #[error("a message's length is out of bounds")]
    Length,
    /// The type is not one of this direction's.
    #[error("a message's type is unknown")]
    Type,
    /// The body does not have its type's shape.
    #[error("a message's body is malformed")]
    Body,
}

/// A message of one direction.
pub trait Message: Sized {
    /// The type byte.
    fn kind(&self) -> u8;
    /// Appends the body.
    fn write_body(&self, out: &mut Vec<u8>);
    /// Parses a body.
    ///
    /// # Errors
    /// [`PipeError::Type`] or [`PipeError::Body`].
    fn parse(kind: u8, body: &[u8]) -> Result<Self, PipeError>;

    /// The whole message as it stands on the pipe.
    #[must_use]
    fn encode(&self) -> Vec<u8> {
        let mut out = vec![0, 0, self.kind()];
        self.write_body(&mut out);
        // Attribute values are at most 512 bytes by GATT, so a longer one is a defect that the decoder's bound will show.
        let length = u16::try_from(out.len() - 2).unwrap_or(u16::MAX);
        out[..2].copy_from_slice(&length.to_be_bytes());
        out
    }
}

impl Message for ToLock {
    fn kind(&self) -> u8 {
        match self {
            Self::Scan => 0x01,
            Self::StopScan => 0x02,
            Self::Connect { .. } => 0x03,
            Self::ReadHello => 0x04,
            Self::Subscribe => 0x05,
            Self::Write(_) => 0x06,
            Self::Disconnect => 0x07,
        }
    }

    fn write_body(&self, out: &mut Vec<u8>) {
        match self {
            Self::Connect { mtu } => out.extend(mtu.to_be_bytes()),
            Self::Write(frame) => out.extend(frame),
            Self::Scan | Self::StopScan | Self::ReadHello | Self::Subscribe | Self::Disconnect => {}
        }
    }

    fn parse(kind: u8, body: &[u8]) -> Result<Self, PipeError> {
        match kind {
            0x01 => empty(body, Self::Scan),
            0x02 => empty(body, Self::StopScan),
            0x03 => Ok(Self::Connect {
                mtu: integer(body)?,
            }),
            0x04 => empty(body, Self::ReadHello),
            0x05 => empty(body, Self::Subscribe),
            0x06 => Ok(Self::Write(body.to_vec())),
            0x07 => empty(body, Self::Disconnect),
            _ => Err(PipeError::Type),
        }
    }
}

impl Message for ToPhone {
    fn kind(&self) -> u8 {
        match self {
            Self::Advertisement { .. } => 0x81,
            Self::Connected { .. } => 0x82,
            Self::HelloValue(_) => 0x83,
            Self::NotifyHello(_) => 0x84,
            Self::NotifyDown(_) => 0x85,
            Self::Subscribed => 0x86,
            Self::Disconnected => 0x87,
        }
    }

    fn write_body(&self, out: &mut Vec<u8>) {
        match self {
            Self::Advertisement { rssi, service_data } => {
                out.extend(rssi.to_be_bytes());
                out.extend(service_data);
            }
            Self::Connected { mtu } => out.extend(mtu.to_be_bytes()),
            Self::HelloValue(value) | Self::NotifyHello(value) | Self::NotifyDown(value) => {
                out.extend(value);
            }
            Self::Subscribed | Self::Disconnected => {}
        }
    }

    fn parse(kind: u8, body: &[u8]) -> Result<Self, PipeError> {
        match kind {
            0x81 => {
                let (rssi, data) = body.split_first_chunk().ok_or(PipeError::Body)?;
                let rssi = i16::from_be_bytes(*rssi);
                Ok(Self::Advertisement {
                    rssi,
                    service_data: data.to_vec(),
                })
            }
            0x82 => Ok(Self::Connected {
                mtu: integer(body)?,
            }),
            0x83 => Ok(Self::HelloValue(body.to_vec())),
            0x84 => Ok(Self::NotifyHello(body.to_vec())),
            0x85 => Ok(Self::NotifyDown(body.to_vec())),
            0x86 => empty(body, Self::Subscribed),
            0x87 => empty(body, Self::Disconnected),
            _ => Err(PipeError::Type),
        }
    }
}

fn empty<T>(body: &[u8], message: T) -> Result<T, PipeError> {
    if body.is_empty() {
        Ok(message)
    } else {
        Err(PipeError::Body)
    }
}

fn integer(body: &[u8]) -> Result<u16, PipeError> {
    body.try_into()
        .map(u16::from_be_bytes)
        .map_err(|_| PipeError::Body)
}

/// Cuts a stream of bytes into messages. Holds at most one incomplete message; after an error it gives only that error.
#[derive(Debug, Default)]
pub struct Decoder {
    pending: Vec<u8>,
    failed: Option<PipeError>,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what arrived and gives the messages that are whole now.
    ///
    /// # Errors
    /// The first message that breaks the format; those before it in the same `bytes` are lost with the stream.
    pub fn push<M: Message>(&mut self, bytes: &[u8]) -> Result<Vec<M>, PipeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.pending.extend_from_slice(bytes);
        let mut messages = Vec::new();
        let mut rest = self.pending.as_slice();
        while let Some((length, after)) = rest.split_first_chunk() {
            let length = usize::from(u16::from_be_bytes(*length));
            let parsed = if length == 0 || length > MAX_MESSAGE {
                Err(PipeError::Length)
            } else if after.len() < length {
                break;
            } else {
                M::parse(after[0], &after[1..length])
            };
            match parsed {
                Ok(message) => messages.push(message),
                Err(error) => {
                    self.pending = Vec::new();
                    self.failed = Some(error);
                    return Err(error);
                }
            }
            rest = &after[length..];
        }
        self.pending = rest.to_vec();
        Ok(messages)
    }
}

/// The MTU both ends use: the smaller offer, within GATT's bounds.
#[must_use]
pub fn negotiate_mtu(phone: u16, lock: u16) -> u16 {
    phone.min(lock).clamp(MIN_MTU, MAX_MTU)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_message() -> (Vec<ToLock>, Vec<ToPhone>) {
        let up = vec![
            ToLock::Scan,
            ToLock::StopScan,
            ToLock::Connect { mtu: 517 },
            ToLock::ReadHello,
            ToLock::Subscribe,
            ToLock::Write(vec![7; 512]),
            ToLock::Write(Vec::new()),
            ToLock::Disconnect,
        ];
        let down = vec![
            ToPhone::Advertisement {
                rssi: -60,
                service_data: vec![1, 2, 3],
            },
            ToPhone::Connected { mtu: 23 },
            ToPhone::HelloValue(vec![9; 200]),
            ToPhone::NotifyHello(vec![8]),
            ToPhone::NotifyDown(vec![]),
            ToPhone::Subscribed,
            ToPhone::Disconnected,
        ];
        (up, down)
    }

    fn split_everywhere<M: Message + PartialEq + core::fmt::Debug>(messages: &[M]) {
        let bytes: Vec<u8> = messages.iter().flat_map(Message::encode).collect();
        for at in 0..=bytes.len() {
            let mut decoder = Decoder::new();
            let mut found: Vec<M> = decoder.push(&bytes[..at]).unwrap();
            found.extend(decoder.push::<M>(&bytes[at..]).unwrap());
            assert_eq!(found, messages, "split at {at}");
        }
    }

    #[test]
    fn every_message_survives_a_split_at_every_byte() {
        let (up, down) = every_message();
        split_everywhere(&up);
        split_everywhere(&down);
    }

    #[test]
    fn a_message_of_the_other_direction_is_refused_and_the_stream_stays_refused() {
        let mut decoder = Decoder::new();
        let bytes = ToPhone::Subscribed.encode();
        assert_eq!(decoder.push::<ToLock>(&bytes), Err(PipeError::Type));
        assert_eq!(
            decoder.push::<ToLock>(&ToLock::Scan.encode()),
            Err(PipeError::Type)
        );
    }

    #[test]
    fn an_announced_length_over_the_bound_is_refused_before_it_is_buffered() {
        let over = u16::try_from(MAX_MESSAGE + 1).unwrap().to_be_bytes();
        assert_eq!(Decoder::new().push::<ToLock>(&over), Err(PipeError::Length));
        assert_eq!(
            Decoder::new().push::<ToLock>(&[0, 0]),
            Err(PipeError::Length)
        );
    }

    #[test]
    fn a_body_of_the_wrong_shape_is_refused() {
        assert_eq!(
            Decoder::new().push::<ToLock>(&[0, 2, 0x01, 0]),
            Err(PipeError::Body)
        );
        assert_eq!(
            Decoder::new().push::<ToLock>(&[0, 2, 0x03, 0]),
            Err(PipeError::Body)
        );
        assert_eq!(
            Decoder::new().push::<ToPhone>(&[0, 2, 0x81, 0]),
            Err(PipeError::Body)
        );
    }

    #[test]
    fn the_smaller_mtu_wins_within_gatts_bounds() {
        assert_eq!(negotiate_mtu(517, 185), 185);
        assert_eq!(negotiate_mtu(10, 517), MIN_MTU);
        assert_eq!(negotiate_mtu(u16::MAX, u16::MAX), MAX_MTU);
    }
}
