//! A relay that delivers nowhere: as much of SMTP as a client needs to hand a mail over.
use super::{Client, Shelf, Sink, mime};
use crate::messages::{OutgoingMessage, Recipient};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};

/// Takes mail by SMTP, in the clear and from anybody, and keeps the newest hundred.
pub struct MailSink(Sink);

impl MailSink {
    /// Takes mail at `listener` until dropped.
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

    /// What arrived, oldest first: one for each recipient, decoded.
    #[must_use]
    pub fn messages(&self) -> Vec<OutgoingMessage> {
        self.0.shelf.messages()
    }
}

impl std::fmt::Debug for MailSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSink({})", self.0.address)
    }
}

fn converse(client: &mut Client, shelf: &Shelf) -> std::io::Result<()> {
    client.writer.write_all(b"220 mail sink\r\n")?;
    let mut recipients = Vec::new();
    while let Some(line) = client.line()? {
        let line = String::from_utf8_lossy(&line).into_owned();
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let answer: &[u8] = match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => b"250 mail sink\r\n",
            "MAIL" | "RSET" => {
                recipients.clear();
                b"250 so far\r\n"
            }
            "RCPT" => {
                recipients.extend(address_in(&line));
                b"250 so far\r\n"
            }
            "NOOP" => b"250 so far\r\n",
            "DATA" if recipients.is_empty() => b"503 for whom?\r\n",
            "DATA" => {
                client.writer.write_all(b"354 until a dot\r\n")?;
                let mail = data(client)?;
                for recipient in recipients.drain(..) {
                    shelf.put(decoded(recipient, &mail));
                }
                b"250 kept\r\n"
            }
            "QUIT" => return client.writer.write_all(b"221 bye\r\n"),
            _ => b"502 not here\r\n",
        };
        client.writer.write_all(answer)?;
    }
    Ok(())
}

/// What stands between the angle brackets of `RCPT TO:<…>`.
fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    Some(address.to_owned())
}

/// The mail up to its final dot (RFC 5321, 4.5.2), lines ended by `\n`.
fn data(client: &mut Client) -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    while let Some(line) = client.line()? {
        if line == b"." {
            return Ok(mail);
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        mail.push(b'\n');
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

fn decoded(recipient: String, mail: &[u8]) -> OutgoingMessage {
    let mail = String::from_utf8_lossy(mail);
    let (head, body) = mail.split_once("\n\n").unwrap_or((&mail, ""));
    let encoding = mime::header(head, "content-transfer-encoding").unwrap_or_default();
    OutgoingMessage {
        to: Recipient::Email(recipient),
        subject: mime::words(&mime::header(head, "subject").unwrap_or_default()),
        text: mime::body(body, &encoding),
    }
}
