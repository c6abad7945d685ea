/// Something worth a line in the shell's log. No variant can carry a secret, a name or an identifier: there is no field for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A session began (borrowed or own).
    SignedIn {
        /// On somebody else's phone.
        borrowed: bool,
    },
    /// The session ended and the wipe ran.
    SignedOut {
        /// Every place was read back empty and the service confirmed.
        complete: bool,
    },
    /// An unlock ended.
    UnlockEnded,
    /// A sync ended.
    SyncEnded,
    /// A result arrived after its session had ended and was dropped by the generation guard.
    StaleWriteDropped,
}

/// Hears notices. Called on the core's tasks: cheap and without blocking.
pub trait Observer: Send + Sync + 'static {
    /// Takes one notice.
    fn notice(&self, notice: Notice);
}
