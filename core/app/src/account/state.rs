//! The account's states, what can happen to them, and what a change asks to be done.

use crate::error::Error;

/// The first question of a sign-in: "is this your phone?"
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhosePhone {
    /// One's own: the session is kept, doors and codes are cached for use without network.
    Own,
    /// Somebody else's: everything stays in memory, for 15 minutes at most.
    Borrowed,
}

/// Where the account is. Small and copyable: tokens and keys live in the session, never in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    /// Nothing has been read yet.
    Starting,
    /// Nobody is signed in; nothing is stored.
    SignedOut,
    /// A sign-in is under way.
    SigningIn(WhosePhone),
    /// A session is live.
    SignedIn(WhosePhone),
    /// A session is live and asks the service for fresh tokens.
    Refreshing(WhosePhone),
    /// A session is kept on this phone, and hidden.
    Hidden,
    /// The wipe runs.
    SigningOut(Cause),
    /// A wipe ran and something is open that can be tried again: a place that would not empty, or a kept ticket for a service that could not be told.
    WipePending,
}

/// Why a wipe runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    /// The resident asked.
    Asked,
    /// The 15 minutes on a borrowed phone are over.
    TimeUp,
    /// The service refused to refresh.
    EndedByService,
    /// A sign-in broke after it had made keys.
    BrokenSignIn,
    /// An earlier wipe did not finish.
    Resumed,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    /// The start found nothing.
    StartedEmpty,
    /// The start found a session of this installation.
    StartedWithSession,
    /// The start found a session that is hidden.
    StartedHidden,
    /// The start found a wipe unfinished, or a session that is not this installation's.
    StartedWithLeftovers,
    /// The resident asked to sign in.
    SignInAsked(WhosePhone),
    /// The sign-in is complete.
    SignInDone,
    /// The sign-in was refused before anything was made.
    SignInRefused,
    /// The sign-in broke after keys were made.
    SignInBroke,
    /// A journey needs fresh tokens.
    RefreshAsked,
    /// They are here.
    RefreshDone,
    /// No answer, or the service is in trouble.
    RefreshUnreachable,
    /// The service said no: the session is over.
    RefreshRefused,
    /// The resident asked to hide.
    HideAsked,
    /// The phone's owner asked to show what is hidden, and it is here.
    Shown,
    /// The phone's owner asked, and what was hidden is not whole.
    ShownNothing,
    /// The resident asked to sign out.
    SignOutAsked,
    /// A borrowed session's time is over.
    TimeUp,
    /// There is network again, or a start, or a new sign-in: finish the open wipe.
    WipeAgain,
    /// Nothing is left to do here.
    WipeDone {
        /// Every place was read back empty, and the service confirmed.
        complete: bool,
    },
    /// Something is open, and can be tried again.
    WipeLeft,
}

/// What a transition asks its driver to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing.
    None,
    /// Run the sign-in.
    SignIn(WhosePhone),
    /// The session begins: tell the observer, start a borrowed session's timer.
    Begin(WhosePhone),
    /// Ask the service for fresh tokens.
    Refresh,
    /// Run the wipe.
    Wipe(Cause),
    /// The wipe has ended: tell the observer.
    Ended {
        /// Nothing is open.
        complete: bool,
    },
}

/// Why an event is not possible now. The state stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Forbidden {
    /// The app has not started yet.
    NotStarted,
    /// Nobody is signed in.
    NotSignedIn,
    /// Somebody is.
    AlreadySignedIn,
    /// A sign-in is under way.
    SignInUnderWay,
    /// The session is hidden.
    Hidden,
    /// Nothing is kept on a borrowed phone.
    Borrowed,
    /// A sign-out is under way.
    SignOutUnderWay,
    /// A refresh is under way already.
    RefreshUnderWay,
    /// An earlier wipe comes first.
    WipeFirst,
    /// Only a borrowed session has a time that can be up.
    NotBorrowed,
    /// An answer to something that nobody asked.
    NothingAsked,
}

impl From<Forbidden> for Error {
    fn from(forbidden: Forbidden) -> Self {
        match forbidden {
            Forbidden::NotSignedIn => Self::NotSignedIn,
            Forbidden::AlreadySignedIn => Self::AlreadySignedIn,
            Forbidden::SignInUnderWay => Self::SignInUnderWay,
            Forbidden::Hidden => Self::Hidden,
            Forbidden::Borrowed => Self::NotOnBorrowedPhone,
            Forbidden::SignOutUnderWay | Forbidden::WipeFirst => Self::SignOutUnderWay,
            Forbidden::NotStarted
            | Forbidden::RefreshUnderWay
            | Forbidden::NotBorrowed
            | Forbidden::NothingAsked => Self::Internal,
        }
    }
}
