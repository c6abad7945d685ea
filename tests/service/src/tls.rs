//! The building's own certificate authority and the service's certificate, TLS 1.3 only.
use crate::keys::write_private;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::Path;
use std::sync::Arc;

/// Why there is no TLS identity.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused the identity.
    #[error("the TLS library refused the identity")]
    Configuration(#[from] rustls::Error),
    /// The authority's certificate could not be written.
    #[error("the certificate authority could not be written")]
    Io(#[from] std::io::Error),
}

/// What the service shows to its clients, and what they must trust.
pub struct ServerIdentity {
    authority_pem: String,
    config: Arc<rustls::ServerConfig>,
}

impl ServerIdentity {
    /// Makes a certificate authority and a server certificate for `names` (DNS names or IP addresses).
    ///
    /// The authority's key is dropped at once: it signs this one certificate. Keys come from the TLS library's own random source.
    pub fn generate(names: &[&str]) -> Result<Self, TlsError> {
        let authority_key = KeyPair::generate()?;
        let authority = authority_params()?;
        let authority_certificate = authority.self_signed(&authority_key)?;
        let issuer = rcgen::Issuer::new(authority, authority_key);

        let server_key = KeyPair::generate()?;
        let certificate = server_params(names)?.signed_by(&server_key, &issuer)?;
        let private_key =
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
        Ok(Self {
            authority_pem: authority_certificate.pem(),
            config: Arc::new(server_config(certificate.der().clone(), private_key)?),
        })
    }

    /// The authority's certificate, PEM: the only root that clients of this service need.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Writes the authority's certificate to `path`.
    pub fn write_authority(&self, path: &Path) -> Result<(), TlsError> {
        Ok(write_private(path, &[self.authority_pem.as_bytes()])?)
    }

    pub(crate) fn config(&self) -> Arc<rustls::ServerConfig> {
        Arc::clone(&self.config)
    }
}

impl std::fmt::Debug for ServerIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerIdentity(..)")
    }
}

fn authority_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = named("Keyway building authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(params)
}

fn server_params(names: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = named("Keyway property service");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn server_config(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<rustls::ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Early data can be replayed by anyone who saw it.
    config.max_early_data_size = 0;
    Ok(config)
}
