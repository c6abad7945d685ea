//! Texts to phones through a gateway: `POST` of `{"to","text"}` to its address, answered by any 2xx.
use super::smtp::is_this_machine;
use super::{DEADLINE, Messenger, NotSent, OutgoingMessage, Recipient};
use http::StatusCode;
use reqwest::blocking::Client;
use reqwest::{Url, redirect, retry};
use rustls::RootCertStore;
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde::Serialize;
use std::sync::Arc;

/// Why there is no [`WebhookMessenger`] for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Neither `https://…` nor `http://` to this machine.
    #[error("the gateway's address is neither https nor http to this machine")]
    Address,
    /// TLS could not be set up.
    #[error("HTTPS cannot be set up")]
    Tls,
}

/// Sends texts through a gateway's webhook. Must be used outside of an async runtime's own threads, as everything that blocks.
pub struct WebhookMessenger {
    address: Url,
    client: Client,
}

/// What the gateway is told.
#[derive(Serialize)]
struct Text<'a> {
    to: &'a str,
    text: &'a str,
}

impl WebhookMessenger {
    /// A messenger through the gateway at `address`, which may hold its secret and is therefore never printed.
    pub fn new(address: &str) -> Result<Self, WebhookError> {
        let address = Url::parse(address).map_err(|_| WebhookError::Address)?;
        let on_this_machine = address.host_str().is_some_and(is_this_machine);
        let tls = match address.scheme() {
            "https" => trusting_what_this_machine_trusts()?,
            "http" if on_this_machine => trusting_nobody()?,
            _ => return Err(WebhookError::Address),
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .retry(retry::never())
            .timeout(DEADLINE)
            .build()
            .map_err(|_| WebhookError::Tls)?;
        Ok(Self { address, client })
    }
}

impl Messenger for WebhookMessenger {
    fn send(&self, message: &OutgoingMessage) -> Result<(), NotSent> {
        let Recipient::Phone(number) = &message.to else {
            return Err(NotSent::NoMessenger);
        };
        let text = Text {
            to: number,
            text: &message.text,
        };
        let answer = self.client.post(self.address.clone()).json(&text).send();
        let status = answer.map_err(|_| NotSent::Unavailable)?.status();
        match status {
            _ if status.is_success() => Ok(()),
            // What a gateway says about the text itself; everything else is about us or about now.
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Err(NotSent::Refused),
            _ => Err(NotSent::Unavailable),
        }
    }
}

impl std::fmt::Debug for WebhookMessenger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookMessenger(..)")
    }
}

type TlsBuilder = rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier>;

fn tls() -> Result<TlsBuilder, WebhookError> {
    // The provider is named here, not installed for the process: whoever embeds the service may have one of their own.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| WebhookError::Tls)
}

fn trusting_what_this_machine_trusts() -> Result<rustls::ClientConfig, WebhookError> {
    Ok(tls()?
        .with_platform_verifier()
        .map_err(|_| WebhookError::Tls)?
        .with_no_client_auth())
}

/// For a gateway that is spoken to in the clear: a machine without a certificate store can still have one.
fn trusting_nobody() -> Result<rustls::ClientConfig, WebhookError> {
    Ok(tls()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}
