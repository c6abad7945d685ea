//! The real socket: TLS 1.3 with the building's own authority, nothing older.
use crate::support::Property;
use keyway_service::{ServerIdentity, serve};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Runs `client` against a served property.
fn against_a_real_socket(client: impl FnOnce(SocketAddr, &ServerIdentity)) {
    let property = Property::open();
    let identity = ServerIdentity::generate(&["localhost", "127.0.0.1"]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        let served = scope.spawn(|| {
            runtime.block_on(serve(
                listener,
                property.service.clone(),
                &identity,
                async {
                    let _ = stopped.await;
                },
            ))
        });
        client(address, &identity);
        stop.send(()).unwrap();
        served.join().unwrap().unwrap();
    });
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

#[test]
fn a_client_that_trusts_the_authority_is_answered_over_tls_1_3() {
    against_a_real_socket(|address, identity| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority(identity)).unwrap();
        let mut connection = client(roots, "localhost");
        let mut stream = connect(address);
        let mut tls = rustls::Stream::new(&mut connection, &mut stream);
        tls.write_all(b"GET /v1/time HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = Vec::new();
        let _ = tls.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("2026-11-24T12:00:00Z"), "{answer}");
        assert_eq!(
            connection.protocol_version(),
            Some(rustls::ProtocolVersion::TLSv1_3)
        );
    });
}

#[test]
fn a_client_with_other_roots_refuses_the_service() {
    against_a_real_socket(|address, _| {
        let stranger = ServerIdentity::generate(&["localhost"]).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority(&stranger)).unwrap();
        let mut connection = client(roots, "localhost");
        let mut stream = connect(address);
        let error = connection.complete_io(&mut stream).unwrap_err();
        assert!(error.to_string().contains("certificate"), "{error}");
    });
}

#[test]
fn a_client_that_offers_tls_1_2_only_is_turned_away() {
    against_a_real_socket(|address, _| {
        let mut stream = connect(address);
        stream.write_all(&client_hello_of_tls_1_2()).unwrap();
        let mut alert = [0; 7];
        stream.read_exact(&mut alert).unwrap();
        // A fatal alert: protocol_version (RFC 8446, 6.2).
        assert_eq!((alert[0], alert[5], alert[6]), (21, 2, 70));
    });
}

fn authority(identity: &ServerIdentity) -> rustls::pki_types::CertificateDer<'static> {
    use rustls::pki_types::pem::PemObject as _;
    rustls::pki_types::CertificateDer::from_pem_slice(identity.authority_pem().as_bytes()).unwrap()
}

fn client(roots: rustls::RootCertStore, name: &'static str) -> rustls::ClientConnection {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from(name).unwrap();
    rustls::ClientConnection::new(Arc::new(config), name).unwrap()
}

/// A well-formed hello of a TLS 1.2 client: no `supported_versions`, otherwise what the service would take.
fn client_hello_of_tls_1_2() -> Vec<u8> {
    let extensions: &[&[u8]] = &[
        &[0, 10, 0, 4, 0, 2, 0, 29], // supported_groups: x25519
        &[0, 11, 0, 2, 1, 0],        // ec_point_formats: uncompressed
        &[0, 13, 0, 4, 0, 2, 4, 3],  // signature_algorithms: ecdsa_secp256r1_sha256
        &[0, 23, 0, 0],              // extended_master_secret
    ];
    let extensions = extensions.concat();
    let mut body = vec![3, 3];
    body.extend([7; 32]); // random
    body.push(0); // no session
    body.extend([0, 2, 0xC0, 0x2B]); // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    body.extend([1, 0]); // no compression
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let mut handshake = vec![1, 0];
    handshake.extend((body.len() as u16).to_be_bytes());
    handshake.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend((handshake.len() as u16).to_be_bytes());
    record.extend(handshake);
    record
}
