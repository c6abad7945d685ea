//! OAuth for first-party apps: the authorization challenge endpoint with PKCE, DPoP-bound tokens, rotation and revocation.
//!
//! Answers follow RFC 6749 (`error`, `error_description`) with the same `code` a problem body has.
pub(crate) mod challenge;
pub(crate) mod dpop;
mod refresh_token;
pub(crate) mod revoke;
pub(crate) mod token;

use crate::problem::Problem;

/// The one client of this service: the residents' app, which keeps no secret.
pub(crate) const CLIENT_ID: &str = "keyway-app";

/// Refuses every client but the app.
pub(crate) fn known_client(client_id: &str) -> Result<(), Problem> {
    if client_id == CLIENT_ID {
        Ok(())
    } else {
        Err(Problem::UnknownClient)
    }
}
