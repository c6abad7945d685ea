//! A gateway that reaches no phone: as much of HTTP as a webhook needs.
use super::{Client, Shelf, Sink};
use crate::messages::{OutgoingMessage, Recipient};
use serde::Deserialize;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};

/// Takes texts to phones by webhook, at every path and from anybody, and keeps the newest hundred.
pub struct TextSink(Sink);

impl TextSink {
    /// Takes texts at `listener` until dropped.
    pub fn listen(listener: TcpListener) -> std::io::Result<Self> {
        Self::telling(listener, |_| {})
    }

    /// The same, and `told` of each message as it arrives.
    pub fn telling(
        listener: TcpListener,
        told: impl Fn(&OutgoingMessage) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Sink::listen(listener, converse, Box::new(told)).map(Self)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// What arrived, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<OutgoingMessage> {
        self.0.shelf.messages()
    }
}

impl std::fmt::Debug for TextSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TextSink({})", self.0.address)
    }
}

#[derive(Deserialize)]
struct Text {
    to: String,
    text: String,
}

/// One request; the connection ends with its answer.
fn converse(client: &mut Client, shelf: &Shelf) -> std::io::Result<()> {
    let request = client.line()?.unwrap_or_default();
    let mut length = 0;
    while let Some(line) = client.line()?.filter(|line| !line.is_empty()) {
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(told) = line.strip_prefix("content-length:") {
            length = told.trim().parse().unwrap_or_default();
        }
    }
    let body = client.exactly(length)?;
    let text = serde_json::from_slice::<Text>(&body).ok();
    let status = match text {
        Some(text) if request.starts_with(b"POST ") => {
            shelf.put(OutgoingMessage {
                to: Recipient::Phone(text.to),
                subject: String::new(),
                text: text.text,
            });
            "204 No Content"
        }
        _ => "400 Bad Request",
    };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    client.writer.write_all(answer.as_bytes())
}
