//! The radio port of a phone on the street.

use crate::street::{Street, Waiting};
use core::time::Duration;
use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use keyway_air::ToLock;
use keyway_app::ports::{
    AdapterState, BoxFuture, Link, LinkEvent, Location, PeripheralId, Permission, Power, Radio,
    RadioError, Scan, Sighting,
};

/// The radio port of one phone.
#[derive(Clone)]
pub struct StreetRadio(pub(crate) Street);

impl StreetRadio {
    fn usable(&self) -> Result<(), RadioError> {
        let AdapterState {
            power,
            permission,
            location,
        } = self.0.adapter();
        match (power, permission, location) {
            (Power::Unsupported, ..) => Err(RadioError::Unsupported),
            (_, Permission::Denied | Permission::NotAsked, _) => Err(RadioError::NotPermitted),
            (Power::Off, ..) => Err(RadioError::Off),
            (.., Location::Off) => Err(RadioError::LocationOff),
            _ => Ok(()),
        }
    }

    fn listen(&self) -> Result<Box<dyn Scan>, RadioError> {
        self.usable()?;
        let sightings = self.0.listen();
        Ok(Box::new(StreetScan(sightings)))
    }

    async fn open(self, id: PeripheralId) -> Result<Box<dyn Link>, RadioError> {
        self.usable()?;
        let Some((number, answer, incoming)) = self.0.connect(&id) else {
            // A lock out of range does not answer, ever; the caller's deadline ends this.
            return core::future::pending().await;
        };
        let mut link = StreetLink {
            street: self.0.clone(),
            number,
            mtu: 23,
            incoming: futures_util::lock::Mutex::new(incoming),
        };
        self.0.send(number, ToLock::Connect { mtu: 517 });
        link.mtu = answer.await.map_err(|oneshot::Canceled| RadioError::Lost)?;
        Ok(Box::new(link))
    }
}

impl Radio for StreetRadio {
    fn state(&self) -> AdapterState {
        self.0.adapter()
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        let scan = self.listen();
        Box::pin(async move { scan })
    }

    fn connect(
        &self,
        id: PeripheralId,
        deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        let milliseconds = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        let late = self.0.after(milliseconds);
        let opening = Box::pin(self.clone().open(id));
        Box::pin(async move {
            match select(opening, Box::pin(late)).await {
                Either::Left((link, _)) => link,
                Either::Right(((), _)) => Err(RadioError::TimedOut),
            }
        })
    }
}

struct StreetScan(mpsc::UnboundedReceiver<Sighting>);

impl Scan for StreetScan {
    fn next(&mut self) -> BoxFuture<'_, Result<Sighting, RadioError>> {
        Box::pin(async move { self.0.next().await.ok_or(RadioError::Off) })
    }
}

struct StreetLink {
    street: Street,
    number: u32,
    mtu: u16,
    incoming: futures_util::lock::Mutex<mpsc::UnboundedReceiver<LinkEvent>>,
}

impl StreetLink {
    fn ask<T: Send + 'static>(
        &self,
        operation: ToLock,
        place: impl FnOnce(&mut Waiting, oneshot::Sender<T>),
    ) -> BoxFuture<'_, Result<T, RadioError>> {
        let (sender, answer) = oneshot::channel();
        self.street
            .expect(self.number, |waiting| place(waiting, sender));
        self.street.send(self.number, operation);
        Box::pin(async move { answer.await.map_err(|oneshot::Canceled| RadioError::Lost) })
    }
}

impl Link for StreetLink {
    fn mtu(&self) -> u16 {
        self.mtu
    }

    fn read_hello(&self) -> BoxFuture<'_, Result<Vec<u8>, RadioError>> {
        self.ask(ToLock::ReadHello, |waiting, sender| {
            waiting.hello = Some(sender);
        })
    }

    fn subscribe(&self) -> BoxFuture<'_, Result<(), RadioError>> {
        self.ask(ToLock::Subscribe, |waiting, sender| {
            waiting.subscribed = Some(sender);
        })
    }

    fn write(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), RadioError>> {
        let sent = self.street.send(self.number, ToLock::Write(frame));
        Box::pin(async move { sent.then_some(()).ok_or(RadioError::Lost) })
    }

    fn next(&self) -> BoxFuture<'_, LinkEvent> {
        Box::pin(async move {
            let event = self.incoming.lock().await.next().await;
            event.unwrap_or(LinkEvent::Lost)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.street.send(self.number, ToLock::Disconnect);
        Box::pin(async {})
    }
}

impl Drop for StreetLink {
    fn drop(&mut self) {
        self.street.send(self.number, ToLock::Disconnect);
    }
}
