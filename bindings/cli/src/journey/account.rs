//! Who is signed in, where else, and with what.

use crate::args::{ChangePassword, Mailbox, SessionArgument, SignIn, Ways};
use crate::failure::Failure;
use crate::input::{self, Proof};
use crate::language::language;
use crate::output::Output;
use crate::{choose, view};
use keyway_app::account::{Phase, SignOutReport, Status, WhosePhone};
use keyway_app::{App, Error};
use serde_json::{Value, json};

/// Lists the ways to get on when nobody is signed in.
pub(crate) fn ways(app: &App, output: &Output, asked: &Ways) {
    let phone = if asked.borrowed {
        WhosePhone::Borrowed
    } else {
        WhosePhone::Own
    };
    view::ways(output, &app.ways_to_sign_in(phone), asked.borrowed);
}

/// Has a one-time code sent.
pub(crate) async fn send_code(app: &App, output: &Output, mailbox: Mailbox) -> Result<(), Failure> {
    app.send_one_time_code(mailbox.email).await?;
    output.event(&json!({ "event": "code_sent" }));
    clock(output, app.status().clock_error_minutes);
    output.line(
        "If there is such an account, a code is on its way. It is valid for 10 minutes and once: sign-in --code.",
    );
    Ok(())
}

/// Has a link for a new password sent.
pub(crate) async fn reset_password(
    app: &App,
    output: &Output,
    mailbox: Mailbox,
) -> Result<(), Failure> {
    app.send_password_reset(mailbox.email).await?;
    output.event(&json!({ "event": "reset_sent" }));
    clock(output, app.status().clock_error_minutes);
    output.line(
        "If there is such an account, a link is on its way. Using it ends every session, on every phone.",
    );
    Ok(())
}

/// Signs in on an own phone.
pub(crate) async fn sign_in(app: &App, output: &Output, asked: SignIn) -> Result<(), Failure> {
    // Nobody is asked for a password in vain.
    match app.status().phase {
        Phase::SignedIn(_) => return Err(Error::AlreadySignedIn.into()),
        Phase::Hidden => return Err(Error::Hidden.into()),
        _ => {}
    }
    let (email, proof) = input::credentials(asked)?;
    let status = enter(app, email, proof, WhosePhone::Own).await?;
    output.event(&json!({
        "event": "signed_in",
        "borrowed": false,
        "endsAt": null,
        "clockErrorMinutes": status.clock_error_minutes,
    }));
    clock(output, status.clock_error_minutes);
    output.line(&format!("Signed in: {}.", name(status)));
    Ok(())
}

/// Signs in with what was shown.
pub(crate) async fn enter(
    app: &App,
    email: String,
    proof: Proof,
    phone: WhosePhone,
) -> Result<Status, Error> {
    match proof {
        Proof::Password(password) => app.sign_in(email, password, phone).await,
        Proof::OneTimeCode(code) => app.sign_in_with_code(email, code, phone).await,
    }
}

/// A wrong clock is named, also where it does no harm.
pub(crate) fn clock(output: &Output, error_minutes: Option<i32>) {
    if let Some(minutes) = error_minutes {
        output.line(&Error::PhoneClockWrong { minutes }.text(language()).happened);
    }
}

/// Changes the password.
pub(crate) async fn change_password(
    app: &App,
    output: &Output,
    asked: &ChangePassword,
) -> Result<(), Failure> {
    match app.status().phase {
        Phase::SignedIn(_) => {}
        Phase::Hidden => return Err(Error::Hidden.into()),
        _ => return Err(Error::NotSignedIn.into()),
    }
    let (current, new) = input::new_password(asked.password_stdin)?;
    app.change_password(current, new).await?;
    output.event(&json!({ "event": "password_changed" }));
    output.line("The password is changed, and every other session has ended.");
    Ok(())
}

/// Lists the account's sessions.
pub(super) async fn sessions(app: &App, output: &Output) -> Result<(), Failure> {
    view::sessions(output, &app.sessions().await?);
    Ok(())
}

/// Ends one of them. This phone's own ends with a report.
pub(super) async fn end_session(
    app: &App,
    output: &Output,
    asked: &SessionArgument,
) -> Result<Option<SignOutReport>, Failure> {
    let sessions = app.sessions().await?;
    let session = choose::session(&sessions, &asked.said)?;
    if session.current {
        return Ok(Some(app.sign_out().await?));
    }
    app.end_session(session.id).await?;
    output.event(&json!({ "event": "session_ended", "id": session.id.to_string() }));
    output.line("The session has ended; its phone is wiped at its next contact with the service.");
    Ok(None)
}

/// Ends all of them, this one last.
pub(super) async fn end_sessions(app: &App, output: &Output) -> Result<SignOutReport, Failure> {
    let report = app.end_all_sessions().await?;
    output.event(&json!({ "event": "sessions_ended" }));
    output.line("Every session of your account has ended.");
    Ok(report)
}

/// Hides everything.
pub(super) async fn hide(app: &App, output: &Output) -> Result<(), Failure> {
    app.hide().await?;
    output.event(&json!({ "event": "hidden" }));
    output.line("Hidden. `show` shows it to the phone's owner.");
    Ok(())
}

/// Shows what is hidden.
pub(crate) async fn show(app: &App, output: &Output) -> Result<(), Failure> {
    let mut status = app.status();
    // Where nothing is hidden, nobody is asked who they are.
    if !matches!(status.phase, Phase::SignedIn(_)) {
        status = app.show().await?;
    }
    output.event(&json!({ "event": "shown" }));
    output.line(&format!("Shown: {}.", name(status)));
    Ok(())
}

/// Prints the report for support.
pub(super) async fn diagnostics(app: &App, output: &Output) -> Result<(), Failure> {
    let text = app.diagnostics().await?;
    // The core's own words, should they ever not be JSON.
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| text.clone().into());
    output.event(&json!({ "event": "diagnostics", "report": report }));
    output.line(&format!("{report:#}"));
    Ok(())
}

fn name(status: Status) -> String {
    status
        .resident
        .map(|resident| resident.name)
        .unwrap_or_default()
}
