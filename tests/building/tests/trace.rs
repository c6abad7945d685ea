//! A whole journey with logs at the level that says most holds no secret.

mod support;

use serde_json::Value;
use support::{read, run};

/// Stands in the log of every phone that logs: without it, a log that was never written would pass.
const CONTROL: &str = "a control that the log must hold";

/// The forms in which a secret could stand in a log line.
fn forms(secret: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(secret).into_owned();
    let listed: Vec<String> = secret.iter().map(u8::to_string).collect();
    vec![
        hex::encode(secret),
        hex::encode_upper(secret),
        format!("{secret:?}"),
        listed.join(", "),
        text.escape_debug().to_string(),
        text,
    ]
}

#[test]
fn a_journey_logged_at_trace_level_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().to_str().unwrap();
    let (code, _) = run(&["demo", "--json", "--keep", kept, "--log"]);
    assert_eq!(code, Some(0));
    let log = std::fs::read_to_string(folder.path().join("phone.log")).unwrap();

    assert!(log.contains(CONTROL));
    // The log is worth reading: it names calls of the service, phases, frames, stored things and the sign-out, place by place.
    for said in [
        "POST /oauth/token",
        "Authenticating",
        "direction=\"up\"",
        "deed=\"write\"",
        "place=\"refresh tokens at the service\"",
    ] {
        assert!(log.contains(said), "the log does not say {said}");
    }

    let request = read(&folder.path().join("scan-signed-out.request.json"));
    let canaries = request["canaries"].as_array().unwrap();
    let name = |canary: &Value| canary["name"].as_str().unwrap().to_owned();
    let names: Vec<String> = canaries.iter().map(name).collect();
    for planted in ["password", "access token", "refresh token", "logout ticket"] {
        assert!(names.iter().any(|name| name == planted), "{names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("doorcode")));
    for canary in canaries {
        let secret = hex::decode(canary["hex"].as_str().unwrap()).unwrap();
        for form in forms(&secret) {
            assert!(!log.contains(&form), "{} stands in the log", name(canary));
        }
    }
}
