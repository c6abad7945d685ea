//! What the shell is told: lines, and a password.

use crate::failure::Failure;
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

/// E-mail and password, from the command line and standard input or asked for at the terminal.
///
/// # Errors
/// Nobody can be asked.
pub(crate) fn credentials(
    email: Option<String>,
    password_stdin: bool,
) -> Result<(String, SecretString), Failure> {
    let email = match email {
        Some(email) => email,
        None => ask("E-mail: ")?,
    };
    let password = if password_stdin {
        let mut line = read_line().ok().flatten().ok_or(Failure::NobodyToAsk)?;
        core::mem::take(&mut *line)
    } else {
        // From the terminal itself, without echo, wherever standard input comes from.
        rpassword::prompt_password("Password: ").map_err(|_| Failure::NobodyToAsk)?
    };
    Ok((email, SecretString::new(password)))
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
