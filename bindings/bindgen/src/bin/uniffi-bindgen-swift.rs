//! `uniffi-bindgen-swift`: makes the Swift half of the bindings out of a built library.
#![forbid(unsafe_code)]

fn main() {
    uniffi::uniffi_bindgen_swift();
}
