use super::BoxFuture;
use std::borrow::Cow;

macro_rules! shell_places {
    ($($(#[$doc:meta])* $variant:ident = $number:literal;)*) => {
        /// A place outside the core's stores where a shell may have put something of a resident, and which nobody but the shell can empty.
        ///
        /// The numbers are those of the list of places ([`crate::account::Place`]).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum ShellPlace {
            $($(#[$doc])* $variant = $number,)*
        }

        impl ShellPlace {
            /// Every one of them, in the report's order.
            pub const ALL: [Self; 9] = [$(Self::$variant,)*];
        }
    };
}

shell_places! {
    /// Copies of texts from the core: names, doorcodes.
    ShellStrings = 11;
    /// Notifications that are shown or will be, and channels with names in them.
    Notifications = 16;
    /// Passwords or passkeys that the system offered to save.
    PasswordSaving = 21;
    /// Preferences.
    Preferences = 22;
    /// The image that the app switcher keeps.
    AppSwitcherImage = 24;
    /// The clipboard, if what lies there is still ours.
    Clipboard = 25;
    /// What the keyboard learned.
    KeyboardLearning = 26;
    /// An app PIN, or what binds the app to the owner's face or finger.
    AppPin = 35;
    /// What the sign-in screen remembers.
    LoginMemory = 36;
}

impl ShellPlace {
    /// Its number in the list of places.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// What a shell says of one place after it erased it and looked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellAnswer {
    /// It held something; read back, it holds nothing.
    Gone,
    /// It held nothing.
    WasEmpty,
    /// This shell does not use it.
    NotUsed {
        /// The shell's own test that fails when it does; its name begins with `place_` and the place's number.
        guard: Cow<'static, str>,
    },
    /// It still holds something, or may.
    Remains(ShellRemains),
}

/// Why something remains at a shell's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellRemains {
    /// The system did not let the shell erase it.
    Refused,
    /// The system gives the shell no way to look.
    CannotLook,
}

/// The places that a shell keeps.
///
/// Contract: `erase` erases a place, reads it back and says what it found; of what is empty already it says so. A place that a shell does not use
/// it never answers otherwise. Every place may be asked at once; one that does not answer does not hold up the others.
pub trait ShellPlaces: Send + Sync + 'static {
    /// Erases and reads back.
    fn erase(&self, place: ShellPlace) -> BoxFuture<'static, ShellAnswer>;
}
