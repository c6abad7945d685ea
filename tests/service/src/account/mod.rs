//! What people do to their own account: prove that it is theirs, get a code by e-mail, change or reset the password.
//!
//! Whoever has no account is answered like who has one, after as much work, and as often.
pub(crate) mod credentials;
mod letters;
pub(crate) mod one_time_code;
pub(crate) mod password;
pub(crate) mod password_reset;
mod password_rules;

pub use password_rules::{BrokenRules, PasswordRule};

use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accounts;
use crate::store::mails_asked;
use crate::store::tries::Turn;
use rusqlite::Connection;

/// An address as accounts are found by it. Whether mail reaches it is found out by sending some.
fn email_address(text: &str) -> Result<String, Problem> {
    let email = accounts::normal_email(text);
    let is_one = email.len() <= limits::EMAIL
        && email.contains('@')
        && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    is_one
        .then_some(email)
        .ok_or(Problem::BadRequest("email must be an e-mail address"))
}

/// Counts one mail of a kind for an address; too many in its window have to wait.
fn ask_for_mail(
    service: &Service,
    on: &Connection,
    (kind, window): (&[u8], i64),
    email: &str,
) -> Result<(), Problem> {
    let mac = service
        .keys()
        .mac(Purpose::MailsAsked, &[kind, email.as_bytes()]);
    match mails_asked::ask(on, &mac, window, service.now())? {
        Turn::Granted => Ok(()),
        Turn::Wait(retry_after) => Err(Problem::TooManyTries { retry_after }),
    }
}
