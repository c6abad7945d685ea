//! The reference property service: accounts, sessions, doors, doorcodes, guests, grants, the two lanes, receipts, log and alarms of one
//! property.
//!
//! * [`Service::open`] opens (and migrates) the database in a folder; everything that may not stand in a database stands beside it in a
//!   key file (threat R20: the rows alone open nothing).
//! * [`router`] is the whole HTTP contract, and the account pages for a browser, as an [`axum::Router`]. Its handlers need no runtime: a
//!   virtual world drives it with `tower::ServiceExt::oneshot` on any executor, and time and randomness are whatever was passed to
//!   [`Service::open`].
//! * [`openapi`] is the contract as a document, made of the same table as the router.
//! * [`serve`] puts the router behind TLS 1.3 on a real socket, with the timeouts a real socket needs.
//! * [`Service::deliver_messages`] sends what is to be told by mail or text, through the [`Messenger`] of the [`Settings`].
//! * [`Service::seed`] fills an empty service with the demo property.
//!
//! The service never reads a clock or a random source by itself; [`SystemClock`] and [`SystemEntropy`] are for real processes.
#![forbid(unsafe_code)]

mod access;
mod account;
mod activity;
mod alarms;
mod buildings;
mod bulk;
mod civil;
mod clock;
mod contact;
mod crypto;
mod document;
mod doorcode_table;
mod doorcodes;
mod doors;
mod entropy;
mod extract;
mod issuing;
mod keys;
mod lanes;
mod letting_in;
mod limits;
mod log;
mod messages;
mod oauth;
mod paging;
mod password;
mod phone_key;
mod problem;
mod property;
mod receipts;
mod router;
mod secret;
mod seed;
mod serve;
mod sessions;
mod standing;
mod state;
mod store;
mod time;
mod tls;
mod trace;
mod version;
mod web;
mod words;

pub use account::{BrokenRules, PasswordRule};
pub use clock::{Clock, ManualClock, SystemClock, UnixMillis};
pub use contact::{Address, Contact};
pub use document::openapi;
pub use entropy::{Entropy, EntropyFailed, SeededEntropy, SystemEntropy};
pub use letting_in::SharingFault;
pub use messages::{
    Encryption, MailSink, Mailbox, Messenger, Messengers, NoMessenger, NotSent, OutgoingMessage,
    Recipient, SmtpError, SmtpLogin, SmtpMessenger, SmtpRelay, TextSink, WebhookError,
    WebhookMessenger,
};
pub use password::PasswordCost;
pub use problem::Problem;
pub use property::{Hardware, NewAccess, NewAccount, NewDoor};
pub use router::router;
pub use seed::{Demo, DemoDoor, DemoPerson, Seeded, SeededDoor};
pub use serve::{serve, serve_app};
pub use state::{OpenError, Service, Settings};
pub use tls::{ServerIdentity, TlsError};
pub use trace::{RequestTrace, TraceLine};
pub use words::{
    Accessibility, Deadbolt, DoorType, DoorcodeKind, DoorcodeStatus, LockModel, PasscodeType, Role,
};
