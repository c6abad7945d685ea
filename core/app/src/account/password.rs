//! The rules for a new password. They are checked where one is set, never on sign-in: old accounts hold shorter ones.

use crate::secret::SecretString;

/// Fewest characters of a new password.
const SHORTEST: usize = 12;
/// Most characters of a new password.
const LONGEST: usize = 1_024;

/// Rules, each on or off: those that a password does not follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PasswordRules {
    /// 12 to 1024 characters (Unicode scalar values).
    pub length: bool,
    /// An upper-case letter.
    pub upper_case: bool,
    /// A digit.
    pub digit: bool,
    /// A symbol: neither letter, digit nor white space.
    pub symbol: bool,
}

impl PasswordRules {
    /// Every rule.
    pub const ALL: Self = Self {
        length: true,
        upper_case: true,
        digit: true,
        symbol: true,
    };

    /// The rules that `password` does not follow, while it is typed.
    #[must_use]
    pub fn lacked_by(password: &SecretString) -> Self {
        // EXPOSE: it is looked at, character by character, and not copied.
        let text = password.expose();
        let has = |wanted: fn(char) -> bool| text.chars().any(wanted);
        Self {
            length: !(SHORTEST..=LONGEST).contains(&text.chars().count()),
            upper_case: !has(char::is_uppercase),
            digit: !has(char::is_numeric),
            symbol: !has(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        }
    }

    /// Is no rule left?
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordRules;
    use crate::secret::SecretString;

    fn lacked(password: &str) -> PasswordRules {
        PasswordRules::lacked_by(&SecretString::new(password.to_owned()))
    }

    #[test]
    fn a_password_that_follows_every_rule_lacks_none() {
        assert!(lacked("Correct-Horse-7").is_empty());
        assert!(lacked("\u{c1}rbol de 12 \u{f1}!").is_empty());
    }

    #[test]
    fn each_rule_is_named_by_itself() {
        let lacks = |change: fn(&mut PasswordRules)| {
            let mut rules = PasswordRules::default();
            change(&mut rules);
            rules
        };
        assert_eq!(lacked("Short-7"), lacks(|rules| rules.length = true));
        assert_eq!(
            lacked(&"Aa-7".repeat(257)),
            lacks(|rules| rules.length = true)
        );
        assert_eq!(
            lacked("correct-horse-7"),
            lacks(|rules| rules.upper_case = true)
        );
        assert_eq!(lacked("Correct-Horse-x"), lacks(|rules| rules.digit = true));
        assert_eq!(
            lacked("CorrectHorse 77"),
            lacks(|rules| rules.symbol = true)
        );
        assert_eq!(lacked(""), PasswordRules::ALL);
    }
}
