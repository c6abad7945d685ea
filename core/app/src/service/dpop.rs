//! Proofs of possession (RFC 9449): each request to the service is signed by this phone's key over the service's own nonce.

use crate::error::Fault;
use crate::ports::{Entropy, KeyPurpose, Method, PhoneKeys, PublicKey};
use crate::secret::SecretString;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What one proof is about.
pub(super) struct Claims<'a> {
    pub(super) method: Method,
    /// The target without query: `htu`.
    pub(super) target: String,
    /// Seconds since 1970. Informational: freshness comes from the nonce, so a wrong phone clock blocks nobody.
    pub(super) issued_at: i64,
    /// The service's newest nonce.
    pub(super) nonce: Option<String>,
    /// The access token that the proof accompanies.
    pub(super) token: Option<&'a SecretString>,
}

/// Base64 for URLs, without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64 for URLs, without padding.
pub(super) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Makes the `DPoP` header's value.
pub(super) async fn proof(
    keys: &dyn PhoneKeys,
    entropy: &dyn Entropy,
    claims: Claims<'_>,
) -> Result<String, Fault> {
    let mut identifier = [0; 16];
    entropy.fill(&mut identifier)?;
    let public = keys.public(KeyPurpose::Dpop).await?;
    let signed = signing_input(&public, &identifier, &claims);
    let signature = keys
        .sign(KeyPurpose::Dpop, signed.clone().into_bytes())
        .await?;
    Ok(format!("{signed}.{}", base64url(&signature)))
}

fn signing_input(public: &PublicKey, identifier: &[u8; 16], claims: &Claims<'_>) -> String {
    let header = serde_json::json!({
        "typ": "dpop+jwt",
        "alg": "ES256",
        "jwk": {
            "kty": "EC",
            "crv": "P-256",
            "x": base64url(&public[1..33]),
            "y": base64url(&public[33..]),
        },
    });
    let mut payload = serde_json::json!({
        "jti": base64url(identifier),
        "htm": claims.method.as_str(),
        "htu": claims.target,
        "iat": claims.issued_at,
    });
    if let Some(nonce) = &claims.nonce {
        payload["nonce"] = nonce.as_str().into();
    }
    if let Some(token) = claims.token {
        // EXPOSE: only its hash goes into the proof.
        payload["ath"] = base64url(&Sha256::digest(token.expose())).into();
    }
    let encoded = |value: serde_json::Value| base64url(value.to_string().as_bytes());
    format!("{}.{}", encoded(header), encoded(payload))
}
