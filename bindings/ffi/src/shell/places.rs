use keyway_app::ports::BoxFuture;
use keyway_platform::runtime::Blocking;
use std::sync::Arc;

pub use keyway_app::ports::{ShellPlace, ShellRemains};

/// A place outside the core's stores where a shell may have put something of a resident, and which nobody but the shell can empty.
#[uniffi::remote(Enum)]
pub enum ShellPlace {
    /// Copies of texts from the core: names, doorcodes. Place 11.
    ShellStrings,
    /// Notifications that are shown or will be, and channels with names in them. Place 16.
    Notifications,
    /// Passwords or passkeys that the system offered to save. Place 21.
    PasswordSaving,
    /// Preferences. Place 22.
    Preferences,
    /// The image that the app switcher keeps. Place 24.
    AppSwitcherImage,
    /// The clipboard, if what lies there is still ours. Place 25.
    Clipboard,
    /// What the keyboard learned. Place 26.
    KeyboardLearning,
    /// An app PIN, or what binds the app to the owner's face or finger. Place 35.
    AppPin,
    /// What the sign-in screen remembers. Place 36.
    LoginMemory,
}

/// Why something remains at a shell's place.
#[uniffi::remote(Enum)]
pub enum ShellRemains {
    /// The system did not let the shell erase it.
    Refused,
    /// The system gives the shell no way to look.
    CannotLook,
}

/// What a shell says of one place after it erased it and looked again.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ShellAnswer {
    /// It held something; read back, it holds nothing.
    Gone,
    /// It held nothing.
    WasEmpty,
    /// This shell does not use it.
    NotUsed {
        /// The shell's own test that fails when it does; its name begins with `place_` and the place's number.
        guard: String,
    },
    /// It still holds something, or may.
    Remains {
        /// Why.
        why: ShellRemains,
    },
}

impl From<ShellAnswer> for keyway_app::ports::ShellAnswer {
    fn from(answer: ShellAnswer) -> Self {
        match answer {
            ShellAnswer::Gone => Self::Gone,
            ShellAnswer::WasEmpty => Self::WasEmpty,
            ShellAnswer::NotUsed { guard } => Self::NotUsed {
                guard: guard.into(),
            },
            ShellAnswer::Remains { why } => Self::Remains(why),
        }
    }
}

/// A shell could not answer. What it threw stays where it was thrown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ShellError {
    /// It failed.
    #[error("the shell could not answer")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ShellError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// The places that a shell keeps.
///
/// `erase` erases a place, reads it back and says what it found; of what is empty already it says so. Every place may be asked at once, each on a thread of
/// its own and for at most 2 s: one that has not answered by then *remains*. One that throws *remains* too.
#[uniffi::export(foreign)]
pub trait ShellPlaces: Send + Sync {
    /// Erases a place and reads it back.
    fn erase(&self, place: ShellPlace) -> Result<ShellAnswer, ShellError>;
}

/// The port on a shell's answers.
pub(crate) struct Places {
    pub(crate) shell: Arc<dyn ShellPlaces>,
    pub(crate) blocking: Blocking,
}

impl keyway_app::ports::ShellPlaces for Places {
    fn erase(&self, place: ShellPlace) -> BoxFuture<'static, keyway_app::ports::ShellAnswer> {
        let shell = Arc::clone(&self.shell);
        let answering = self.blocking.run(move || shell.erase(place));
        Box::pin(async move {
            match answering.await {
                Some(Ok(answer)) => answer.into(),
                Some(Err(ShellError::Failed)) | None => {
                    keyway_app::ports::ShellAnswer::Remains(ShellRemains::Refused)
                }
            }
        })
    }
}
