use crate::account::WhosePhone;
use crate::secret::{Digits, SecretString};
use crate::service::PasscodeType;
use core::fmt;

/// A doorcode's digits, behind a handle that does not print them.
#[derive(Clone)]
pub struct CodeDigits {
    digits: Digits,
    /// Shown only after a second yes.
    guarded: bool,
}

/// What a request to see digits gives.
#[derive(Clone, Debug)]
pub enum Reveal {
    /// The digits. Keep them as short as the eye needs.
    Digits(SecretString),
    /// A lasting code on a phone that is not the resident's: offer a daily code, worthless tomorrow, first. If they want this one all the
    /// same, ask again with `confirmed`, and advise to reset it from their own phone later.
    AsksTwice,
}

impl CodeDigits {
    /// The handle that `digits` of such a code get on such a phone. The core makes them; a shell does for its previews and tests.
    #[must_use]
    pub fn new(digits: Digits, passcode_type: PasscodeType, phone: WhosePhone) -> Self {
        let lasting = match passcode_type {
            PasscodeType::Permanent => true,
            PasscodeType::Daily | PasscodeType::DailySingleUse => false,
        };
        Self {
            digits,
            guarded: lasting && phone == WhosePhone::Borrowed,
        }
    }

    /// How many digits there are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.digits.length()
    }

    /// Does showing them take a second yes, and a reset later?
    #[must_use]
    pub fn asks_twice(&self) -> bool {
        self.guarded
    }

    /// The digits. `confirmed` counts only where [`CodeDigits::asks_twice`].
    #[must_use]
    pub fn reveal(&self, confirmed: bool) -> Reveal {
        if self.guarded && !confirmed {
            return Reveal::AsksTwice;
        }
        Reveal::Digits(self.digits.reveal())
    }
}

impl fmt::Debug for CodeDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigits(..)")
    }
}
