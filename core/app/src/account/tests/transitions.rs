//! Every transition, and every pair that is none.

use crate::account::state::{Cause, Effect, Event, State, WhosePhone};
use crate::account::transitions::transition;

const PHONES: [WhosePhone; 2] = [WhosePhone::Own, WhosePhone::Borrowed];
const CAUSES: [Cause; 5] = [
    Cause::Asked,
    Cause::TimeUp,
    Cause::EndedByService,
    Cause::BrokenSignIn,
    Cause::Resumed,
];

fn states() -> Vec<State> {
    let mut states = vec![
        State::Starting,
        State::SignedOut,
        State::Hidden,
        State::WipePending,
    ];
    states.extend(PHONES.map(State::SigningIn));
    states.extend(PHONES.map(State::SignedIn));
    states.extend(PHONES.map(State::Refreshing));
    states.extend(CAUSES.map(State::SigningOut));
    states
}

fn events() -> Vec<Event> {
    let mut events = vec![
        Event::StartedEmpty,
        Event::StartedWithSession,
        Event::StartedHidden,
        Event::StartedWithLeftovers,
        Event::HideAsked,
        Event::Shown,
        Event::ShownNothing,
        Event::SignInDone,
        Event::SignInRefused,
        Event::SignInBroke,
        Event::RefreshAsked,
        Event::RefreshDone,
        Event::RefreshUnreachable,
        Event::RefreshRefused,
        Event::SignOutAsked,
        Event::TimeUp,
        Event::WipeAgain,
        Event::WipeDone { complete: true },
        Event::WipeDone { complete: false },
        Event::WipeLeft,
    ];
    events.extend(PHONES.map(Event::SignInAsked));
    events
}

/// The diagram of `README.md`, once more, as a list.
fn allowed() -> Vec<(State, Event, State)> {
    let out = |cause| State::SigningOut(cause);
    let mut list = vec![
        (State::Starting, Event::StartedEmpty, State::SignedOut),
        (
            State::Starting,
            Event::StartedWithSession,
            State::SignedIn(WhosePhone::Own),
        ),
        (
            State::Starting,
            Event::StartedWithLeftovers,
            out(Cause::Resumed),
        ),
        (State::Starting, Event::StartedHidden, State::Hidden),
        (
            State::Hidden,
            Event::Shown,
            State::SignedIn(WhosePhone::Own),
        ),
        (State::Hidden, Event::ShownNothing, out(Cause::Resumed)),
        (State::Hidden, Event::SignOutAsked, out(Cause::Asked)),
        (State::SignedOut, Event::SignOutAsked, out(Cause::Asked)),
        (State::WipePending, Event::WipeAgain, out(Cause::Resumed)),
        (State::WipePending, Event::SignOutAsked, out(Cause::Resumed)),
    ];
    for phone in PHONES {
        let (coming, inside, asking) = (
            State::SigningIn(phone),
            State::SignedIn(phone),
            State::Refreshing(phone),
        );
        list.extend([
            (State::SignedOut, Event::SignInAsked(phone), coming),
            (coming, Event::SignInDone, inside),
            (coming, Event::SignInRefused, State::SignedOut),
            (coming, Event::SignInBroke, out(Cause::BrokenSignIn)),
            (coming, Event::SignOutAsked, out(Cause::Asked)),
            (inside, Event::SignOutAsked, out(Cause::Asked)),
            (asking, Event::SignOutAsked, out(Cause::Asked)),
            (inside, Event::RefreshAsked, asking),
            (asking, Event::RefreshDone, inside),
            (asking, Event::RefreshUnreachable, inside),
            (asking, Event::RefreshRefused, out(Cause::EndedByService)),
        ]);
    }
    let own = WhosePhone::Own;
    for state in [State::SignedIn(own), State::Refreshing(own)] {
        list.push((state, Event::HideAsked, State::Hidden));
    }
    let borrowed = WhosePhone::Borrowed;
    for state in [State::SignedIn(borrowed), State::Refreshing(borrowed)] {
        list.push((state, Event::TimeUp, out(Cause::TimeUp)));
    }
    for cause in CAUSES {
        let from = out(cause);
        list.extend([
            (from, Event::WipeLeft, State::WipePending),
            (from, Event::WipeDone { complete: true }, State::SignedOut),
            (from, Event::WipeDone { complete: false }, State::SignedOut),
        ]);
    }
    list
}

#[test]
fn every_pair_is_a_transition_of_the_diagram_or_forbidden() {
    let allowed = allowed();
    let mut seen = 0;
    for state in states() {
        for event in events() {
            let wanted = allowed.iter().find(|(s, e, _)| (*s, *e) == (state, event));
            let got = transition(state, event);
            match wanted {
                Some((_, _, next)) => {
                    assert_eq!(
                        got.map(|(state, _)| state),
                        Ok(*next),
                        "{state:?} {event:?}"
                    );
                    seen += 1;
                }
                None => assert!(got.is_err(), "{state:?} {event:?} gave {got:?}"),
            }
        }
    }
    assert_eq!(seen, allowed.len());
}

#[test]
fn every_way_into_signing_out_asks_for_the_wipe_and_no_other_does() {
    for state in states() {
        for event in events() {
            let Ok((next, effect)) = transition(state, event) else {
                continue;
            };
            let wipes = matches!(effect, Effect::Wipe(_));
            assert_eq!(
                wipes,
                matches!(next, State::SigningOut(_)),
                "{state:?} {event:?}"
            );
        }
    }
}
