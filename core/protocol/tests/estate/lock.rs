//! The lock: its flash and its key store, which break where a test says, and its documents on top of them.

use super::{Property, secret};
use keyway_protocol::bundle::Bundle;
use keyway_protocol::crypto::{Secret32, SeededRandom, SigningKey};
use keyway_protocol::error::{Code, Error};
use keyway_protocol::grant::Grant;
use keyway_protocol::ids::CommandId;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{
    self, Body, BootFault, Documents, Env, Flash, Intake, Keeper, KeyStore, Operation, SecretName,
    StorageFault,
};
use keyway_protocol::phone::Transfer;
use keyway_protocol::time::UtcSeconds;
use keyway_protocol::wire::reply::CommandOutcome;
use std::collections::BTreeMap;

/// Flash that refuses or tears where it is told to.
#[derive(Default, Clone)]
pub struct Chip {
    pub regions: BTreeMap<u16, Vec<u8>>,
    pub writes: usize,
    /// Power goes during this write: so many of its bytes arrive, and nothing is written afterwards.
    pub cut: Option<(usize, usize)>,
    pub refuses: bool,
}

impl Flash for Chip {
    fn read(&self, region: u16) -> Vec<u8> {
        self.regions.get(&region).cloned().unwrap_or_default()
    }

    fn write(&mut self, region: u16, bytes: &[u8]) -> Result<(), StorageFault> {
        if self.refuses {
            return Err(StorageFault);
        }
        self.writes += 1;
        match self.cut {
            Some((at, _)) if self.writes > at => return Err(StorageFault),
            Some((at, kept)) if self.writes == at => {
                let kept = kept.min(bytes.len());
                let mut torn = bytes[..kept].to_vec();
                torn.extend(self.read(region).into_iter().skip(kept));
                self.regions.insert(region, torn);
                return Err(StorageFault);
            }
            _ => {}
        }
        self.regions.insert(region, bytes.to_vec());
        Ok(())
    }
}

#[derive(Clone)]
pub struct Keys {
    pub identity: SigningKey,
    pub secrets: BTreeMap<SecretName, Secret32>,
}

impl KeyStore for Keys {
    fn sign(&mut self, message: &[u8]) -> [u8; 64] {
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
        match secret {
            Some(secret) => self.secrets.insert(name, secret.clone()),
            None => self.secrets.remove(&name),
        };
        Ok(())
    }
}

/// A mounted lock.
pub struct Lock {
    pub documents: Documents,
    pub flash: Chip,
    pub keys: Keys,
    pub random: SeededRandom,
    pub now: Millis,
    pub deadbolt: bool,
    /// Percent.
    pub battery: u8,
}

/// Everything a lock's documents are given, borrowed from its parts.
macro_rules! env {
    ($lock:expr) => {
        Env {
            now: $lock.now,
            random: &mut $lock.random,
            flash: &mut $lock.flash,
            keys: &mut $lock.keys,
            body: Body {
                battery_percent: $lock.battery,
                deadbolt_thrown: $lock.deadbolt,
            },
        }
    };
}

impl Lock {
    pub fn new(property: &Property) -> Self {
        let provision = property.provision();
        let mut flash = Chip::default();
        let mut keys = Keys {
            identity: SigningKey::from_secret(&provision.secrets().identity).unwrap(),
            secrets: BTreeMap::new(),
        };
        let mut random = SeededRandom::new(&secret(3));
        let mut env = Env {
            now: Millis(0),
            random: &mut random,
            flash: &mut flash,
            keys: &mut keys,
            body: Body {
                battery_percent: 80,
                deadbolt_thrown: false,
            },
        };
        lock::install(&provision, &mut env).unwrap();
        let documents = Documents::boot(&mut env).unwrap();
        Self {
            documents,
            flash,
            keys,
            random,
            now: Millis(0),
            deadbolt: false,
            battery: 80,
        }
    }

    /// Power goes and comes back: RAM and uptime are gone.
    pub fn power_cycle(&mut self) -> Result<(), BootFault> {
        self.flash.cut = None;
        self.now = Millis(0);
        self.documents = Documents::boot(&mut env!(self))?;
        Ok(())
    }

    pub fn wait(&mut self, seconds: u64) {
        self.now = self.now + seconds * 1_000;
    }

    pub fn attest(&mut self, property: &Property, utc: UtcSeconds) {
        let nonce = self.nonce();
        self.take_attest(&property.attest(&nonce, utc)).unwrap();
    }

    pub fn nonce(&mut self) -> Vec<u8> {
        self.documents.time_nonce(&mut env!(self))
    }

    pub fn take_attest(&mut self, attest: &[u8]) -> Result<(), Error> {
        self.documents.attest(attest, &mut env!(self))
    }

    pub fn lane(&mut self, section: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.documents.apply_lane(section, &mut env!(self))
    }

    /// Everything a lock asks before it moves the bolt.
    pub fn judge(&mut self, grant: &Grant, operation: Operation) -> Result<(), Error> {
        self.documents.check_grant(grant)?;
        self.documents.judge(grant, operation, &mut env!(self))
    }

    pub fn unlock(&mut self, grant: &Grant, command: u8) -> Result<(), Error> {
        self.judge(grant, Operation::Unlock { presence: false })?;
        let command = CommandId([command; 16]);
        self.documents.begin(grant, command, &mut env!(self))?;
        let outcome = CommandOutcome::Executed;
        self.documents
            .finish(grant, command, outcome, &mut env!(self));
        Ok(())
    }

    /// A whole bundle, as a courier without faults brings it.
    pub fn push(&mut self, bundle: &Bundle) -> Result<Vec<u8>, Error> {
        self.push_parts(bundle.transfer().unwrap())
    }

    pub fn push_parts(&mut self, transfer: Transfer) -> Result<Vec<u8>, Error> {
        let intake = self
            .documents
            .manifest(&transfer.manifest, &mut env!(self))?;
        let missing = match intake {
            Intake::Applied(receipt) => return Ok(receipt),
            Intake::Missing(missing) => missing,
        };
        for (index, chunk) in transfer.chunks.iter().enumerate() {
            if missing[index / 8] & (1 << (index % 8)) != 0
                && let Some(receipt) = self.documents.chunk(index as u16, chunk, &mut env!(self))?
            {
                return Ok(receipt);
            }
        }
        Err(Code::BadTransfer.into())
    }

    pub fn segment(&mut self, from: u64) -> lock::LogPart {
        self.documents
            .log_segment(from, 16_000, &mut env!(self))
            .unwrap()
    }

    /// Wakes the keypad, types, confirms; notes that the bolt moved if the code opens.
    pub fn type_code(&mut self, digits: &str) -> Result<(), Error> {
        let keys = [10]
            .into_iter()
            .chain(digits.bytes().map(|byte| byte - b'0'))
            .chain([11]);
        let mut answer = None;
        for key in keys {
            answer = self.documents.digit(key, &mut env!(self));
        }
        let answer = answer.unwrap();
        if answer.is_ok() {
            self.documents
                .keypad_finished(CommandOutcome::Executed, &mut env!(self));
        }
        answer
    }

    pub fn bulk_seq(&mut self) -> u64 {
        self.documents.standing(&env!(self)).bulk_seq
    }

    pub fn standing(&mut self) -> lock::Standing {
        self.documents.standing(&env!(self))
    }
}
