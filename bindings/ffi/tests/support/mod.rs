//! A phone for the tests of this layer: a home of its own, a service that is not there, and a shell.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use keyway::KeywayApp;
use keyway::open::OpenError;
use keyway::shell::{
    DeviceOwner, HardwareKeys, ShellAnswer, ShellError, ShellPlace, ShellPlaces, ShellRemains,
};
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};
use tempfile::TempDir;

/// A shell that uses none of its places but the clipboard, and throws when it is asked for the preferences.
pub(crate) struct Shell;

impl ShellPlaces for Shell {
    fn erase(&self, place: ShellPlace) -> Result<ShellAnswer, ShellError> {
        match place {
            ShellPlace::Clipboard => Ok(ShellAnswer::Gone),
            ShellPlace::Preferences => Err(ShellError::Failed),
            ShellPlace::LoginMemory => Ok(ShellAnswer::Remains {
                why: ShellRemains::CannotLook,
            }),
            place => Ok(ShellAnswer::NotUsed {
                guard: format!("place_{}_not_used", place.number()),
            }),
        }
    }
}

/// A phone's folder, and the building it is to be on.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) building: String,
}

impl Home {
    /// Nobody listens at the service's address.
    pub(crate) fn new() -> Self {
        Self::with_service_at("127.0.0.1:1")
    }

    pub(crate) fn with_service_at(address: &str) -> Self {
        let authority = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        // Line ends of PEM, as JSON has them.
        let pem = authority.cert.pem().replace('\r', "").replace('\n', "\\n");
        Self {
            folder: tempfile::tempdir().unwrap(),
            building: format!(
                r#"{{"service":{{"origin":"https://{address}","caPem":"{pem}"}},"locks":[]}}"#
            ),
        }
    }

    pub(crate) fn path(&self) -> String {
        self.folder.path().to_str().unwrap().to_owned()
    }

    pub(crate) fn open(&self) -> Result<Arc<KeywayApp>, OpenError> {
        self.open_with(Arc::new(Shell), None, None)
    }

    pub(crate) fn open_with(
        &self,
        places: Arc<dyn ShellPlaces>,
        owner: Option<Arc<dyn DeviceOwner>>,
        keys: Option<Arc<dyn HardwareKeys>>,
    ) -> Result<Arc<KeywayApp>, OpenError> {
        let building = self.building.clone();
        run(KeywayApp::open_on_building(
            building,
            self.path(),
            places,
            owner,
            keys,
        ))
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls as a foreign caller does: on a thread without a runtime.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
