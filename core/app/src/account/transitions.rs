//! Every transition of the account, in one `match`. The diagram beside it is `README.md`; an error leaves the state unchanged.

use super::state::{Cause, Effect, Event, Forbidden, State, WhosePhone};

/// Where `event` leads from `state`, and what is to be done about it.
pub(crate) fn transition(state: State, event: Event) -> Result<(State, Effect), Forbidden> {
    use {Event as E, State as S};
    let wipe = |cause| Ok((S::SigningOut(cause), Effect::Wipe(cause)));
    match (state, event) {
        // --- the start reads what there is, before anything else ---
        (S::Starting, E::StartedEmpty) => Ok((S::SignedOut, Effect::None)),
        (S::Starting, E::StartedWithSession) => {
            Ok((S::SignedIn(WhosePhone::Own), Effect::Begin(WhosePhone::Own)))
        }
        (S::Starting, E::StartedHidden) => Ok((S::Hidden, Effect::None)),
        (S::Starting, E::StartedWithLeftovers) => wipe(Cause::Resumed),
        (S::Starting, _) => Err(Forbidden::NotStarted),

        // --- signing in ---
        (S::SignedOut, E::SignInAsked(phone)) => Ok((S::SigningIn(phone), Effect::SignIn(phone))),
        (S::SigningIn(phone), E::SignInDone) => Ok((S::SignedIn(phone), Effect::Begin(phone))),
        (S::SigningIn(_), E::SignInRefused) => Ok((S::SignedOut, Effect::None)),
        (S::SigningIn(_), E::SignInBroke) => wipe(Cause::BrokenSignIn),
        (S::SigningIn(_), E::SignInAsked(_)) => Err(Forbidden::SignInUnderWay),
        (S::SignedIn(_) | S::Refreshing(_), E::SignInAsked(_)) => Err(Forbidden::AlreadySignedIn),
        (S::SigningOut(_), E::SignInAsked(_)) => Err(Forbidden::SignOutUnderWay),
        (S::WipePending, E::SignInAsked(_)) => Err(Forbidden::WipeFirst),

        // --- fresh tokens: unreachable keeps the session, refused ends it ---
        (S::SignedIn(phone), E::RefreshAsked) => Ok((S::Refreshing(phone), Effect::Refresh)),
        (S::Refreshing(phone), E::RefreshDone | E::RefreshUnreachable) => {
            Ok((S::SignedIn(phone), Effect::None))
        }
        (S::Refreshing(_), E::RefreshRefused) => wipe(Cause::EndedByService),
        (S::Refreshing(_), E::RefreshAsked) => Err(Forbidden::RefreshUnderWay),

        // --- hiding: only on one's own phone; nothing but the owner or a sign-out ends it ---
        (S::SignedIn(WhosePhone::Own) | S::Refreshing(WhosePhone::Own), E::HideAsked) => {
            Ok((S::Hidden, Effect::None))
        }
        (S::SignedIn(WhosePhone::Borrowed) | S::Refreshing(WhosePhone::Borrowed), E::HideAsked) => {
            Err(Forbidden::Borrowed)
        }
        (S::Hidden, E::Shown) => Ok((S::SignedIn(WhosePhone::Own), Effect::Begin(WhosePhone::Own))),
        (S::Hidden, E::ShownNothing) => wipe(Cause::Resumed),
        (S::Hidden, E::SignOutAsked) => wipe(Cause::Asked),
        (S::Hidden, E::HideAsked | E::SignInAsked(_) | E::RefreshAsked | E::TimeUp) => {
            Err(Forbidden::Hidden)
        }
        (S::Hidden, _) => Err(Forbidden::NothingAsked),

        // --- the end of a session ---
        (S::SignedOut | S::SigningIn(_) | S::SignedIn(_) | S::Refreshing(_), E::SignOutAsked) => {
            wipe(Cause::Asked)
        }
        (S::SignedIn(WhosePhone::Borrowed) | S::Refreshing(WhosePhone::Borrowed), E::TimeUp) => {
            wipe(Cause::TimeUp)
        }
        (S::SignedIn(WhosePhone::Own) | S::Refreshing(WhosePhone::Own), E::TimeUp) => {
            Err(Forbidden::NotBorrowed)
        }

        // --- the wipe ---
        (S::SigningOut(_), E::WipeDone { complete }) => {
            Ok((S::SignedOut, Effect::Ended { complete }))
        }
        (S::SigningOut(_), E::WipeLeft) => Ok((S::WipePending, Effect::Ended { complete: false })),
        (S::WipePending, E::WipeAgain | E::SignOutAsked) => wipe(Cause::Resumed),

        // --- what nobody asked for, or what comes too late ---
        (
            S::SigningOut(_),
            E::SignOutAsked
            | E::HideAsked
            | E::WipeAgain
            | E::TimeUp
            | E::SignInDone
            | E::SignInRefused
            | E::SignInBroke
            | E::RefreshAsked
            | E::RefreshDone
            | E::RefreshUnreachable
            | E::RefreshRefused,
        ) => Err(Forbidden::SignOutUnderWay),
        (
            S::SignedOut | S::SigningIn(_) | S::WipePending,
            E::RefreshAsked | E::TimeUp | E::HideAsked,
        ) => Err(Forbidden::NotSignedIn),
        (
            _,
            E::StartedEmpty
            | E::StartedWithSession
            | E::StartedHidden
            | E::StartedWithLeftovers
            | E::Shown
            | E::ShownNothing,
        )
        | (
            S::SignedOut | S::SignedIn(_) | S::Refreshing(_) | S::WipePending,
            E::SignInDone | E::SignInRefused | E::SignInBroke,
        )
        | (
            S::SignedOut | S::SigningIn(_) | S::SignedIn(_) | S::WipePending,
            E::RefreshDone | E::RefreshUnreachable | E::RefreshRefused,
        )
        | (
            S::SignedOut | S::SigningIn(_) | S::SignedIn(_) | S::Refreshing(_),
            E::WipeAgain | E::WipeDone { .. } | E::WipeLeft,
        )
        | (S::WipePending, E::WipeDone { .. } | E::WipeLeft) => Err(Forbidden::NothingAsked),
    }
}
