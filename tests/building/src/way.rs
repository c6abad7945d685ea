//! The network between phones and the service: a pipe for each connection, which can be closed and opened.

use anyhow::{Context as _, Result};
use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};

/// One address that leads to the service, or to nobody.
pub(crate) struct Way {
    runtime: Runtime,
    address: SocketAddr,
    leads_to: Option<SocketAddr>,
    open: Option<JoinHandle<()>>,
    /// Holds the port until the service is there.
    reserved: Option<TcpListener>,
}

impl Way {
    /// A free port of this machine that leads nowhere yet.
    pub(crate) fn open() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        Ok(Self {
            runtime,
            address: listener.local_addr()?,
            leads_to: None,
            open: None,
            reserved: Some(listener),
        })
    }

    /// Where phones connect.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on it leads to the service at `address`.
    pub(crate) fn lead_to(&mut self, address: SocketAddr) -> Result<()> {
        self.leads_to = Some(address);
        self.set_up(true)
    }

    /// Closes it, with all connections, so that phones are refused; or opens it again.
    pub(crate) fn set_up(&mut self, up: bool) -> Result<()> {
        match self.open.take() {
            Some(task) if up => self.open = Some(task),
            Some(task) => {
                task.abort();
                // The port is closed when the task is gone, not when it was told to go.
                let _aborted = self.runtime.block_on(task);
            }
            None if up => {
                let service = self.leads_to.context("it leads nowhere")?;
                let listener = match self.reserved.take() {
                    Some(listener) => listener,
                    None => self.runtime.block_on(TcpListener::bind(self.address))?,
                };
                self.open = Some(self.runtime.spawn(lead(listener, service)));
            }
            None => {}
        }
        Ok(())
    }
}

async fn lead(listener: TcpListener, service: SocketAddr) {
    let mut pipes = JoinSet::new();
    while let Ok((phone, _)) = listener.accept().await {
        pipes.spawn(pipe(phone, service));
        while pipes.try_join_next().is_some() {}
    }
}

async fn pipe(mut phone: TcpStream, service: SocketAddr) {
    if let Ok(mut service) = TcpStream::connect(service).await {
        let _over = copy_bidirectional(&mut phone, &mut service).await;
    }
}
