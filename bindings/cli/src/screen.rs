//! The alternate screen: what is shown there leaves no trace in the terminal's scrollback.

use crossterm::cursor::MoveTo;
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io;

/// The alternate screen while this lives, on a terminal; elsewhere nothing.
pub(crate) struct Screen {
    entered: bool,
    /// As found: a kill may come while the password is typed without echo.
    modes: Option<Termios>,
}

impl Screen {
    /// Enters it if `wanted`.
    pub(crate) fn enter(wanted: bool) -> Self {
        let entered = wanted
            && execute!(
                io::stdout(),
                EnterAlternateScreen,
                Clear(ClearType::All),
                MoveTo(0, 0)
            )
            .is_ok();
        let modes = tcgetattr(rustix::stdio::stdin()).ok();
        Self { entered, modes }
    }

    /// Back to the main screen; the alternate one is cleared first, since some terminals keep it.
    pub(crate) fn leave(&mut self) {
        if let Some(modes) = self.modes.take() {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &modes);
        }
        if self.entered {
            self.entered = false;
            let _ = execute!(io::stdout(), Clear(ClearType::All), LeaveAlternateScreen);
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}
