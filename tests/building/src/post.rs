//! Where a served building's mail and texts end: nobody's mailbox, but a place where one can look.

use anyhow::Result;
use keyway_journeys::found_in;
use keyway_service::{MailSink, OutgoingMessage, Recipient, TextSink};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A message is on its way for less than this.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// The relay and the gateway, and what they were given.
pub(crate) struct Post {
    mail: MailSink,
    texts: TextSink,
    boxes: Arc<Boxes>,
}

/// Everything that came, by address.
#[derive(Default)]
struct Boxes {
    all: Mutex<BTreeMap<String, Mailbox>>,
    more: Condvar,
}

/// What lies at one address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mailbox {
    /// So many messages came.
    pub(crate) count: usize,
    /// The code or the link in the newest.
    pub(crate) found: Option<String>,
    /// So many were there when somebody looked last.
    seen: usize,
}

impl Post {
    /// Listens on two free ports of this machine; `shown` sees each message as it comes.
    pub(crate) fn open(
        shown: impl Fn(&OutgoingMessage) + Clone + Send + Sync + 'static,
    ) -> Result<Self> {
        let boxes = Arc::<Boxes>::default();
        let told = || {
            let (boxes, shown) = (Arc::clone(&boxes), shown.clone());
            move |message: &OutgoingMessage| {
                shown(message);
                boxes.put(message);
            }
        };
        Ok(Self {
            mail: MailSink::telling(TcpListener::bind("127.0.0.1:0")?, told())?,
            texts: TextSink::telling(TcpListener::bind("127.0.0.1:0")?, told())?,
            boxes,
        })
    }

    /// The service's arguments that lead here.
    pub(crate) fn addresses(&self) -> [(&'static str, SocketAddr); 2] {
        [
            ("--mail", self.mail.address()),
            ("--texts", self.texts.address()),
        ]
    }

    /// What came for an e-mail address or a phone number; waits for one that was not looked at yet.
    pub(crate) fn look(&self, address: &str) -> Mailbox {
        let all = self
            .boxes
            .all
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let nothing_new = |all: &mut BTreeMap<String, Mailbox>| {
            all.get(address).is_none_or(|here| here.count == here.seen)
        };
        let waited = self
            .boxes
            .more
            .wait_timeout_while(all, ON_ITS_WAY, nothing_new);
        let (mut all, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let here = all.entry(address.to_owned()).or_default();
        here.seen = here.count;
        here.clone()
    }
}

impl Boxes {
    fn put(&self, message: &OutgoingMessage) {
        let (Recipient::Email(address) | Recipient::Phone(address)) = &message.to;
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let here = all.entry(address.clone()).or_default();
        here.count += 1;
        here.found = found_in(&message.text);
        self.more.notify_all();
    }
}
