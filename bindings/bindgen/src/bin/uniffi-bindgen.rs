//! `uniffi-bindgen`: makes the Kotlin half of the bindings out of a built library.
#![forbid(unsafe_code)]

fn main() {
    uniffi::uniffi_bindgen_main();
}
