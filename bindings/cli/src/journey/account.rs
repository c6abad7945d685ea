//! Who is signed in.

use crate::failure::Failure;
use crate::language::language;
use crate::output::Output;
use keyway_app::account::WhosePhone;
use keyway_app::secret::SecretString;
use keyway_app::{App, Error};
use serde_json::json;

/// Signs in on an own phone.
pub(crate) async fn sign_in(
    app: &App,
    output: &Output,
    email: String,
    password: SecretString,
) -> Result<(), Failure> {
    let status = app.sign_in(email, password, WhosePhone::Own).await?;
    output.event(&json!({
        "event": "signed_in",
        "borrowed": false,
        "endsAt": null,
        "clockErrorMinutes": status.clock_error_minutes,
    }));
    clock(output, status.clock_error_minutes);
    let name = status.resident.map(|resident| resident.name);
    output.line(&format!("Signed in: {}.", name.unwrap_or_default()));
    Ok(())
}

/// A wrong clock is named, also where it does no harm.
pub(crate) fn clock(output: &Output, error_minutes: Option<i32>) {
    if let Some(minutes) = error_minutes {
        output.line(&Error::PhoneClockWrong { minutes }.text(language()).happened);
    }
}
