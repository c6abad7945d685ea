//! A vendor's SDK decoded signatures as numbers without their leading zeros and refused one unlock in 120. Ours are 64 bytes, whatever they begin with.

use keyway_protocol::crypto::{Secret32, SigningKey, VerifyingKey};

const SIGNATURES: u32 = 1_024;

#[test]
fn every_signature_is_good_whatever_bytes_r_and_s_begin_with() {
    let key = SigningKey::from_secret(&Secret32::new([0x4b; 32])).unwrap();
    let public = VerifyingKey::from_sec1(&key.verifying_key().to_bytes()).unwrap();
    let (mut short, mut high) = (0, 0);
    for number in 0..SIGNATURES {
        let message = number.to_be_bytes();
        let signature = key.sign(&[&message]);
        assert!(public.verify(&[&message], &signature), "{number}");
        assert!(
            !public.verify(&[&number.to_le_bytes(), b"x"], &signature),
            "{number}"
        );
        let (r, s) = signature.split_at(32);
        // Encoded as numbers these would be a byte shorter, those a byte longer.
        short += u32::from(r[0] == 0 || s[0] == 0);
        high += u32::from(r[0] >= 0x80);
    }
    assert!(
        short >= 4 && high >= 400,
        "the cases were there: {short} and {high} of {SIGNATURES}"
    );
}
