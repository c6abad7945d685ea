//! A line at the prompt as words.

/// Splits at white space. A quote, single or double, at the beginning of a word or after `=` holds everything up to its twin together; elsewhere
/// it is a letter, since a door may be called O'Brien's. `None`: a quote has no end.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        let may_open = word.as_ref().is_none_or(|word| word.ends_with('='));
        match quote {
            Some(open) if letter == open => quote = None,
            None if may_open && matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                // Nothing between quotes is a word too.
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            Some(_) | None => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_hold_a_word_together() {
        let split = |line: &str| words(line).expect("quotes that end").join("|");
        assert_eq!(split("  unlock Front \t Door "), "unlock|Front|Door");
        assert_eq!(split("revoke \"Bo Lee\" Front"), "revoke|Bo Lee|Front");
        assert_eq!(
            split("--until='2026-12-01 18:00'"),
            "--until=2026-12-01 18:00"
        );
        assert_eq!(split("say \"it's\" ''"), "say|it's|");
        assert_eq!(split("unlock O'Brien's"), "unlock|O'Brien's");
        assert_eq!(split(""), "");
    }

    #[test]
    fn a_quote_without_an_end_is_no_line() {
        assert_eq!(words("revoke \"Bo Lee Front"), None);
    }
}
