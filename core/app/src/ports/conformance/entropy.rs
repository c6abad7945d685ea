use super::must;
use crate::ports::Entropy;
use std::collections::BTreeSet;

/// The contract of [`Entropy`], as far as it can be seen: all of the buffer, never twice the same.
pub fn entropy(port: &dyn Entropy) {
    let mut seen = BTreeSet::new();
    for _ in 0..256 {
        let mut buffer = [0; 32];
        must(port.fill(&mut buffer), "a buffer is filled");
        assert!(seen.insert(buffer), "no value comes twice");
    }
    // Each byte of the buffer is reached: 64 zeros in a row at one place happen once in 2^512.
    let mut reached = [0_u8; 97];
    for _ in 0..64 {
        let mut buffer = [0; 97];
        must(port.fill(&mut buffer), "any length is filled");
        for (reached, byte) in reached.iter_mut().zip(buffer) {
            *reached |= byte;
        }
    }
    assert!(
        reached.iter().all(|byte| *byte != 0),
        "all of the buffer is filled"
    );
    must(port.fill(&mut []), "an empty buffer is no error");
}
