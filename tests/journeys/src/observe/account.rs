//! What calls about the account gave.

use super::word;
use keyway_app::account::{PasswordRules, Phase, Status, WhosePhone};
use keyway_app::service::SessionFacts;
use keyway_app::{Availability, LockoutOptions, SignInOption};
use serde_json::{Value, json};

pub(crate) fn status(status: &Status) -> Value {
    let (phase, borrowed) = match status.phase {
        Phase::SignedIn(whose) => ("signed_in".to_owned(), Some(whose == WhosePhone::Borrowed)),
        phase => (word(&phase), None),
    };
    json!({
        "phase": phase,
        "borrowed": borrowed,
        "named": status.resident.is_some(),
        "clock_error_minutes": status.clock_error_minutes,
    })
}

pub(crate) fn sessions(sessions: &[SessionFacts]) -> Value {
    let borrowed = sessions.iter().filter(|session| session.borrowed).count();
    let current = sessions.iter().filter(|session| session.current).count();
    json!({ "count": sessions.len(), "borrowed": borrowed, "current": current })
}

pub(crate) fn rules(rules: PasswordRules) -> Value {
    json!({
        "length": rules.length,
        "upper_case": rules.upper_case,
        "digit": rules.digit,
        "symbol": rules.symbol,
    })
}

pub(crate) fn ways(options: &[SignInOption]) -> Value {
    let ways = options.iter().map(|option| {
        let (available, why) = availability(option.availability);
        json!({ "way": word(&option.way), "available": available, "why": why })
    });
    let first = options.first().map(|option| word(&option.way));
    json!({ "first": first, "ways": ways.collect::<Vec<_>>() })
}

pub(crate) fn options(options: &LockoutOptions) -> Value {
    let ways = options.options.iter().map(|option| {
        let (available, why) = availability(option.availability);
        json!({ "way": word(&option.way), "available": available, "why": why })
    });
    json!({
        "first": options.options.first().map(|option| word(&option.way)),
        "ways": ways.collect::<Vec<_>>(),
        "sharers": options.sharers.len(),
        "property_reachable": options.property.phone.is_some() || options.property.email.is_some(),
    })
}

fn availability(availability: Availability) -> (bool, Option<String>) {
    match availability {
        Availability::Yes => (true, None),
        Availability::No { why } => (false, Some(word(&why))),
    }
}

/// The report's own words are for people; a scenario looks at what is in it, and that no name, address or id is.
pub(crate) fn diagnostics(report: &str) -> Value {
    let parsed: Value = serde_json::from_str(report).unwrap_or_default();
    let names = ["Elm Court", "Home 4B", "Rosa", "Ortiz", "@"];
    json!({
        "account": parsed["account"],
        "doors": parsed["doors"].as_array().map_or(0, Vec::len),
        "recent": parsed["recent"].as_array().map_or(0, Vec::len),
        "names_somebody": names.iter().any(|name| report.contains(name)),
    })
}
