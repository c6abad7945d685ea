//! What a new password must be. Asked when one is set, never at sign-in: old accounts have passwords from before the rules.
use crate::limits;
use crate::problem::Problem;
use utoipa::ToSchema;

/// One rule for new passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasswordRule {
    /// 12 to 1024 characters, counted as Unicode scalar values.
    Length,
    /// An upper-case letter.
    UpperCase,
    /// A digit.
    Digit,
    /// A character that is neither letter nor digit nor white space.
    Symbol,
}

impl PasswordRule {
    /// Every rule, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Length, Self::UpperCase, Self::Digit, Self::Symbol];

    /// The word for it on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::UpperCase => "UPPER_CASE",
            Self::Digit => "DIGIT",
            Self::Symbol => "SYMBOL",
        }
    }

    /// The rule in words for people.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Length => "12 to 1024 characters",
            Self::UpperCase => "an upper-case letter",
            Self::Digit => "a digit",
            Self::Symbol => "a symbol, such as ! ? or -",
        }
    }

    fn holds(self, password: &str) -> bool {
        let mut characters = password.chars();
        match self {
            Self::Length => {
                (limits::SHORTEST_PASSWORD..=limits::LONGEST_PASSWORD).contains(&characters.count())
            }
            Self::UpperCase => characters.any(char::is_uppercase),
            Self::Digit => characters.any(char::is_numeric),
            Self::Symbol => characters.any(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        }
    }
}

/// The rules that a password breaks, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenRules {
    /// One for each of [`PasswordRule::ALL`].
    broken: [bool; PasswordRule::ALL.len()],
}

impl BrokenRules {
    /// Of a password that keeps them all.
    pub(crate) const NONE: Self = Self {
        broken: [false; PasswordRule::ALL.len()],
    };

    /// Which they are, in the order of [`PasswordRule::ALL`].
    pub fn rules(self) -> impl Iterator<Item = PasswordRule> {
        let rules = PasswordRule::ALL.into_iter().zip(self.broken);
        rules.filter(|(_, broken)| *broken).map(|(rule, _)| rule)
    }
}

/// Refuses a password that breaks a rule, with every rule that it breaks.
pub(super) fn check(password: &str) -> Result<(), Problem> {
    let broken = PasswordRule::ALL.map(|rule| !rule.holds(password));
    if broken.contains(&true) {
        Err(Problem::PasswordRules(BrokenRules { broken }))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str) -> Vec<&'static str> {
        match check(password) {
            Err(Problem::PasswordRules(broken)) => broken.rules().map(PasswordRule::word).collect(),
            other => other.map(|()| Vec::new()).unwrap(),
        }
    }

    #[test]
    fn each_rule_is_told_by_its_word_and_all_of_them_at_once() {
        assert_eq!(broken("Correct-Horse-7"), [""; 0]);
        assert_eq!(broken("Short-Hors7"), ["LENGTH"]);
        assert_eq!(broken("correct-horse-7"), ["UPPER_CASE"]);
        assert_eq!(broken("Correct-Horse-Battery"), ["DIGIT"]);
        assert_eq!(broken("Correct Horse 7"), ["SYMBOL"]);
        assert_eq!(broken(""), ["LENGTH", "UPPER_CASE", "DIGIT", "SYMBOL"]);
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let exactly = |count: usize| format!("É7#{}", "ß".repeat(count - 3));
        assert_eq!(broken(&exactly(11)), ["LENGTH"]);
        assert_eq!(broken(&exactly(12)), [""; 0]);
        assert_eq!(broken(&exactly(1024)), [""; 0]);
        assert_eq!(broken(&exactly(1025)), ["LENGTH"]);
    }

    #[test]
    fn letters_and_digits_of_every_script_are_letters_and_digits() {
        assert_eq!(broken("Žluťoučký-kůň-٧"), [""; 0]);
        assert_eq!(broken("Žluťoučký kůň 7"), ["SYMBOL"]);
        assert_eq!(broken("Correct7Horse\u{1F511}"), [""; 0]);
    }
}
