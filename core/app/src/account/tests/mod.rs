//! The account's behaviours, on a phone and a service in memory.

mod borrowed;
mod hide;
mod killed;
mod refresh;
mod shell_places;
mod sign_in;
mod sign_out;
mod transitions;

use crate::account::{PlaceResult, SignOutReport};
use crate::secret::SecretString;
use crate::testing::{EMAIL, PASSWORD, Phone};
use crate::{App, Config, Error, account::Place, account::WhosePhone};

/// An app on `phone`, started.
fn started(phone: &Phone) -> App {
    let app = App::new(phone.ports.clone(), Config::default());
    let found = phone.run(app.start()).unwrap().unwrap();
    assert_eq!(found.finished_wipe, None);
    app
}

fn password() -> SecretString {
    SecretString::new(PASSWORD.to_owned())
}

fn sign_in(phone: &Phone, app: &App, whose: WhosePhone) -> Result<(), Error> {
    let signing_in = app.sign_in(format!("  {}\n", EMAIL.to_uppercase()), password(), whose);
    phone.run(signing_in).unwrap().map(drop)
}

/// An app on `phone`, signed in.
fn signed_in(phone: &Phone, whose: WhosePhone) -> App {
    let app = started(phone);
    sign_in(phone, &app, whose).unwrap();
    app
}

fn sign_out(phone: &Phone, app: &App) -> SignOutReport {
    phone.run(app.sign_out()).unwrap().unwrap()
}

/// A call to the service in the session's name.
fn call(phone: &Phone, app: &App) -> Result<(), Error> {
    let context = app.context().clone();
    let calling = app.context().run(async move {
        let session = context.session()?;
        session.send(crate::service::Call::get("/v1/time")).await?;
        Ok(())
    });
    phone.run(calling).unwrap()
}

fn result(report: &SignOutReport, place: Place) -> PlaceResult {
    report.places[usize::from(place.number()) - 1]
        .result
        .clone()
}
