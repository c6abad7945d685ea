//! What every handler shares: the store, the secrets beside it, the clock and the random source.
use crate::clock::{Clock, UnixMillis};
use crate::crypto;
use crate::entropy::Entropy;
use crate::issuing::Issuer;
use crate::keys::{Keys, Purpose};
use crate::messages::{Messenger, NoMessenger};
use crate::password::{PasswordCost, Passwords};
use crate::problem::Problem;
use crate::store::Store;
use crate::trace::RequestTrace;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What differs between one service and the next.
#[derive(Clone)]
pub struct Settings {
    /// Scheme, host and port as clients write them, without a trailing slash: DPoP proofs name it.
    pub origin: String,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
    /// Grants end after this at the latest, milliseconds; the usual leases where `None`. For whoever wants to see a lease end.
    pub longest_lease: Option<UnixMillis>,
    /// The oldest version of the app that is answered (major, minor, patch); an older one can only sign out.
    pub oldest_app: (u16, u16, u16),
    /// The way out for messages; [`NoMessenger`] unless set: they wait for a day then.
    pub messenger: Arc<dyn Messenger>,
    /// Told of each answered request.
    pub trace: Option<Arc<dyn RequestTrace>>,
}

impl Settings {
    /// The usual settings behind `origin`.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            password_cost: PasswordCost::STANDARD,
            longest_lease: None,
            oldest_app: (0, 1, 0),
            messenger: Arc::new(NoMessenger),
            trace: None,
        }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// Why a service does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be read or written.
    #[error("the data folder cannot be used")]
    Io(#[from] std::io::Error),
    /// The database is damaged, or newer than this program.
    #[error("the database cannot be opened")]
    Database(#[from] rusqlite_migration::Error),
    /// The key file is damaged, or others may read it.
    #[error("the key file is damaged or readable by others")]
    KeyFile,
    /// The random source failed.
    #[error("the random source failed")]
    Entropy,
    /// Hashing failed: the password cost is out of range.
    #[error("the password cost is out of range")]
    PasswordCost,
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A property service. Cloning is cheap and gives the same service.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    store: Store,
    keys: Keys,
    passwords: Passwords,
    issuer: Issuer,
    settings: Settings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    oldest_app: Mutex<(u16, u16, u16)>,
}

impl Service {
    /// Opens the service in `folder` (made if missing): `service.db` is brought to this program's schema, `keys` is read or made.
    pub fn open(
        folder: &Path,
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder)?;
        let keys = Keys::open(folder, &*entropy)?;
        let passwords = Passwords::new(&keys, settings.password_cost, &*entropy)
            .map_err(|_| OpenError::PasswordCost)?;
        Ok(Self(Arc::new(Inner {
            store: Store::open(&folder.join("service.db"))?,
            issuer: Issuer::new(&keys),
            keys,
            passwords,
            oldest_app: Mutex::new(settings.oldest_app),
            settings,
            clock,
            entropy,
        })))
    }

    /// Scheme, host and port as clients write them.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.settings.origin
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    pub(crate) fn longest_lease(&self) -> Option<UnixMillis> {
        self.0.settings.longest_lease
    }

    pub(crate) fn oldest_app(&self) -> (u16, u16, u16) {
        *self.oldest()
    }

    /// From now on an older app (major, minor, patch) can only sign out; what runs is told so at its next request.
    pub fn set_oldest_app(&self, oldest: (u16, u16, u16)) {
        *self.oldest() = oldest;
    }

    fn oldest(&self) -> MutexGuard<'_, (u16, u16, u16)> {
        let oldest = self.0.oldest_app.lock();
        oldest.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn messenger(&self) -> &dyn Messenger {
        &*self.0.settings.messenger
    }

    pub(crate) fn trace(&self) -> Option<&dyn RequestTrace> {
        self.0.settings.trace.as_deref()
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    pub(crate) fn now(&self) -> UnixMillis {
        self.0.clock.now()
    }

    /// `N` fresh random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        self.0.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// So many fresh decimal digits.
    pub(crate) fn random_digits(&self, length: u8) -> Result<Zeroizing<String>, Problem> {
        let mut digits = Zeroizing::new(String::with_capacity(length.into()));
        while digits.len() < usize::from(length) {
            let [byte] = self.random()?;
            // 250 is the largest multiple of ten in a byte: no digit is likelier than another.
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        Ok(digits)
    }

    /// A fresh version 4 UUID.
    pub(crate) fn fresh_id(&self) -> Result<Uuid, Problem> {
        Ok(uuid::Builder::from_random_bytes(self.random()?).into_uuid())
    }

    /// The hash under which a bearer secret stands in the database.
    pub(crate) fn stored_form(&self, purpose: Purpose, secret: &[u8]) -> [u8; 32] {
        self.0.keys.mac(purpose, &[secret])
    }

    /// A fresh 32-byte bearer secret: as told (base64url) and as stored.
    pub(crate) fn fresh_secret(&self, purpose: Purpose) -> Result<(String, [u8; 32]), Problem> {
        let secret = Zeroizing::new(self.random::<32>()?);
        Ok((
            crypto::base64url(&*secret),
            self.stored_form(purpose, &*secret),
        ))
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Service({})", self.0.settings.origin)
    }
}
