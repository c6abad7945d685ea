//! What every signed document is: a tagged COSE_Sign1 with a CBOR map as payload.
//!
//! The protected header is exactly `{1: -7, 4: key id}` and the unprotected header is empty. The algorithm there is for other tools to
//! read: this code never does, the root document pins it. What the document is for enters the signature as external data.

use alloc::vec::Vec;

use coset::{
    CborSerializable, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, TaggedCborSerializable,
    iana,
};
use minicbor::{Decode, Encode};

use crate::cbor;
#[cfg(feature = "service")]
use crate::crypto::SigningKey;
use crate::crypto::{Signature, VerifyingKey};
use crate::error::{Code, Error, Failure, PeerMisbehaved};
use crate::ids::KeyId;

/// Why a document was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not the one encoding of such a document, or too long.
    #[error("malformed document")]
    Malformed,
    /// Not signed by the key it should be signed by, or about something else.
    #[error("document not signed for this")]
    Forged,
}

impl From<cbor::Malformed> for DocumentError {
    fn from(_: cbor::Malformed) -> Self {
        Self::Malformed
    }
}

impl From<DocumentError> for Error {
    fn from(_: DocumentError) -> Self {
        Self::new(Code::BadDocument)
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Malformed => PeerMisbehaved::MalformedDocument.into(),
            DocumentError::Forged => PeerMisbehaved::ForgedDocument.into(),
        }
    }
}

/// A payload with the label that separates its signatures from those of every other kind.
pub(crate) trait Document: Encode<()> + for<'b> Decode<'b, ()> {
    /// External data of the signature.
    const LABEL: &'static [u8];
    /// Longest payload, in bytes.
    const LIMIT: usize;
}

/// Signs a payload.
pub(crate) fn sign<D: Document>(
    payload: &D,
    key: KeyId,
    signer: impl FnOnce(&[u8]) -> Signature,
) -> Vec<u8> {
    let document = CoseSign1Builder::new()
        .protected(header(&key))
        .payload(cbor::encode(payload))
        .create_signature(D::LABEL, |message| signer(message).to_vec())
        .build();
    #[expect(clippy::expect_used, reason = "every part is a plain byte string")]
    document.to_tagged_vec().expect("encodable")
}

/// Signs a payload with a key at hand.
#[cfg(feature = "service")]
pub(crate) fn sign_with<D: Document>(payload: &D, key: &SigningKey) -> Vec<u8> {
    sign(payload, key.verifying_key().id(), |message| {
        key.sign(&[message])
    })
}

/// A document whose signature was not checked yet. Only the name of its key may be looked at.
#[derive(Debug, Clone)]
pub(crate) struct Unverified {
    key: KeyId,
    signed: CoseSign1,
}

impl Unverified {
    /// Reads the envelope; at most `limit` bytes of payload.
    pub(crate) fn read(bytes: &[u8], limit: usize) -> Result<Self, DocumentError> {
        // Tag, array, headers and signature take less than 100 bytes.
        if bytes.len() > limit + 100 {
            return Err(DocumentError::Malformed);
        }
        let signed = CoseSign1::from_tagged_slice(bytes).map_err(|_| DocumentError::Malformed)?;
        let key = KeyId::try_from(signed.protected.header.key_id.as_slice())
            .map_err(|_| DocumentError::Malformed)?;
        let expected = header(&key)
            .to_vec()
            .map_err(|_| DocumentError::Malformed)?;
        let exact = signed.protected.original_data.as_deref() == Some(expected.as_slice())
            && signed.unprotected.is_empty()
            && signed.payload.is_some()
            && signed
                .clone()
                .to_tagged_vec()
                .is_ok_and(|again| again == bytes);
        exact
            .then_some(Self { key, signed })
            .ok_or(DocumentError::Malformed)
    }

    /// The key the document claims.
    pub(crate) const fn key(&self) -> &KeyId {
        &self.key
    }

    /// Decodes the payload without believing it.
    pub(crate) fn peek<D: Document>(&self) -> Result<D, DocumentError> {
        let payload = self.signed.payload.as_deref().unwrap_or_default();
        Ok(cbor::decode(payload, D::LIMIT)?)
    }

    /// Checks the signature first, then decodes.
    pub(crate) fn verify<D: Document>(&self, key: &VerifyingKey) -> Result<D, DocumentError> {
        let check = |signature: &[u8], message: &[u8]| {
            let signature = Signature::try_from(signature).map_err(|_| DocumentError::Malformed)?;
            key.verify(&[message], &signature)
                .then_some(())
                .ok_or(DocumentError::Forged)
        };
        if key.id() != self.key {
            return Err(DocumentError::Forged);
        }
        self.signed.verify_signature(D::LABEL, check)?;
        self.peek()
    }
}

fn header(key: &KeyId) -> Header {
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::ES256)
        .key_id(key.as_bytes().to_vec())
        .build()
}
