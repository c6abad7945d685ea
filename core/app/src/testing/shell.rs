//! A shell's places in a test: what they hold, and how they misbehave. They outlive the process, as a clipboard does.

use super::Process;
use crate::ports::{BoxFuture, ShellAnswer, ShellPlace, ShellPlaces, ShellRemains};

/// How one place of a shell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It holds something.
    Something,
    /// It holds something, and the system does not let it go.
    Stuck,
    /// The shell does not answer for it.
    Silent,
}

/// A shell, as one process sees it. It uses every place but the keyboard's memory.
pub struct FakeShell(
    /// Whose.
    pub Process,
);

impl ShellPlaces for FakeShell {
    fn erase(&self, place: ShellPlace) -> BoxFuture<'static, ShellAnswer> {
        if place == ShellPlace::KeyboardLearning {
            let guard = "place_26_no_keyboard_learning".into();
            return Box::pin(async { ShellAnswer::NotUsed { guard } });
        }
        if self.0.stores().content().shell.get(&place) == Some(&Held::Silent) {
            return Box::pin(core::future::pending());
        }
        self.0.step(move |content| match content.shell.get(&place) {
            Some(Held::Stuck) => ShellAnswer::Remains(ShellRemains::Refused),
            Some(Held::Something | Held::Silent) => {
                content.shell.remove(&place);
                ShellAnswer::Gone
            }
            None => ShellAnswer::WasEmpty,
        })
    }
}
