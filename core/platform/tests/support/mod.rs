//! A service of three lines behind real TLS.

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use keyway_platform::runtime::Runtime;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use std::net::SocketAddr;
use std::sync::Arc;

/// A certificate authority, made for one test.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    fn tls(&self, host: &str) -> rustls::ServerConfig {
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec![host.to_owned()])
            .expect("parameters")
            .signed_by(&key, &self.0)
            .expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a server");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}

/// Serves `router` at a free port of this machine under a certificate for `host`; gives the port.
pub(crate) fn serve(runtime: &Runtime, authority: &Authority, host: &str, router: Router) -> u16 {
    let config = RustlsConfig::from_config(Arc::new(authority.tls(host)));
    let handle = Handle::new();
    let server = axum_server::bind_rustls(SocketAddr::from(([127, 0, 0, 1], 0)), config)
        .handle(handle.clone())
        .serve(router.into_make_service());
    runtime.handle().spawn(server);
    let address = runtime.block_on(handle.listening()).expect("it listens");
    address.port()
}
