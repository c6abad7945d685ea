use crate::ports::{ShellAnswer, ShellPlace, ShellPlaces};

/// The contract of [`ShellPlaces`], as far as it can be seen from outside: what was erased is empty, and what is not used is watched by a test.
pub async fn shell(port: &dyn ShellPlaces) {
    for place in ShellPlace::ALL {
        let first = port.erase(place).await;
        let again = port.erase(place).await;
        match (&first, &again) {
            (ShellAnswer::Gone | ShellAnswer::WasEmpty, ShellAnswer::WasEmpty)
            | (ShellAnswer::Remains(_), ShellAnswer::Remains(_)) => {}
            (ShellAnswer::NotUsed { guard }, ShellAnswer::NotUsed { .. }) => {
                let beginning = format!("place_{}_", place.number());
                assert!(
                    guard.starts_with(&beginning),
                    "the test that watches {place:?} is called {beginning}..: {guard}"
                );
                assert_eq!(first, again, "a place that is not used stays so");
            }
            _ => assert_eq!(first, again, "what was erased is empty: {place:?}"),
        }
    }
}
