//! The places that only a shell can empty, in a terminal: none of them is used.

use keyway_app::ports::{BoxFuture, ShellAnswer, ShellPlace, ShellPlaces};

/// A terminal's places. It copies, remembers and shows nothing outside its own window; `tests/unused_places.rs` fails when that changes.
#[derive(Clone, Copy, Debug)]
pub struct TerminalPlaces;

impl ShellPlaces for TerminalPlaces {
    fn erase(&self, place: ShellPlace) -> BoxFuture<'static, ShellAnswer> {
        let guard = guard(place).into();
        Box::pin(async { ShellAnswer::NotUsed { guard } })
    }
}

/// The test that watches a place.
fn guard(place: ShellPlace) -> &'static str {
    match place {
        ShellPlace::ShellStrings => "place_11_no_foreign_runtime_copies_strings",
        ShellPlace::Notifications => "place_16_no_notifications",
        ShellPlace::PasswordSaving => "place_21_no_password_saving",
        ShellPlace::Preferences => "place_22_no_preferences",
        ShellPlace::AppSwitcherImage => "place_24_no_app_switcher_image",
        ShellPlace::Clipboard => "place_25_no_clipboard",
        ShellPlace::KeyboardLearning => "place_26_no_keyboard_learning",
        ShellPlace::AppPin => "place_35_no_app_pin",
        ShellPlace::LoginMemory => "place_36_no_login_memory",
    }
}
