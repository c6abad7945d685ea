//! DPoP proofs (RFC 9449): that who asks holds the key which the token is bound to, now.
//!
//! Freshness comes from the service's nonce alone, never from the proof's `iat`: a phone with a wrong clock signs in like any other.
use crate::clock::UnixMillis;
use crate::crypto;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::proofs;
use http::request::Parts;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rusqlite::Connection;
use serde::Deserialize;

/// The header that carries a proof.
pub(crate) const HEADER: &str = "dpop";
/// The header that hands out the next nonce.
pub(crate) const NONCE_HEADER: &str = "dpop-nonce";

/// A proof that holds. It counts only once it was [`Proof::spend`]ed.
pub(crate) struct Proof {
    /// RFC 7638 thumbprint of the key.
    pub(crate) key: [u8; 32],
    /// What a replay is known by.
    hash: [u8; 32],
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    /// A private key in a proof is a client that has lost its mind; the key is burnt.
    d: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    nonce: Option<String>,
    ath: Option<String>,
}

impl Proof {
    /// Checks the request's proof; with an access token also that the proof was made for that token.
    pub(crate) fn check(
        service: &Service,
        parts: &Parts,
        access_token: Option<&str>,
    ) -> Result<Self, Problem> {
        let (header, claims) = parse(proof_of(parts)?)?;
        if claims.htm != parts.method.as_str() {
            return Err(Problem::InvalidDpopProof("htm is not this method"));
        }
        let path = parts.uri.path();
        if claims.htu.strip_prefix(service.origin()) != Some(path) {
            return Err(Problem::InvalidDpopProof("htu is not this resource"));
        }
        let expected =
            access_token.map(|token| crypto::base64url(&crypto::sha256(token.as_bytes())));
        if expected.is_some() && claims.ath != expected {
            return Err(Problem::InvalidDpopProof("ath is not this token"));
        }
        let nonce = claims.nonce.as_deref().ok_or(Problem::UseDpopNonce)?;
        if !is_fresh(service, nonce) {
            return Err(Problem::UseDpopNonce);
        }
        let key = header.jwk.thumbprint();
        let hash = crypto::sha256(&[&key[..], claims.jti.as_bytes()].concat());
        Ok(Self { key, hash })
    }

    /// Makes the proof count; a second time it is a replay.
    pub(crate) fn spend(&self, on: &Connection, now: UnixMillis) -> Result<(), Problem> {
        // A nonce lives one period and the rest of another: remembered for two, no proof outlives its memory.
        let until = now + 2 * limits::DPOP_NONCE;
        if proofs::first_sight(on, &self.hash, until, now)? {
            Ok(())
        } else {
            Err(Problem::InvalidDpopProof("the proof was used before"))
        }
    }
}

impl Jwk {
    /// RFC 7638: SHA-256 over the required members in lexical order.
    fn thumbprint(&self) -> [u8; 32] {
        let canonical = format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            self.x, self.y
        );
        crypto::sha256(canonical.as_bytes())
    }

    /// SEC1, uncompressed.
    fn point(&self) -> Option<[u8; 65]> {
        if self.kty != "EC" || self.crv != "P-256" || self.d.is_some() {
            return None;
        }
        let mut point = [4; 65];
        point[1..33].copy_from_slice(&crypto::array_from_base64url::<32>(&self.x)?);
        point[33..].copy_from_slice(&crypto::array_from_base64url::<32>(&self.y)?);
        Some(point)
    }
}

fn proof_of(parts: &Parts) -> Result<&str, Problem> {
    let mut proofs = parts.headers.get_all(HEADER).iter();
    let proof = proofs
        .next()
        .ok_or(Problem::InvalidDpopProof("there is no proof"))?;
    if proofs.next().is_some() {
        return Err(Problem::InvalidDpopProof("there are several proofs"));
    }
    proof
        .to_str()
        .ok()
        .filter(|text| text.len() <= limits::DPOP_PROOF)
        .ok_or(MALFORMED)
}

/// The proof's header and claims, once its signature holds.
fn parse(jws: &str) -> Result<(Header, Claims), Problem> {
    let (signed, signature) = jws.rsplit_once('.').ok_or(MALFORMED)?;
    let (header, claims) = signed.split_once('.').ok_or(MALFORMED)?;
    let header: Header = json(header)?;
    if header.typ != "dpop+jwt" || header.alg != "ES256" {
        return Err(Problem::InvalidDpopProof("typ must be dpop+jwt, alg ES256"));
    }
    let point = header
        .jwk
        .point()
        .ok_or(Problem::InvalidDpopProof("jwk must be a public P-256 key"))?;
    let signature = crypto::from_base64url(signature).ok_or(MALFORMED)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| Problem::InvalidDpopProof("the signature does not hold"))?;
    let claims: Claims = json(claims)?;
    if claims.jti.is_empty() {
        return Err(Problem::InvalidDpopProof("jti is empty"));
    }
    Ok((header, claims))
}

fn json<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, Problem> {
    let bytes = crypto::from_base64url(part).ok_or(MALFORMED)?;
    serde_json::from_slice(&bytes).map_err(|_| MALFORMED)
}

const MALFORMED: Problem = Problem::InvalidDpopProof("the proof cannot be read");

/// The nonce of the current period: a number of the period and a MAC over it, so that none has to be remembered.
pub(crate) fn nonce(service: &Service) -> String {
    nonce_of(service, period(service.now()))
}

fn is_fresh(service: &Service, nonce: &str) -> bool {
    let now = period(service.now());
    [now, now - 1]
        .iter()
        .any(|period| crypto::same(nonce_of(service, *period).as_bytes(), nonce.as_bytes()))
}

fn nonce_of(service: &Service, period: i64) -> String {
    let mac = service
        .keys()
        .mac(Purpose::DpopNonce, &[&period.to_be_bytes()]);
    crypto::base64url(&mac[..16])
}

fn period(now: UnixMillis) -> i64 {
    now.div_euclid(limits::DPOP_NONCE)
}
