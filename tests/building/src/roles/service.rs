//! The role `service`: the reference property service on a real socket, filled with the property given on standard input.

mod post;
mod property;
pub(crate) mod recording;
mod tampering;

use crate::children::{announce, until_input_ends};
use crate::description::ServiceAddress;
use crate::serve::{SERVICE, ServiceReady};
use anyhow::{Context as _, Result};
use keyway_service::{
    Demo, ServerIdentity, Service, Settings, SystemClock, SystemEntropy, router, serve_app,
};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

/// What the service's process is told on its command line.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServiceOptions {
    /// The building's folder
    #[arg(long)]
    dir: PathBuf,
    /// One bit of each receipt is changed before the service sees it
    #[arg(long)]
    alter_receipts: bool,
    /// Grants end after so many seconds at the latest
    #[arg(long)]
    lease: Option<u32>,
    /// Where phones reach it, if something stands before it: `https://address:port`
    #[arg(long)]
    origin: Option<String>,
    /// Where it leaves its mail, `address:port`; it sends none otherwise
    #[arg(long)]
    mail: Option<SocketAddr>,
    /// Where it leaves texts to phones, `address:port`; it sends none otherwise
    #[arg(long)]
    texts: Option<SocketAddr>,
}

/// Serves until standard input ends. The first line of it is the property, `null` for Elm Court.
pub(crate) fn run(options: &ServiceOptions) -> Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let demo: Option<Demo> = serde_json::from_str(&line).context("the property")?;
    let demo = demo.unwrap_or_else(Demo::elm_court);

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let listens = listener.local_addr()?;
    let own = || format!("https://{listens}");
    let origin = options.origin.clone().unwrap_or_else(own);
    let service = Service::open(
        &options.dir.join(SERVICE),
        Settings {
            messenger: post::messenger(options.mail, options.texts)?,
            longest_lease: options.lease.map(|seconds| i64::from(seconds) * 1_000),
            ..Settings::new(origin.as_str())
        },
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new()),
    )?;
    let identity = ServerIdentity::generate(&["127.0.0.1"])?;
    let (accounts, locks) = property::furnish(&service, demo, &options.dir)?;

    let post = post::Deliveries::begin(service.clone());
    let mut app = post.after_each_request(router(service));
    app = recording::recording_tokens(app, &options.dir);
    if options.alter_receipts {
        app = tampering::altering_receipts(app);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let address = ServiceAddress {
        origin,
        ca_pem: identity.authority_pem().to_owned(),
    };
    let serving = runtime.spawn(async move {
        serve_app(listener, app, &identity, async {
            let _told_or_gone = stopped.await;
        })
        .await
    });
    announce(&ServiceReady {
        service: address,
        listens: listens.to_string(),
        accounts,
        locks,
    })?;
    until_input_ends();
    drop(stop);
    runtime.block_on(serving)??;
    Ok(())
}
