//! The rules that a new password does not follow.

use keyway_app::account::PasswordRules;

/// As a sentence, for people.
pub(crate) fn lacking(lacks: PasswordRules) -> String {
    let words: Vec<_> = rules(lacks).map(|(_, words)| words).collect();
    format!("It lacks: {}.", words.join(", "))
}

/// By name, for scripts.
pub(crate) fn lacking_names(lacks: PasswordRules) -> Vec<&'static str> {
    rules(lacks).map(|(name, _)| name).collect()
}

fn rules(lacks: PasswordRules) -> impl Iterator<Item = (&'static str, &'static str)> {
    let PasswordRules {
        length,
        upper_case,
        digit,
        symbol,
    } = lacks;
    [
        (length, "length", "12 to 1024 characters"),
        (upper_case, "upper_case", "a capital letter"),
        (digit, "digit", "a digit"),
        (symbol, "symbol", "a symbol"),
    ]
    .into_iter()
    .filter_map(|(lacks, name, words)| lacks.then_some((name, words)))
}

#[cfg(test)]
mod tests {
    use super::{lacking, lacking_names};
    use crate::failure::Failure;
    use crate::samples;
    use keyway_app::Error;
    use keyway_app::account::PasswordRules;
    use keyway_app::secret::SecretString;

    #[test]
    fn each_missing_rule_is_named() {
        let lacks = PasswordRules::lacked_by(&SecretString::new("correct horse 7".to_owned()));
        assert_eq!(lacking_names(lacks), ["upper_case", "symbol"]);
        assert_eq!(lacking(lacks), "It lacks: a capital letter, a symbol.");
        assert_eq!(lacking_names(PasswordRules::ALL).len(), 4);
    }

    #[test]
    fn a_refused_password_is_an_error_that_lists_them() {
        let lacks = PasswordRules::ALL;
        let failure = Failure::Core(Error::PasswordTooWeak { lacks });
        let events = samples::for_scripts(|output| output.failure(&failure));
        assert_eq!(events[0]["error"], "password_too_weak");
        assert_eq!(events[0]["lacks"][0], "length");
        let other = Failure::Core(Error::WrongCredentials);
        let events = samples::for_scripts(|output| output.failure(&other));
        assert!(events[0].get("lacks").is_none());
    }
}
