//! What goes to the service, against the texts of the standards and an independent verifier.

use super::dpop::{Claims, proof};
use super::*;
use crate::account::WhosePhone;
use crate::ports::{Custody, KeyPurpose, Method};
use crate::secret::SecretString;
use crate::testing::Phone;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

fn part(text: &str) -> serde_json::Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

#[test]
fn the_challenge_is_rfc_7636s() {
    let verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let call = oauth::authorize(
        "a@b.example",
        &Credential::Password(secret("p")),
        &verifier,
        WhosePhone::Own,
    );
    let (_, body) = call.body.unwrap();
    let body = core::str::from_utf8(&body).unwrap();
    let challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert!(body.contains(challenge) && body.contains("code_challenge_method=S256"));
    assert!(!body.contains("dBjft"), "the verifier stays here");
}

#[test]
fn a_proof_verifies_with_p256_and_carries_rfc_9449s_token_hash() {
    let phone = Phone::new();
    let (keys, entropy) = (&phone.ports.keys, &phone.ports.entropy);
    let public = phone
        .run(keys.create(KeyPurpose::Dpop, Custody::Memory))
        .unwrap()
        .unwrap();
    let token = secret("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    let claims = || Claims {
        method: Method::Get,
        target: "https://maple.example/v1/doors".to_owned(),
        issued_at: 1_562_262_618,
        nonce: Some("n-7".to_owned()),
        token: Some(&token),
    };
    let making = proof(&**keys, &**entropy, claims());
    let made = phone.run(making).unwrap().unwrap();
    let (signed, signature) = made.rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&public).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();

    let (head, payload) = signed.split_once('.').unwrap();
    let (head, payload) = (part(head), part(payload));
    assert_eq!(head["typ"], "dpop+jwt");
    assert_eq!(head["alg"], "ES256");
    assert_eq!(head["jwk"]["x"], URL_SAFE_NO_PAD.encode(&public[1..33]));
    assert_eq!(head["jwk"]["y"], URL_SAFE_NO_PAD.encode(&public[33..]));
    assert_eq!(payload["htm"], "GET");
    assert_eq!(payload["htu"], "https://maple.example/v1/doors");
    assert_eq!(payload["nonce"], "n-7");
    assert_eq!(
        payload["ath"],
        "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    );
    assert!(!made.contains("Kz~8"), "the token itself is not in it");

    let again = phone.run(proof(&**keys, &**entropy, claims()));
    let again = again.unwrap().unwrap();
    let identifier = |made: &str| part(made.split('.').nth(1).unwrap())["jti"].clone();
    assert_ne!(identifier(&made), identifier(&again));
}

#[test]
fn a_proof_is_about_the_path_without_its_query() {
    let door = DoorId::parse("00000000-0000-4000-8000-0000000000ab").unwrap();
    let phone = Phone::new();
    let making = phone.ports.keys.create(KeyPurpose::Dpop, Custody::Memory);
    phone.run(making).unwrap().unwrap();
    let client = Client::new(&phone.ports);
    let token = secret("t");
    let call = Call::bundle(door, 7);
    let preparing = client.prepare(&call, Authorization::Token(&token));
    let request = phone.run(preparing).unwrap().unwrap();
    assert!(request.path.ends_with("/bundle?have=7"));
    let proof = request.headers.iter().find(|(name, _)| *name == "dpop");
    let payload = part(proof.unwrap().1.split('.').nth(1).unwrap());
    let target = payload["htu"].as_str().unwrap();
    assert!(target.ends_with("/v1/doors/00000000-0000-4000-8000-0000000000ab/bundle"));
}

const DOORS: &str = r#"{"serverTime":"2026-11-24T04:00:00Z","doors":[{"uuid":"00000000-0000-4000-8000-0000000000ab","name":"4B",
    "buildingName":"Maple","type":"RESIDENCE","role":"RESIDENT","timezone":"America/New_York","isConnected":false,
    "hasBluetoothUnlock":true,"lockId":"000102030405060708090a0b0c0d0e0f","lastSync":{"at":"2026-11-23T04:00:00Z","by":"Ana"},
    "battery":{"percentage":81,"lastUpdated":"2026-11-23T04:00:00Z"},"pendingChanges":2,"keypad":{"digits":7,"wake":"Press the logo",
    "sleepSeconds":5,"deadbolt":"REFUSES_DAILY_CODES"},"device":{"type":"C","serialNumber":"1"},"waysIn":{"keycard":true,"mechanicalKey":false},
    "property":{"name":"Elm Court","phone":"+1 555 0100","email":null},"sharers":["Sam"],"shareable":true,"accessEnds":null}]}"#;

#[test]
fn doors_are_parsed_once_and_anything_else_is_a_breach() {
    let list = parse_doors(DOORS.as_bytes()).unwrap();
    let door = &list.doors[0];
    assert_eq!(door.id.to_string(), "00000000-0000-4000-8000-0000000000ab");
    assert_eq!(door.lock[15], 0x0f);
    assert_eq!(
        (door.kind, door.role),
        (DoorKind::Residence, DoorRole::Resident)
    );
    assert_eq!(door.battery.unwrap().percentage, 81);
    for (right, wrong) in [
        ("RESIDENCE", "CASTLE"),
        ("0e0f\"", "0e0\""),
        ("-0000000000ab", "-0000000000zz"),
        ("2026-11-24T04", "yesterday"),
        ("\"name\"", "\"nome\""),
    ] {
        let wrong = DOORS.replacen(right, wrong, 1);
        assert_eq!(parse_doors(wrong.as_bytes()), Err(Breach::NotTheAgreedBody));
    }
    // A field that a newer service adds is no reason to lose the doors.
    let newer = DOORS.replacen("\"name\"", "\"colour\":\"red\",\"name\"", 1);
    assert!(parse_doors(newer.as_bytes()).is_ok());
}

const CODE: &str = r#"{"uuid":"00000000-0000-4000-8000-0000000000c1","doorUuid":"00000000-0000-4000-8000-0000000000ab","kind":"DAILY",
    "passcodeType":"DAILY","code":"00421379","startTime":"2026-11-24T05:00:00Z","endTime":"2026-11-25T05:00:00Z",
    "startLocal":"2026-11-24T00:00:00-05:00","endLocal":"2026-11-25T00:00:00-05:00","status":"NOT_YET"}"#;

#[test]
fn a_doorcode_keeps_its_zeros_and_its_doors_own_wall_clock() {
    let code = parse_doorcode(CODE.as_bytes()).unwrap();
    // EXPOSE: compared with what the service sent.
    assert_eq!(code.digits.reveal().expose(), "00421379");
    assert_eq!(code.start_local.to_string(), "2026-11-24 00:00");
    assert_eq!(code.start_local.unix_millis(), code.start);
    assert!(!format!("{code:?}").contains("0421379"));
    let wrong = CODE.replacen("00421379", "0042137X", 1);
    assert!(parse_doorcode(wrong.as_bytes()).is_err());
}
