//! What the demo can break, one thing at a time. The README's table says which fields of the result each changes, and a test holds it to that.

use std::ffi::OsString;

/// One thing to break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fault {
    /// An own phone whose keychain refuses to erase
    Keychain,
    /// The service vanishes before signing out
    ServiceDown,
    /// The link breaks inside the answer to the unlock
    LinkCut,
    /// A receipt is altered on its way to the service
    ForgedReceipt,
    /// The locks never answer
    LockSilent,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Keychain,
        Self::ServiceDown,
        Self::LinkCut,
        Self::ForgedReceipt,
        Self::LockSilent,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::ServiceDown => "service-down",
            Self::LinkCut => "link-cut",
            Self::ForgedReceipt => "forged-receipt",
            Self::LockSilent => "lock-silent",
        }
    }

    /// How the service's process is told.
    pub(crate) fn service_arguments(fault: Option<Self>) -> Vec<OsString> {
        match fault {
            Some(Self::ForgedReceipt) => vec!["--alter-receipts".into()],
            _ => Vec::new(),
        }
    }

    /// How each lock's process is told.
    pub(crate) fn lock_arguments(fault: Option<Self>) -> Vec<OsString> {
        match fault {
            Some(Self::LinkCut) => vec!["--cut-after-motor".into()],
            Some(Self::LockSilent) => vec!["--silent".into()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use clap::ValueEnum as _;

    #[test]
    fn each_faults_name_is_what_the_command_line_takes() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_str(fault.name(), false), Ok(fault));
        }
        assert_eq!(Fault::value_variants().len(), Fault::ALL.len());
    }
}
