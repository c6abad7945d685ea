//! Notices are pulled: a call into a foreign runtime on the core's own tasks would let a slow shell hold up a lock.

use crate::answer;
use crate::error::KeywayError;
use core::fmt;
use futures_channel::mpsc;
use futures_util::StreamExt as _;
use futures_util::lock::Mutex as AsyncMutex;
use keyway_app::ports::Observer;
use std::sync::{Mutex, PoisonError};

/// What waits to be pulled; of a shell that does not listen, later ones are dropped. `status` tells where the account is in any case.
const WAITING: usize = 64;

/// Something worth a line in the shell's log. None carries a secret, a name or an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Notice {
    /// A session began.
    SignedIn {
        /// On somebody else's phone.
        borrowed: bool,
    },
    /// The session ended and the wipe ran; `last_report` has what became of every place.
    SignedOut {
        /// Every place was read back empty and the service confirmed.
        complete: bool,
    },
    /// An unlock ended.
    UnlockEnded,
    /// A sync ended.
    SyncEnded,
    /// A result arrived after its session had ended and was dropped.
    StaleWriteDropped,
}

impl Notice {
    /// `None` for one that a later core may have and this library does not know.
    fn from_core(notice: keyway_app::ports::Notice) -> Option<Self> {
        use keyway_app::ports::Notice as Core;
        match notice {
            Core::SignedIn { borrowed } => Some(Self::SignedIn { borrowed }),
            Core::SignedOut { complete } => Some(Self::SignedOut { complete }),
            Core::UnlockEnded => Some(Self::UnlockEnded),
            Core::SyncEnded => Some(Self::SyncEnded),
            Core::StaleWriteDropped => Some(Self::StaleWriteDropped),
            _ => None,
        }
    }
}

/// What the core has to say, one notice at a time.
#[derive(uniffi::Object)]
pub struct Notices(AsyncMutex<mpsc::Receiver<Notice>>);

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notices(..)")
    }
}

#[uniffi::export]
impl Notices {
    /// The next notice; `None` once the app has been shut down. One caller at a time; a notice is given once.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn next(&self) -> Result<Option<Notice>, KeywayError> {
        answer::later(async { self.0.lock().await.next().await }).await
    }
}

/// Where the core puts its notices.
pub(crate) struct Board(Mutex<mpsc::Sender<Notice>>);

impl Board {
    /// A board and the one end at which it is read.
    pub(crate) fn new() -> (Self, Notices) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(Mutex::new(sender)), Notices(AsyncMutex::new(receiver)))
    }

    /// Nothing follows.
    pub(crate) fn close(&self) {
        self.sender().close_channel();
    }

    fn sender(&self) -> std::sync::MutexGuard<'_, mpsc::Sender<Notice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Board {
    fn notice(&self, notice: keyway_app::ports::Notice) {
        if let Some(notice) = Notice::from_core(notice) {
            // Full, or nobody will ever read it.
            let _ = self.sender().try_send(notice);
        }
    }
}
