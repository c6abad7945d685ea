//! Threat R20: a stolen copy of the database opens nothing, ends nothing and shows no code.
use crate::browser::Browser;
use crate::support::{PASSWORD, Property, SECOND_RESIDENT, Tokens, from_base64url, post_json};
use keyway_service::{OutgoingMessage, Recipient};
use serde_json::json;
use std::path::Path;

const RESIDENT: &str = "rosa@example.org";

/// Everything in the folder but the key file: database, write-ahead log and whatever else lies beside them.
pub(crate) fn bytes_at_rest(folder: &Path) -> Vec<u8> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "keys")
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect()
}

pub(crate) fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window.eq_ignore_ascii_case(needle))
}

/// What a signed-in resident knows and the rows must not.
fn secrets(property: &Property, tokens: &Tokens) -> Vec<Vec<u8>> {
    let ticket = tokens.ticket.clone().unwrap();
    let mut secrets = vec![PASSWORD.as_bytes().to_vec()];
    for text in [&tokens.access, &tokens.refresh, &ticket] {
        secrets.push(text.as_bytes().to_vec());
    }
    for text in [&tokens.access, &ticket] {
        secrets.push(from_base64url(text));
    }
    let codes = property.phone().get(tokens, "/v1/doorcodes").expect(200);
    for code in codes.json()["doorcodes"].as_array().unwrap() {
        secrets.push(code["code"].as_str().unwrap().as_bytes().to_vec());
    }
    // Read after the rows were: until then the mail waits among them.
    secrets.push(property.code_mailed_to(RESIDENT).into_bytes());
    let link = property.reset_token_mailed_to(SECOND_RESIDENT);
    secrets.push(from_base64url(&link));
    secrets.push(link.into_bytes());
    secrets
}

#[test]
fn r20_the_rows_hold_no_password_token_ticket_or_code_and_no_mail_with_one() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    phone.register(&tokens).expect(204);
    let ask = json!({
        "client_id": "keyway-app", "connection": "email", "email": RESIDENT, "send": "code",
    });
    property
        .call(post_json("/passwordless/start", &ask))
        .expect(200);
    let ask = json!({ "email": SECOND_RESIDENT });
    property
        .call(post_json("/v1/password/reset", &ask))
        .expect(202);
    let mut browser = Browser::new(&property);
    let sign_in = [("email", RESIDENT), ("password", PASSWORD)];
    browser.submit("/account/sign-in", &sign_in).expect(303);
    let door = seeded.doors[0].uuid;
    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    phone
        .post(&tokens, &format!("/v1/doors/{door}/doorcodes"), &body)
        .expect(200);

    let bytes = bytes_at_rest(property.folder.path());
    // The control: the scan does find what is there.
    assert!(holds(&bytes, RESIDENT.as_bytes()));
    assert!(holds(&bytes, seeded.doors[0].name.as_bytes()));
    let mut secrets = secrets(&property, &tokens);
    let cookie = browser.cookie.unwrap();
    let (_, cookie) = cookie.split_once('=').unwrap();
    secrets.extend([cookie.as_bytes().to_vec(), from_base64url(cookie)]);
    assert!(secrets.len() > 8, "passwords, tokens, a ticket and codes");
    for (index, secret) in secrets.iter().enumerate() {
        assert!(!holds(&bytes, secret), "secret {index} is in the rows");
    }

    let provision = property.service.provision(door).unwrap();
    let provision = keyway_protocol::provision::Provision::decode(&provision).unwrap();
    let lock = provision.secrets();
    for secret in [lock.identity, lock.origin, lock.pepper, lock.day] {
        // EXPOSE: to look for it where it must not be.
        assert!(!holds(&bytes, secret.expose()), "a lock's secret");
    }
}

#[test]
fn r20_a_waiting_message_is_sealed_and_a_sent_one_leaves_no_row() {
    let property = Property::open();
    let message = OutgoingMessage {
        to: Recipient::Email("canary-recipient@example.org".into()),
        subject: "canary-subject".into(),
        text: "canary-text".into(),
    };
    property.service.queue_message(&message).unwrap();
    let rows = || {
        let database = property.folder.path().join("service.db");
        let database = rusqlite::Connection::open(database).unwrap();
        let count = |row: &rusqlite::Row<'_>| row.get::<_, u32>(0);
        database
            .query_row("SELECT count(*) FROM outbox", [], count)
            .unwrap()
    };
    assert_eq!(rows(), 1);
    let bytes = bytes_at_rest(property.folder.path());
    // The control: the scan does find what is there.
    assert!(holds(&bytes, b"CREATE TABLE outbox"));
    assert!(!holds(&bytes, b"canary"));
    property.service.deliver_messages();
    assert_eq!(rows(), 0);
}

#[test]
fn r20_rows_under_another_key_file_open_and_end_nothing() {
    let (mut property, _) = Property::seeded();
    let tokens = property.phone().sign_in(RESIDENT, "own");
    // The thief has every row and makes a key file of their own.
    std::fs::remove_file(property.folder.path().join("keys")).unwrap();
    property.restart();

    let phone = property.phone();
    phone.refresh(&tokens.refresh).expect(400);
    phone.get(&tokens, "/v1/doors").expect(401);
    phone.challenge(RESIDENT, PASSWORD, "own").expect(400);
    let ticket = json!({ "ticket": tokens.ticket.unwrap() });
    property
        .call(post_json("/v1/sessions/end", &ticket))
        .expect(404);
}

#[cfg(unix)]
#[test]
fn the_key_file_is_its_owners_alone_and_is_refused_otherwise() {
    use keyway_service::{ManualClock, OpenError, SeededEntropy, Service, Settings};
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::Arc;

    let property = Property::open();
    let keys = property.folder.path().join("keys");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&keys), 0o600);
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    let opened = Service::open(
        property.folder.path(),
        Settings::new("https://property.test"),
        Arc::new(ManualClock::new(0)),
        Arc::new(SeededEntropy::new(1)),
    );
    assert!(matches!(opened, Err(OpenError::KeyFile)));
}
