//! The way out for the service's messages: SMTP and a webhook to whoever listens on this machine, and the thread that sends.

use anyhow::Result;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use keyway_service::{
    Encryption, Messenger, Messengers, NoMessenger, Service, SmtpMessenger, SmtpRelay, SystemClock,
    SystemEntropy, WebhookMessenger,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// What could not be sent is looked at again after this.
const AGAIN: Duration = Duration::from_secs(1);

/// Mail by SMTP to `mail`, texts by webhook to `texts`.
pub(super) fn messenger(
    mail: Option<SocketAddr>,
    texts: Option<SocketAddr>,
) -> Result<Arc<dyn Messenger>> {
    let mut ways = Messengers {
        email: Arc::new(NoMessenger),
        phone: Arc::new(NoMessenger),
    };
    if let Some(address) = mail {
        let relay = SmtpRelay {
            host: address.ip().to_string(),
            port: address.port(),
            encryption: Encryption::Plain,
            login: None,
            sender: "Elm Court <doors@elm-court.example>".to_owned(),
        };
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::new()));
        ways.email = Arc::new(SmtpMessenger::new(&relay, clock, entropy)?);
    }
    if let Some(address) = texts {
        ways.phone = Arc::new(WebhookMessenger::new(&format!("http://{address}/"))?);
    }
    Ok(Arc::new(ways))
}

/// A thread of its own: a relay may take its time, and no request waits for it.
#[derive(Clone)]
pub(super) struct Deliveries(SyncSender<()>);

impl Deliveries {
    /// Sends what `service` queues until this is dropped.
    pub(super) fn begin(service: Service) -> Self {
        let (sender, rung) = sync_channel(1);
        thread::spawn(move || deliver(&service, &rung));
        Self(sender)
    }

    /// `app`, which rings after each request: it may have queued something.
    pub(super) fn after_each_request(self, app: Router) -> Router {
        app.layer(from_fn(move |request: Request, next: Next| {
            let bell = self.clone();
            async move {
                let response = next.run(request).await;
                let _rings_already = bell.0.try_send(());
                response
            }
        }))
    }
}

fn deliver(service: &Service, rung: &Receiver<()>) {
    while rung.recv_timeout(AGAIN) != Err(RecvTimeoutError::Disconnected) {
        service.deliver_messages();
    }
}
