use keyway_protocol::crypto::{Secret32, Signature, SigningKey};
use keyway_protocol::lock::{KeyStore, SecretName, StorageFault};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The lock's secure element: it signs with the identity key and keeps secrets, apart from flash. Writes are atomic.
#[derive(Debug)]
pub struct KeyChip {
    identity: SigningKey,
    identity_secret: Secret32,
    secrets: BTreeMap<SecretName, Secret32>,
    file: Option<PathBuf>,
    refuses: bool,
    signatures: u64,
}

impl KeyChip {
    /// A chip with this identity and no other secret, in memory. `None` if `identity` is no P-256 scalar.
    #[must_use]
    pub fn new(identity: Secret32) -> Option<Self> {
        Some(Self {
            identity: SigningKey::from_secret(&identity)?,
            identity_secret: identity,
            secrets: BTreeMap::new(),
            file: None,
            refuses: false,
            signatures: 0,
        })
    }

    /// Reads the chip that [`Self::keep_in`] wrote.
    ///
    /// # Errors
    /// The file cannot be read, or is not such a file.
    pub fn open(file: &Path) -> io::Result<Self> {
        let text = zeroize::Zeroizing::new(fs::read_to_string(file)?);
        let mut lines = text.lines().map(|line| parse(line).ok_or_else(damaged));
        let identity = match lines.next().transpose()? {
            Some((None, identity)) => identity,
            _ => return Err(damaged()),
        };
        let mut chip = Self::new(identity).ok_or_else(damaged)?;
        for line in lines {
            let (Some(name), secret) = line? else {
                return Err(damaged());
            };
            chip.secrets.insert(name, secret);
        }
        chip.file = Some(file.to_owned());
        Ok(chip)
    }

    /// From now on every change is in `file` when it returns; the present state is written at once.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_in(&mut self, file: &Path) -> io::Result<()> {
        self.file = Some(file.to_owned());
        self.persist()
    }

    /// Makes every later write fail, or work again.
    pub fn set_refusing(&mut self, refuses: bool) {
        self.refuses = refuses;
    }

    /// Signatures made since power came: hellos and receipts, for tests that count them.
    #[must_use]
    pub fn signatures(&self) -> u64 {
        self.signatures
    }

    fn persist(&self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let new = file.with_extension("new");
        let mut open = fs::OpenOptions::new();
        open.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut out = open.open(&new)?;
        writeln!(out, "{}", line(None, &self.identity_secret).as_str())?;
        for (name, secret) in &self.secrets {
            writeln!(out, "{}", line(Some(*name), secret).as_str())?;
        }
        out.sync_data()?;
        fs::rename(new, file)
    }
}

impl KeyStore for KeyChip {
    fn sign(&mut self, message: &[u8]) -> Signature {
        self.signatures += 1;
        self.identity.sign(&[message])
    }

    fn secret(&self, name: SecretName) -> Option<Secret32> {
        self.secrets.get(&name).cloned()
    }

    fn set_secret(
        &mut self,
        name: SecretName,
        secret: Option<&Secret32>,
    ) -> Result<(), StorageFault> {
        if self.refuses {
            return Err(StorageFault);
        }
        let before = match secret {
            Some(secret) => self.secrets.insert(name, secret.clone()),
            None => self.secrets.remove(&name),
        };
        self.persist().map_err(|_| {
            // What is not in the file is not in the chip either: after a restart only the file counts.
            match before {
                Some(before) => self.secrets.insert(name, before),
                None => self.secrets.remove(&name),
            };
            StorageFault
        })
    }
}

/// `identity <hex>`, `pepper <hex>`, `epoch-1-3 <hex>` (root version, key epoch), `next-root-1 <hex>` and so on.
fn line(name: Option<SecretName>, secret: &Secret32) -> zeroize::Zeroizing<String> {
    let name = match name {
        None => "identity".to_owned(),
        Some(SecretName::Epoch {
            root_version,
            epoch,
        }) => format!("epoch-{root_version}-{epoch}"),
        Some(SecretName::NextRoot { root_version }) => format!("next-root-{root_version}"),
        Some(SecretName::Pepper) => "pepper".to_owned(),
        Some(SecretName::Day) => "day".to_owned(),
        Some(SecretName::Log) => "log".to_owned(),
        Some(other) => format!("{other:?}"),
    };
    // EXPOSE: this file is the model of the chip's inside.
    zeroize::Zeroizing::new(format!("{name} {}", hex::encode(secret.expose())))
}

fn parse(line: &str) -> Option<(Option<SecretName>, Secret32)> {
    let (name, secret) = line.split_once(' ')?;
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    hex::decode_to_slice(secret, bytes.as_mut()).ok()?;
    let parts: Vec<&str> = name.split('-').collect();
    let name = match *parts.as_slice() {
        ["identity"] => None,
        ["epoch", root_version, epoch] => Some(SecretName::Epoch {
            root_version: root_version.parse().ok()?,
            epoch: epoch.parse().ok()?,
        }),
        ["next", "root", root_version] => Some(SecretName::NextRoot {
            root_version: root_version.parse().ok()?,
        }),
        ["pepper"] => Some(SecretName::Pepper),
        ["day"] => Some(SecretName::Day),
        ["log"] => Some(SecretName::Log),
        _ => return None,
    };
    Some((name, Secret32::new(*bytes)))
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the key store's file is damaged",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_in_a_file_is_the_same_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let mut chip = KeyChip::new(Secret32::new([7; 32])).unwrap();
        chip.keep_in(&file).unwrap();
        let names = [
            SecretName::Pepper,
            SecretName::Epoch {
                root_version: 1,
                epoch: 3,
            },
            SecretName::Day,
        ];
        for (name, byte) in names.into_iter().zip(1..) {
            chip.set_secret(name, Some(&Secret32::new([byte; 32])))
                .unwrap();
        }
        chip.set_secret(SecretName::Day, None).unwrap();
        let mut again = KeyChip::open(&file).unwrap();
        assert_eq!(again.secret(names[1]), Some(Secret32::new([2; 32])));
        assert_eq!(again.secret(SecretName::Day), None);
        assert_eq!(again.sign(b"same"), chip.sign(b"same"));
    }

    #[test]
    fn a_refused_write_changes_nothing() {
        let mut chip = KeyChip::new(Secret32::new([7; 32])).unwrap();
        chip.set_secret(SecretName::Log, Some(&Secret32::new([1; 32])))
            .unwrap();
        chip.set_refusing(true);
        assert!(chip.set_secret(SecretName::Log, None).is_err());
        assert_eq!(chip.secret(SecretName::Log), Some(Secret32::new([1; 32])));
    }
}
