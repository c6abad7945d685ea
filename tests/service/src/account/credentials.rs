//! Whose account it is: by e-mail and password, or by e-mail and the code that was sent there.
//!
//! Both are counted by the same tries, so that neither is a way round the other's limit. Whether an account is active is told only to who
//! proved that it is theirs.
use super::one_time_code;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accounts::{self, Account};
use crate::store::one_time_codes;
use crate::store::tries::{self, Turn};
use rusqlite::Connection;

/// The active account that e-mail and password belong to.
pub(crate) fn by_password(
    service: &Service,
    username: &str,
    password: &str,
) -> Result<Account, Problem> {
    check_password(service, username, password).and_then(active)
}

/// The account that e-mail and password belong to, active or not.
///
/// The try is spent before the password is compared, and outside the database's lock the comparison costs the same whether or not there
/// is such an account.
pub(super) fn check_password(
    service: &Service,
    username: &str,
    password: &str,
) -> Result<Account, Problem> {
    if username.len() > limits::EMAIL || password.chars().count() > limits::LONGEST_PASSWORD {
        return Err(Problem::WrongCredentials);
    }
    let email = accounts::normal_email(username);
    let email_mac = tries_mac(service, &email);
    let now = service.now();
    let (turn, account) = service.store().write(|on| {
        Ok((
            tries::spend(on, &email_mac, now)?,
            accounts::by_email(on, &email)?,
        ))
    })?;
    if let Turn::Wait(retry_after) = turn {
        return Err(Problem::TooManyTries { retry_after });
    }
    let hash = account
        .as_ref()
        .and_then(|known| known.password_hash.as_deref());
    let right = service.passwords().verify(password.as_bytes(), hash)?;
    let account = account.filter(|_| right).ok_or(Problem::WrongCredentials)?;
    service
        .store()
        .write(|on| Ok(tries::forget(on, &email_mac)?))?;
    Ok(account)
}

/// The active account that e-mail and one-time code belong to. The code is used up.
pub(crate) fn by_code(service: &Service, username: &str, code: &str) -> Result<Account, Problem> {
    if username.len() > limits::EMAIL {
        return Err(Problem::WrongCredentials);
    }
    let email = accounts::normal_email(username);
    let email_mac = tries_mac(service, &email);
    let (address, told) = one_time_code::macs(service, &email, code);
    let now = service.now();
    // A refusal leaves its count behind: it is an `Ok` of the transaction.
    service.store().write(|on| {
        if let Turn::Wait(retry_after) = tries::spend(on, &email_mac, now)? {
            return Ok(Err(Problem::TooManyTries { retry_after }));
        }
        let account = accounts::by_email(on, &email)?;
        let right = one_time_codes::try_one(on, &address, &told, now)?;
        let Some(account) = account.filter(|_| right) else {
            return Ok(Err(Problem::WrongCredentials));
        };
        tries::forget(on, &email_mac)?;
        Ok(active(account))
    })?
}

/// Whether what was proven a moment ago still counts: a password that changed meanwhile lets nobody in.
pub(crate) fn still_hold(on: &Connection, account: &Account) -> Result<(), Problem> {
    accounts::by_id(on, account.id)?
        .filter(|now| now.active && now.password_hash == account.password_hash)
        .map(drop)
        .ok_or(Problem::WrongCredentials)
}

fn active(account: Account) -> Result<Account, Problem> {
    if account.active {
        Ok(account)
    } else {
        Err(Problem::AccountNotActive)
    }
}

pub(super) fn tries_mac(service: &Service, email: &str) -> [u8; 32] {
    service
        .keys()
        .mac(Purpose::SignInTries, &[email.as_bytes()])
}
