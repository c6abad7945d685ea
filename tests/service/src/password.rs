//! Passwords: argon2id under a pepper that is not in the database, and as much work for an unknown account as for a known one.
use crate::entropy::Entropy;
use crate::keys::{Keys, Purpose};
use crate::problem::Problem;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// What one argon2id hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB, at least 8.
    pub memory_kib: u32,
    /// Passes over that memory, at least 1.
    pub passes: u32,
}

impl PasswordCost {
    /// OWASP's first choice for argon2id: 19 MiB, two passes.
    pub const STANDARD: Self = Self {
        memory_kib: 19_456,
        passes: 2,
    };
    /// Worth nothing against a thief; keeps tests quick.
    pub const FOR_TESTS: Self = Self {
        memory_kib: 8,
        passes: 1,
    };
}

/// Makes and checks password hashes.
pub(crate) struct Passwords {
    pepper: Zeroizing<[u8; 32]>,
    cost: PasswordCost,
    /// Checked when there is no account, so that its absence takes as long.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new(
        keys: &Keys,
        cost: PasswordCost,
        entropy: &dyn Entropy,
    ) -> Result<Self, Problem> {
        let mut passwords = Self {
            pepper: keys.key(Purpose::Password),
            cost,
            nobody: String::new(),
        };
        let mut unguessable = Zeroizing::new([0; 32]);
        entropy.fill(&mut *unguessable)?;
        passwords.nobody = passwords.hash(&*unguessable, entropy)?;
        Ok(passwords)
    }

    /// A PHC string for `password`.
    pub(crate) fn hash(&self, password: &[u8], entropy: &dyn Entropy) -> Result<String, Problem> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| FAILED)?;
        let hash = self
            .argon2()?
            .hash_password(password, &salt)
            .map_err(|_| FAILED)?;
        Ok(hash.to_string())
    }

    /// Whether `password` belongs to `hash`; `None` (no such account) is as much work and always `false`.
    pub(crate) fn verify(&self, password: &[u8], hash: Option<&str>) -> Result<bool, Problem> {
        let parsed = PasswordHash::new(hash.unwrap_or(&self.nobody)).map_err(|_| FAILED)?;
        let matches = self.argon2()?.verify_password(password, &parsed).is_ok();
        Ok(matches && hash.is_some())
    }

    fn argon2(&self) -> Result<Argon2<'_>, Problem> {
        let params =
            Params::new(self.cost.memory_kib, self.cost.passes, 1, None).map_err(|_| FAILED)?;
        Argon2::new_with_secret(&*self.pepper, Algorithm::Argon2id, Version::V0x13, params)
            .map_err(|_| FAILED)
    }
}

const FAILED: Problem = Problem::Internal("hashing a password failed");

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords(..)")
    }
}
