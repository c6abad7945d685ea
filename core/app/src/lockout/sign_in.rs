//! Before anybody is signed in: what works on this phone, and what is a dead end on it.

use super::Availability;
use crate::account::WhosePhone;
use crate::error::Error;

/// A way to get on from the first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WayToSignIn {
    /// No sign-in at all: somebody with access, or the property, tells a code for today.
    DailyCodeFromSomeone,
    /// E-mail and password.
    Password,
    /// E-mail and a one-time code from one's own mailbox.
    OneTimeCode,
    /// A new password, by a link in one's own mailbox.
    PasswordReset,
    /// The property's office.
    Property,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInOption {
    /// Which.
    pub way: WayToSignIn,
    /// Does it work on this phone?
    pub availability: Availability,
}

/// The ways to get on, best first. On somebody else's phone a daily code comes first, since there is nothing to wipe; and what arrives in a
/// mailbox is a dead end, since that is not there.
#[must_use]
pub(crate) fn ways_to_sign_in(phone: WhosePhone) -> Vec<SignInOption> {
    use WayToSignIn as Way;
    let order = match phone {
        WhosePhone::Own => [
            Way::Password,
            Way::OneTimeCode,
            Way::PasswordReset,
            Way::DailyCodeFromSomeone,
            Way::Property,
        ],
        WhosePhone::Borrowed => [
            Way::DailyCodeFromSomeone,
            Way::Password,
            Way::Property,
            Way::OneTimeCode,
            Way::PasswordReset,
        ],
    };
    let option = |way| SignInOption {
        way,
        availability: match (phone, way) {
            (WhosePhone::Borrowed, Way::OneTimeCode | Way::PasswordReset) => Availability::No {
                why: Error::MailboxNeeded,
            },
            _ => Availability::Yes,
        },
    };
    order.map(option).to_vec()
}

#[cfg(test)]
mod tests {
    use super::{WayToSignIn, ways_to_sign_in};
    use crate::account::WhosePhone;
    use crate::lockout::Availability;

    #[test]
    fn a_borrowed_phone_offers_a_daily_code_first_and_names_its_dead_ends() {
        let ways = ways_to_sign_in(WhosePhone::Borrowed);
        assert_eq!(ways[0].way, WayToSignIn::DailyCodeFromSomeone);
        let dead: Vec<_> = ways
            .iter()
            .filter(|option| matches!(option.availability, Availability::No { .. }))
            .map(|option| option.way)
            .collect();
        assert_eq!(dead, [WayToSignIn::OneTimeCode, WayToSignIn::PasswordReset]);
    }

    #[test]
    fn on_ones_own_phone_everything_works() {
        let ways = ways_to_sign_in(WhosePhone::Own);
        assert!(
            ways.iter()
                .all(|option| option.availability == Availability::Yes)
        );
        assert_eq!(ways[0].way, WayToSignIn::Password);
    }
}
