//! The one handle a shell holds. No logic here: each method is one journey.

mod account;
mod doors;
mod guests;

use crate::context::{Change, Context};
use crate::diagnostics;
use crate::error::{Error, Fault};
use crate::ports::Ports;
use core::future::Future;

/// How an app is set up. Nothing needs to be chosen yet; later choices get a default here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {}

/// A resident's door app.
///
/// A handle: clones share one account. Methods take and give owned values. A call's future may be dropped at any time: the work it began runs to
/// its end on the spawn port, so that no write is cut in half; long journeys have an explicit cancel.
#[derive(Clone)]
pub struct App {
    context: Context,
}

impl App {
    /// An app on these ports. Reads and writes nothing before [`App::start`].
    #[must_use]
    pub fn new(ports: Ports, _config: Config) -> Self {
        Self {
            context: Context::new(ports),
        }
    }

    /// Tells the app that its surroundings changed. Returns at once.
    pub fn surroundings_changed(&self, change: Change) {
        self.context.surroundings_changed(change);
    }

    /// A report for the property's support, as JSON: states, counts and ages. It holds no name, address, id, code or key.
    ///
    /// # Errors
    /// [`Error::FolderUnavailable`].
    pub async fn diagnostics(&self) -> Result<String, Error> {
        self.journey(|context| async move { diagnostics::diagnostics(&context).await })
            .await
    }

    #[cfg(test)]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Runs a journey to its end, whoever stops waiting for it.
    async fn journey<T, J, F>(&self, journey: J) -> Result<T, Error>
    where
        T: Send + 'static,
        J: FnOnce(Context) -> F,
        F: Future<Output = Result<T, Fault>> + Send + 'static,
    {
        self.context.run(journey(self.context.clone())).await
    }
}
