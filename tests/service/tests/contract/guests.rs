//! What the tests of letting in ask again and again.
use crate::support::{Answer, PASSWORD, Phone, Property, Tokens};
use http::Method;
use keyway_service::{NewAccount, Recipient, Seeded};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const TOM: &str = "tom@example.com";

/// An invitation of Tom to these doors, as OpenDOOR has it. Overwrite what another test needs.
pub(crate) fn invitation(passcode_type: &str, doors: &[Uuid]) -> Value {
    json!({
        "firstName": "Tom",
        "lastName": "Taylor",
        "email": TOM,
        "doorUuids": doors,
        "passcodeType": passcode_type,
        "shareable": false,
        "startTime": "2026-11-24T12:00:00Z",
    })
}

pub(crate) fn invite(phone: &Phone<'_>, tokens: &Tokens, invitation: &Value) -> Answer {
    phone.post(tokens, "/v2/users", invitation)
}

/// The same from a phone that `host` signs in on.
pub(crate) fn invited(property: &Property, host: &str, invitation: &Value) -> Answer {
    let phone = property.phone();
    let tokens = phone.sign_in(host, "own");
    invite(&phone, &tokens, invitation)
}

/// Lets Tom in at the home for as long as it takes, and gives his user.
pub(crate) fn let_tom_in(property: &Property, seeded: &Seeded, host: &Tokens) -> Value {
    let invitation = invitation("PERMANENT", &[seeded.doors[0].uuid]);
    invite(&property.phone(), host, &invitation)
        .expect(201)
        .json()
}

/// Gives Tom an account with a password before anybody invites him, so that he can sign in.
pub(crate) fn add_tom(property: &Property) -> Uuid {
    let tom = NewAccount {
        email: TOM,
        name: "Tom Taylor",
        password: PASSWORD,
        active: true,
    };
    property.service.add_account(&tom).unwrap()
}

pub(crate) fn change(phone: &Phone<'_>, tokens: &Tokens, path: &str, body: &Value) -> Answer {
    let body = ("application/json", body.to_string().into_bytes());
    phone.resource(tokens, Method::PATCH, path, Some(body))
}

pub(crate) fn revoke(phone: &Phone<'_>, tokens: &Tokens, path: &str) -> Answer {
    phone.resource(tokens, Method::DELETE, path, None)
}

pub(crate) fn at_door(user: &Value, door: Uuid) -> String {
    format!("/v1/users/{}/doors/{door}", text(&user["userUuid"]))
}

/// The user as this phone's owner sees them now.
pub(crate) fn seen(phone: &Phone<'_>, tokens: &Tokens, user: &Value) -> Answer {
    phone.get(tokens, &format!("/v1/users/{}", text(&user["userUuid"])))
}

pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// The code of the user's only access.
pub(crate) fn code(user: &Value) -> String {
    text(&user["accesses"][0]["doorcode"]["code"]).to_owned()
}

/// What arrived at an address.
pub(crate) fn mail_to(property: &Property, email: &str) -> Vec<String> {
    messages_to(property, &Recipient::Email(email.to_owned()))
}

pub(crate) fn messages_to(property: &Property, recipient: &Recipient) -> Vec<String> {
    property.service.deliver_messages();
    let messages = property.mailbox.messages_to(recipient);
    messages
        .iter()
        .map(|message| format!("{}\n\n{}", message.subject, message.text))
        .collect()
}
