use super::*;
use crate::account::{Keeper, Remains};
use crate::ports::ShellPlace;
use crate::testing::Held;
use core::time::Duration;

#[test]
fn the_shell_answers_for_the_places_that_only_it_can_empty() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    {
        let mut content = phone.stores.content();
        content.shell.insert(ShellPlace::Clipboard, Held::Something);
        content.shell.insert(ShellPlace::Preferences, Held::Stuck);
    }
    let report = sign_out(&phone, &app);
    assert_eq!(result(&report, Place::Clipboard), PlaceResult::Gone);
    let stuck = PlaceResult::Remains(Remains::ShellRefused);
    assert_eq!(result(&report, Place::Preferences), stuck);
    assert_eq!(result(&report, Place::Notifications), PlaceResult::WasEmpty);
    let guard = "place_26_no_keyboard_learning".into();
    let not_used = PlaceResult::NotUsed { guard };
    assert_eq!(result(&report, Place::KeyboardLearning), not_used);
    assert!(!report.complete && report.leftovers() == 2, "{report:?}");
    assert!(phone.service.state().sessions[0].ended);

    // What remains there keeps nobody out, and is asked for again by the next sign-out.
    let again = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(again, Ok(()));
    phone.stores.content().shell.clear();
    assert!(sign_out(&phone, &app).complete);
}

#[test]
fn a_shell_that_does_not_answer_remains_and_holds_nothing_up() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    for place in ShellPlace::ALL {
        phone.stores.content().shell.insert(place, Held::Silent);
    }
    let begun = phone.clock.now();
    let report = sign_out(&phone, &app);
    assert!(phone.clock.now() - begun <= Duration::from_secs(3));
    let silent = PlaceResult::Remains(Remains::ShellSilent);
    assert_eq!(result(&report, Place::Clipboard), silent);
    assert_eq!(result(&report, Place::HolderKey), PlaceResult::Gone);
    assert!(phone.stores.content().items.is_empty());
    assert!(phone.service.state().sessions[0].ended);
}

#[test]
fn each_place_of_the_shell_is_one_of_the_list() {
    for place in ShellPlace::ALL {
        let keeper = Keeper::Shell(place);
        let listed = Place::ALL
            .into_iter()
            .find(|listed| listed.keeper() == keeper);
        assert_eq!(listed.map(Place::number), Some(place.number()));
    }
}
