//! DPoP: a captured token or proof is worth nothing without the phone's key, and a proof counts once.
use crate::support::{
    MINUTE, Phone, Property, RESIDENT, Tokens, base64url, resource_request, sha256, sign_proof,
};
use http::Method;
use serde_json::{Value, json};

const PATH: &str = "/v1/phone-key";

/// A `PUT` whose proof has these claims, signed by this phone.
fn put(property: &Property, phone: &Phone<'_>, tokens: &Tokens, claims: &Value) -> (u16, String) {
    let proof = sign_proof(&phone.dpop, claims);
    put_with(property, tokens, &proof)
}

fn put_with(property: &Property, tokens: &Tokens, proof: &str) -> (u16, String) {
    let body = ("application/json", b"{}".to_vec());
    let request = resource_request(tokens, Method::PUT, PATH, proof, Some(body));
    let answer = property.call(request);
    (answer.status.as_u16(), answer.code())
}

/// Claims that pass: the body is then found wanting, which shows that the proof was accepted.
fn good(phone: &Phone<'_>, tokens: &Tokens) -> Value {
    let mut claims = phone.claims("PUT", PATH);
    claims["nonce"] = json!(phone.nonce());
    claims["ath"] = json!(base64url(&sha256(tokens.access.as_bytes())));
    claims
}

const ACCEPTED: (u16, &str) = (400, "BAD_REQUEST");
const REFUSED: (u16, &str) = (401, "INVALID_DPOP_PROOF");

#[track_caller]
fn assert_told(told: &(u16, String), expected: (u16, &str)) {
    assert_eq!((told.0, told.1.as_str()), expected);
}

#[test]
fn a_proof_counts_once() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let claims = good(&phone, &tokens);
    assert_told(&put(&property, &phone, &tokens, &claims), ACCEPTED);
    assert_told(&put(&property, &phone, &tokens, &claims), REFUSED);

    // Also at the last moment at which its nonce is fresh.
    property.clock.advance(5 * MINUTE - 1);
    let later = put(&property, &phone, &tokens, &claims);
    assert_told(&later, REFUSED);
}

#[test]
fn a_proof_without_a_fresh_nonce_is_sent_back_with_one() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut claims = good(&phone, &tokens);
    for nonce in [Value::Null, json!("guessed"), json!("")] {
        claims["nonce"] = nonce;
        let told = put(&property, &phone, &tokens, &claims);
        assert_told(&told, (401, "USE_DPOP_NONCE"));
    }
    // The nonce that came back is good.
    claims["nonce"] = json!(phone.nonce());
    assert_told(&put(&property, &phone, &tokens, &claims), ACCEPTED);
}

#[test]
fn a_nonce_grows_old() {
    let property = Property::open();
    let phone = property.phone();
    let nonce = phone.nonce();
    property.clock.advance(10 * MINUTE);
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut claims = good(&phone, &tokens);
    claims["nonce"] = json!(nonce);
    let told = put(&property, &phone, &tokens, &claims);
    assert_told(&told, (401, "USE_DPOP_NONCE"));
}

#[test]
fn a_wrong_clock_in_the_phone_refuses_nothing() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut claims = good(&phone, &tokens);
    claims["iat"] = json!(4_102_444_800_i64);
    assert_told(&put(&property, &phone, &tokens, &claims), ACCEPTED);
}

#[test]
fn a_captured_token_is_refused_to_another_key() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let thief = Phone::new(&property, 2);
    let told = put(&property, &thief, &tokens, &good(&thief, &tokens));
    assert_told(&told, REFUSED);
}

#[test]
fn a_proof_fits_one_token_method_and_resource() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    for (member, value) in [
        ("ath", json!(base64url(&sha256(b"another token")))),
        ("ath", Value::Null),
        ("htm", json!("GET")),
        ("htu", json!("https://property.test/v1/doors")),
        ("htu", json!("https://elsewhere.test/v1/phone-key")),
        ("jti", json!("")),
    ] {
        let mut claims = good(&phone, &tokens);
        claims[member] = value;
        assert_told(&put(&property, &phone, &tokens, &claims), REFUSED);
    }
}

#[test]
fn a_changed_proof_is_refused() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let proof = sign_proof(&phone.dpop, &good(&phone, &tokens));
    let other = sign_proof(&phone.dpop, &phone.claims("PUT", PATH));
    let (head, _) = proof.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    for changed in [
        format!("{head}.{signature}"),
        head.to_owned(),
        String::new(),
    ] {
        assert_told(&put_with(&property, &tokens, &changed), REFUSED);
    }
}

#[test]
fn the_token_endpoint_asks_for_a_nonce_with_400() {
    let property = Property::open();
    let phone = property.phone();
    let claims = phone.claims("POST", "/oauth/token");
    let mut request = crate::support::form(
        "/oauth/token",
        &[("grant_type", "refresh_token"), ("client_id", "keyway-app")],
    );
    let proof = sign_proof(&phone.dpop, &claims);
    request.headers_mut().insert("dpop", proof.parse().unwrap());
    let told = property.call(request).expect(400);
    assert_eq!(told.text("error"), "use_dpop_nonce");
    assert!(!told.header("dpop-nonce").is_empty());
}

#[test]
fn no_token_and_a_made_up_token_are_unauthorized() {
    let property = Property::open();
    let phone = property.phone();
    let mut tokens = phone.sign_in(RESIDENT, "own");
    tokens.access = base64url(&[9; 32]);
    let told = phone.register(&tokens).expect(401);
    assert_eq!(told.code(), "UNAUTHORIZED");
    assert_eq!(
        told.header("www-authenticate"),
        r#"DPoP error="invalid_token", algs="ES256""#
    );
}

#[test]
fn a_token_dies_after_five_minutes() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    property.clock.advance(5 * MINUTE - 1);
    phone.register(&tokens).expect(204);
    property.clock.advance(1);
    phone.register(&tokens).expect(401);
}
