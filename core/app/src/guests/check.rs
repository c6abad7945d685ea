//! What can be seen to be wrong before anybody is asked.

use crate::error::Error;
use crate::service::Recipient;

/// The longest e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// An e-mail address has one `@` with something on both sides; a telephone number is `+`, its country and its digits (E.164), written with the
/// usual spaces, dashes, dots and parentheses.
pub(super) fn recipient(recipient: &Recipient) -> Result<(), Error> {
    let usable = match recipient {
        Recipient::Email(email) => is_email(email.trim()),
        Recipient::Phone(phone) => is_phone(phone.trim()),
    };
    usable.then_some(()).ok_or(Error::RecipientInvalid)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let clean =
        text.len() <= LONGEST_EMAIL && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    clean && !local.is_empty() && !domain.contains('@') && domain.contains('.')
}

fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else {
        return false;
    };
    let written = rest
        .chars()
        .all(|c| c.is_ascii_digit() || " -.()".contains(c));
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    written && (7..=15).contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::recipient;
    use crate::service::Recipient;

    #[test]
    fn addresses_and_numbers_are_told_from_anything_else() {
        let email = |text: &str| recipient(&Recipient::Email(text.to_owned())).is_ok();
        let phone = |text: &str| recipient(&Recipient::Phone(text.to_owned())).is_ok();
        assert!(email(" friend@example.org ") && !email("friend") && !email("@example.org"));
        assert!(!email("a@b@example.org") && !email("a b@example.org") && !email("a@localhost"));
        assert!(phone("+1 (555) 010-0199") && phone("+4915112345678"));
        assert!(!phone("555 0100") && !phone("+12") && !phone("+1 555 CALL") && !phone(""));
    }
}
