//! What may not stand in the database: one master secret in a file of its own, and a key for each purpose derived from it.
//!
//! A copy of the database without this file opens no door, ends no session and shows no doorcode (threat R20).
use crate::crypto;
use crate::entropy::Entropy;
use crate::state::OpenError;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use zeroize::Zeroizing;

const FILE: &str = "keys";
const HEADER: &[u8] = b"keyway service keys 1\n";

/// What a derived key is for. No key serves two purposes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    AccessToken,
    RefreshToken,
    AuthorizationCode,
    LogoutTicket,
    DpopNonce,
    PhoneKeyNonce,
    SignInTries,
    OneTimeCode,
    ResetLink,
    MailsAsked,
    WebSession,
    WebForm,
    Password,
    Doorcode,
    BundleSeed,
    Recipient,
    RecipientAddress,
    NameGiven,
    Outbox,
    /// The seed of everything the lock protocol's issuing side keeps: root, policy, time, log and day keys.
    Protocol,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"keyway/1 service access token",
            Self::RefreshToken => b"keyway/1 service refresh token",
            Self::AuthorizationCode => b"keyway/1 service authorization code",
            Self::LogoutTicket => b"keyway/1 service logout ticket",
            Self::DpopNonce => b"keyway/1 service dpop nonce",
            Self::PhoneKeyNonce => b"keyway/1 service phone key nonce",
            Self::SignInTries => b"keyway/1 service sign-in tries",
            Self::OneTimeCode => b"keyway/1 service one-time code",
            Self::ResetLink => b"keyway/1 service reset link",
            Self::MailsAsked => b"keyway/1 service mails asked for",
            Self::WebSession => b"keyway/1 service web session",
            Self::WebForm => b"keyway/1 service web form",
            Self::Password => b"keyway/1 service password",
            Self::Doorcode => b"keyway/1 service doorcode",
            Self::BundleSeed => b"keyway/1 service bundle seed",
            Self::Recipient => b"keyway/1 service recipient",
            Self::RecipientAddress => b"keyway/1 service recipient address",
            Self::NameGiven => b"keyway/1 service name given",
            Self::Outbox => b"keyway/1 service outbox",
            Self::Protocol => b"keyway/1 service protocol",
        }
    }
}

/// The service's secrets outside the database.
pub(crate) struct Keys(Zeroizing<[u8; 32]>);

impl Keys {
    /// Reads the key file in `folder`, or makes one (mode 0600) if there is none.
    ///
    /// A file that is damaged or readable by others is refused rather than replaced: a new secret would orphan every row.
    pub(crate) fn open(folder: &Path, entropy: &dyn Entropy) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        match fs::File::open(&path) {
            Ok(file) => Self::read(file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut master = Zeroizing::new([0; 32]);
                entropy.fill(&mut *master).map_err(|_| OpenError::Entropy)?;
                write_private(&path, &[HEADER, &*master])?;
                Ok(Self(master))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn read(file: fs::File) -> Result<Self, OpenError> {
        refuse_if_shared(&file)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEADER.len() + 33));
        file.take(256).read_to_end(&mut bytes)?;
        let master = bytes
            .strip_prefix(HEADER)
            .and_then(|rest| <[u8; 32]>::try_from(rest).ok())
            .ok_or(OpenError::KeyFile)?;
        Ok(Self(Zeroizing::new(master)))
    }

    /// The key for `purpose`.
    pub(crate) fn key(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(crypto::mac(&self.0, &[purpose.label()]))
    }

    /// A MAC over `parts` under the key for `purpose`.
    pub(crate) fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        crypto::mac(&self.key(purpose), parts)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Writes a file that only its owner may read, through a temporary name so that a crash leaves the whole file or none.
pub(crate) fn write_private(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(unix)]
fn refuse_if_shared(file: &fs::File) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt as _;
    if file.metadata()?.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(OpenError::KeyFile)
    }
}

#[cfg(not(unix))]
fn refuse_if_shared(_file: &fs::File) -> Result<(), OpenError> {
    Ok(())
}
