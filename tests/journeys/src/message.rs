//! What a person finds in a message.

/// The link in it, else the code: a word of six to twelve digits.
#[must_use]
pub fn found_in(message: &str) -> Option<String> {
    let words = || message.split(|c: char| c.is_whitespace() || ",;()".contains(c));
    let link = words().find(|word| word.starts_with("https://"));
    let code = || {
        words()
            .map(|word| word.trim_end_matches('.'))
            .find(|word| matches!(word.len(), 6..=12) && word.bytes().all(|c| c.is_ascii_digit()))
    };
    link.or_else(code).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::found_in;

    #[test]
    fn a_link_is_found_before_a_number_and_a_code_among_words() {
        let found = |text| found_in(text).unwrap_or_default();
        assert_eq!(
            found("Within 30 minutes: https://maple.example/reset?token=a1\n or 123456."),
            "https://maple.example/reset?token=a1"
        );
        assert_eq!(found("Type 01234567, until 2026-11-26."), "01234567");
        assert_eq!(found("Until 2026-11-26 at 12:30"), "");
    }
}
