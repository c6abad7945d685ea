//! E-mail by SMTP (RFC 5321) to one relay, over STARTTLS; in the clear only to a relay on this machine.
use super::{DEADLINE, Messenger, NotSent, OutgoingMessage, Recipient};
use crate::clock::Clock;
use crate::crypto;
use crate::entropy::Entropy;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport as _};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

/// The relay that takes the service's e-mail.
#[derive(Clone, Debug)]
pub struct SmtpRelay {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is kept private.
    pub encryption: Encryption,
    /// What to show it, if it asks.
    pub login: Option<SmtpLogin>,
    /// Whom the mail is from: `Elm Court <doors@elm-court.example>`.
    pub sender: String,
}

/// How a conversation with a relay is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// STARTTLS with a certificate that this machine trusts; a relay that does not offer it gets nothing.
    StartTls,
    /// None. Only to a relay on this machine.
    Plain,
}

/// A name and a password for the relay.
#[derive(Clone)]
pub struct SmtpLogin {
    name: String,
    password: Zeroizing<String>,
}

impl SmtpLogin {
    /// `name` and `password`.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            password: Zeroizing::new(password.into()),
        }
    }
}

impl std::fmt::Debug for SmtpLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpLogin(..)")
    }
}

/// Why there is no [`SmtpMessenger`] for a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    /// Codes would cross a network in the clear.
    #[error("only a relay on this machine may be spoken to in the clear")]
    PlainBeyondThisMachine,
    /// The sender is no mailbox.
    #[error("the sender is not an e-mail address")]
    Sender,
    /// TLS could not be set up.
    #[error("TLS cannot be set up")]
    Tls,
}

/// Sends e-mail through a relay; one connection for each message.
pub struct SmtpMessenger {
    transport: SmtpTransport,
    sender: Mailbox,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl SmtpMessenger {
    /// A messenger through `relay`. The clock dates the mail, the random source names it.
    pub fn new(
        relay: &SmtpRelay,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, SmtpError> {
        let tls = match relay.encryption {
            Encryption::StartTls => {
                Tls::Required(TlsParameters::new(relay.host.clone()).map_err(|_| SmtpError::Tls)?)
            }
            Encryption::Plain if is_this_machine(&relay.host) => Tls::None,
            Encryption::Plain => return Err(SmtpError::PlainBeyondThisMachine),
        };
        let mut transport = SmtpTransport::builder_dangerous(&relay.host)
            .port(relay.port)
            .tls(tls)
            .timeout(Some(STEP));
        if let Some(login) = &relay.login {
            // EXPOSE: the transport shows it to the relay.
            let credentials = Credentials::new(login.name.clone(), login.password.to_string());
            transport = transport.credentials(credentials);
        }
        Ok(Self {
            transport: transport.build(),
            sender: relay.sender.parse().map_err(|_| SmtpError::Sender)?,
            clock,
            entropy,
        })
    }

    fn compose(&self, message: &OutgoingMessage) -> Result<Message, NotSent> {
        let Recipient::Email(address) = &message.to else {
            return Err(NotSent::NoMessenger);
        };
        let to = Mailbox::new(None, address.parse().map_err(|_| NotSent::Refused)?);
        Message::builder()
            .from(self.sender.clone())
            .to(to)
            // A line break would end the header: what follows it would be a header of its own.
            .subject(message.subject.replace(['\r', '\n'], " "))
            .date(self.date())
            .message_id(Some(self.message_id()?))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|_| NotSent::Refused)
    }

    fn date(&self) -> SystemTime {
        let since = u64::try_from(self.clock.now()).unwrap_or_default();
        SystemTime::UNIX_EPOCH + Duration::from_millis(since)
    }

    /// Says nothing about the message: relays write it into their logs.
    fn message_id(&self) -> Result<String, NotSent> {
        let mut name = [0; 16];
        self.entropy
            .fill(&mut name)
            .map_err(|_| NotSent::Unavailable)?;
        let domain = self.sender.email.domain();
        Ok(format!("<{}@{domain}>", crypto::base64url(&name)))
    }
}

/// The longest silence of the relay.
const STEP: Duration = Duration::from_secs(5);

impl Messenger for SmtpMessenger {
    fn send(&self, message: &OutgoingMessage) -> Result<(), NotSent> {
        let mail = self.compose(message)?;
        let transport = self.transport.clone();
        let (tell, told) = mpsc::sync_channel(1);
        // The transport limits each step of the conversation, not the whole: a relay that is slow at every step would hold the caller.
        std::thread::Builder::new()
            .name("smtp".into())
            .spawn(move || tell.send(transport.send(&mail).map(drop)))
            .map_err(|_| NotSent::Unavailable)?;
        match told.recv_timeout(DEADLINE) {
            Ok(Ok(())) => Ok(()),
            // A 5xx to the login is about us, not about this message.
            Ok(Err(error)) if error.is_permanent() && !is_about_the_login(&error) => {
                Err(NotSent::Refused)
            }
            Ok(Err(_)) | Err(_) => Err(NotSent::Unavailable),
        }
    }
}

impl std::fmt::Debug for SmtpMessenger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpMessenger(..)")
    }
}

/// RFC 4954, 6: 530, 534, 535 and 538 speak of authentication.
fn is_about_the_login(error: &lettre::transport::smtp::Error) -> bool {
    error
        .status()
        .is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// Whether what is sent to `host` stays on this machine.
pub(super) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}
