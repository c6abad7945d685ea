//! What the property's support may see of a phone: states, counts and ages. No name, no address, no id, no code, no key.

use crate::account::{Phase, WhosePhone};
use crate::context::Context;
use crate::courier;
use crate::doors::{CanUnlock, doors};
use crate::error::Fault;
use serde_json::{Value, json};

/// See [`crate::App::diagnostics`].
pub(crate) async fn diagnostics(context: &Context) -> Result<String, Fault> {
    let status = context.account().status();
    let radio = context.ports().radio.state();
    let mut report = json!({
        "app": env!("CARGO_PKG_VERSION"),
        "protocol": keyway_protocol::wire::gatt::VERSION,
        "account": phase(status.phase),
        "clockErrorMinutes": status.clock_error_minutes,
        "network": context.has_network(),
        "bluetooth": {
            "power": format!("{:?}", radio.power),
            "permission": format!("{:?}", radio.permission),
            "location": format!("{:?}", radio.location),
        },
    });
    if let Ok(session) = context.session() {
        report["doors"] = about_doors(context).await;
        report["waitingForService"] = json!(courier::waiting(context, &session).await.ok());
        report["recent"] = json!(session.memory().history());
    }
    Ok(report.to_string())
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Starting => "starting",
        Phase::SignedOut => "signed out",
        Phase::SigningIn => "signing in",
        Phase::SignedIn(WhosePhone::Own) => "signed in",
        Phase::SignedIn(WhosePhone::Borrowed) => "signed in on a borrowed phone",
        Phase::Hidden => "hidden",
        Phase::SigningOut => "signing out",
        Phase::WipePending => "a sign-out left something open",
    }
}

/// Doors by their place in the list: the property knows which they are, a reader of the report does not.
async fn about_doors(context: &Context) -> Value {
    let Ok(list) = doors(context).await else {
        return Value::Null;
    };
    let hours = |at: i64| (list.as_of - at) / 3_600_000;
    let about = list.doors.iter().map(|view| {
        let (can_unlock, why) = match view.can_unlock {
            CanUnlock::Yes { .. } => ("yes", None),
            CanUnlock::WithNetwork => ("with network", None),
            CanUnlock::No { why } => ("no", Some(format!("{why:?}"))),
        };
        json!({
            "kind": format!("{:?}", view.door.kind),
            "lock": view.door.lock_model,
            "connected": view.door.is_connected,
            "canUnlock": can_unlock,
            "why": why,
            "pendingChanges": view.door.pending_changes,
            "syncedHoursAgo": view.door.last_sync.as_ref().map(|sync| hours(sync.at)),
            "batteryPercent": view.door.battery.map(|battery| battery.percentage),
            "batteryHoursAgo": view.door.battery.map(|battery| hours(battery.last_updated)),
        })
    });
    about.collect()
}
