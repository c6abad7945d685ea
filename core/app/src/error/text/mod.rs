//! The words for each error, one table a language. A table that lacks an error does not compile.

mod english;
mod spanish;

use super::Error;

/// A language that the words exist in. The shell chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

/// What to tell the resident, in the order in which it helps: what happened, what to do, what else works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What happened.
    pub happened: String,
    /// What to do now.
    pub action: &'static str,
    /// What else works: another way in, or whom to ask.
    pub fallback: &'static str,
}

/// What happened, what to do, what else works.
type Row = (&'static str, &'static str, &'static str);

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The language of a tag such as `es-MX` or `en`; English for one that is not here.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }

    fn words(self, error: Error) -> Row {
        match self {
            Self::English => english::words(error),
            Self::Spanish => spanish::words(error),
        }
    }

    fn ahead_or_behind(self, minutes: i32) -> &'static str {
        match (self, minutes < 0) {
            (Self::English, false) => "ahead",
            (Self::English, true) => "behind",
            (Self::Spanish, false) => "adelantado",
            (Self::Spanish, true) => "atrasado",
        }
    }
}

impl Error {
    /// The words for this error.
    #[must_use]
    pub fn text(self, language: Language) -> Advice {
        let (happened, action, fallback) = language.words(self);
        let happened = match self {
            Self::TooManyTries { wait_seconds } => {
                happened.replace("{n}", &wait_seconds.to_string())
            }
            Self::PhoneClockWrong { minutes } => happened
                .replace("{n}", &minutes.unsigned_abs().to_string())
                .replace("{direction}", language.ahead_or_behind(minutes)),
            Self::PartialFailure { failed, total } => happened
                .replace("{n}", &failed.to_string())
                .replace("{total}", &total.to_string()),
            _ => happened.to_owned(),
        };
        Advice {
            happened,
            action,
            fallback,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;
    use crate::Error;

    #[test]
    fn a_tag_names_its_language_and_anything_else_is_english() {
        assert_eq!(Language::of_tag("es"), Language::Spanish);
        assert_eq!(Language::of_tag("es_MX.UTF-8"), Language::Spanish);
        assert_eq!(Language::of_tag("de-DE"), Language::English);
        assert_eq!(Language::of_tag(""), Language::English);
    }

    #[test]
    fn every_error_has_its_own_words_in_every_language() {
        for language in Language::ALL {
            let mut said = std::collections::BTreeSet::new();
            for error in Error::samples() {
                let advice = error.text(language);
                assert!(!advice.action.is_empty() && !advice.fallback.is_empty());
                assert!(!advice.happened.contains('{'), "{}", advice.happened);
                assert!(
                    said.insert(advice.happened.clone()),
                    "twice: {}",
                    advice.happened
                );
            }
        }
    }

    #[test]
    fn a_clock_is_named_in_minutes_and_direction() {
        let behind = Error::PhoneClockWrong { minutes: -7 };
        assert_eq!(
            behind.text(Language::English).happened,
            "This phone's clock is 7 min behind."
        );
        assert_eq!(
            behind.text(Language::Spanish).happened,
            "El reloj de este tel\u{e9}fono va 7 min atrasado."
        );
    }
}
