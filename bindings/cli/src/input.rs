//! What the shell is told: lines, and secrets.

use crate::args::SignIn;
use crate::failure::Failure;
use crate::view;
use keyway_app::account::PasswordRules;
use keyway_app::secret::SecretString;
use std::io::{self, IsTerminal as _, Write as _};
use zeroize::Zeroizing;

/// Longer lines are cut: no e-mail, command or password is.
const LINE_LIMIT: usize = 4096;

/// The next line of standard input without its ending; `None` at the end.
///
/// Read byte by byte: the standard library's buffer would keep a password until the process ends.
///
/// # Errors
/// Standard input cannot be read.
pub(crate) fn read_line() -> io::Result<Option<Zeroizing<String>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LINE_LIMIT));
    let mut byte = Zeroizing::new([0_u8; 1]);
    loop {
        match rustix::io::read(rustix::stdio::stdin(), byte.as_mut_slice()) {
            Ok(0) if line.is_empty() => return Ok(None),
            Ok(0) => break,
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) if line.len() < LINE_LIMIT => line.push(byte[0]),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    let text = core::str::from_utf8(&line).map_err(io::Error::other)?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// How somebody shows who they are.
pub(crate) enum Proof {
    /// The password.
    Password(SecretString),
    /// The code that arrived in the account's mailbox.
    OneTimeCode(SecretString),
}

/// E-mail and proof, from the command line and standard input or asked for at the terminal.
///
/// # Errors
/// Nobody can be asked.
pub(crate) fn credentials(asked: SignIn) -> Result<(String, Proof), Failure> {
    let email = match asked.email {
        Some(email) => email,
        None => ask("E-mail: ")?,
    };
    let prompt = if asked.code {
        "One-time code: "
    } else {
        "Password: "
    };
    let secret = if asked.password_stdin {
        secret_line()?
    } else {
        ask_hidden(prompt)?
    };
    let proof = if asked.code {
        Proof::OneTimeCode(secret)
    } else {
        Proof::Password(secret)
    };
    Ok((email, proof))
}

/// The current password and the new one, from standard input or asked for at the terminal, the new one until it follows the rules and is typed
/// twice alike.
///
/// # Errors
/// Nobody can be asked.
pub(crate) fn new_password(password_stdin: bool) -> Result<(SecretString, SecretString), Failure> {
    if password_stdin {
        return Ok((secret_line()?, secret_line()?));
    }
    // Beside the prompts, whatever reads the answers.
    ask_new_password(ask_hidden, |text| {
        let _ = writeln!(io::stderr(), "{text}");
    })
}

fn ask_new_password(
    mut ask: impl FnMut(&str) -> Result<SecretString, Failure>,
    tell: impl Fn(&str),
) -> Result<(SecretString, SecretString), Failure> {
    let current = ask("Current password: ")?;
    loop {
        let new = ask("New password: ")?;
        let lacks = PasswordRules::lacked_by(&new);
        if !lacks.is_empty() {
            tell(&view::lacking(lacks));
            continue;
        }
        let again = ask("New password again: ")?;
        // EXPOSE: compared with each other, and not copied.
        if new.expose() == again.expose() {
            return Ok((current, new));
        }
        tell("The two are not alike; type both again.");
    }
}

/// From standard input.
fn secret_line() -> Result<SecretString, Failure> {
    let mut line = read_line().ok().flatten().ok_or(Failure::NobodyToAsk)?;
    Ok(SecretString::new(core::mem::take(&mut *line)))
}

/// From the terminal itself, without echo, wherever standard input comes from.
fn ask_hidden(prompt: &str) -> Result<SecretString, Failure> {
    let typed = rpassword::prompt_password(prompt).map_err(|_| Failure::NobodyToAsk)?;
    Ok(SecretString::new(typed))
}

fn ask(prompt: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::NobodyToAsk);
    }
    let mut terminal = io::stderr().lock();
    let _ = write!(terminal, "{prompt}").and_then(|()| terminal.flush());
    let mut line = read_line().ok().flatten().ok_or(Failure::NobodyToAsk)?;
    Ok(core::mem::take(&mut *line))
}

#[cfg(test)]
mod tests {
    use super::ask_new_password;
    use crate::failure::Failure;
    use keyway_app::secret::SecretString;
    use std::cell::RefCell;

    /// Types `answers` one after the other: what came of it, and what was told on the way.
    fn typed(answers: &[&str]) -> (Result<String, Failure>, Vec<String>) {
        let told = RefCell::new(Vec::new());
        let mut answers = answers.iter();
        let ask = |_: &str| {
            let answer = answers.next().ok_or(Failure::NobodyToAsk)?;
            Ok(SecretString::new((*answer).to_owned()))
        };
        let changed = ask_new_password(ask, |text| told.borrow_mut().push(text.to_owned()));
        // EXPOSE: the test compares what was typed.
        let new = changed.map(|(_, new)| new.expose().to_owned());
        (new, told.into_inner())
    }

    #[test]
    fn a_new_password_is_asked_for_until_it_follows_the_rules_and_is_typed_alike() {
        let good = "Correct-Horse-8";
        assert_eq!(typed(&["old", good, good]), (Ok(good.to_owned()), vec![]));
        let answers = [
            "old",
            "short",
            "Correct-Horse",
            good,
            "Correct-Horse-9",
            good,
            good,
        ];
        let (new, told) = typed(&answers);
        assert_eq!(new, Ok(good.to_owned()));
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].contains("12 to 1024") && told[0].contains("symbol"),
            "{told:?}"
        );
        assert!(
            told[1].contains("digit") && !told[1].contains("symbol"),
            "{told:?}"
        );
        assert!(told[2].contains("not alike"), "{told:?}");
    }

    #[test]
    fn nobody_there_ends_it() {
        assert_eq!(typed(&["old", "short"]).0, Err(Failure::NobodyToAsk));
    }
}
