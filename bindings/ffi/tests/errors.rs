//! The errors as they cross: one for one, with words, and with nothing in them.

use keyway::KeywayError;
use keyway::error::{Language, language_of_tag};
use keyway::shell::{DeviceOwnerError, HardwareKeyError, ShellError};
use keyway_app::Error;

#[test]
fn every_error_crosses_as_itself_and_comes_back_as_itself() {
    let samples = Error::samples();
    assert!(samples.len() > 60);
    for error in samples {
        let crossed = KeywayError::from(error);
        assert_eq!(Error::from(crossed), error);
        assert_eq!(crossed.to_string(), error.to_string());
        let name = |debug: String| debug.split([' ', '(']).next().map(str::to_owned);
        assert_eq!(name(format!("{crossed:?}")), name(format!("{error:?}")));
    }
}

#[test]
fn every_error_has_words_a_class_and_an_exit_code() {
    for error in Error::samples() {
        let crossed = KeywayError::from(error);
        assert_eq!(crossed.class().unwrap(), error.class());
        assert_eq!(crossed.exit_code().unwrap(), error.class().exit_code());
        for language in Language::ALL {
            let (words, told) = (crossed.advice(language).unwrap(), error.text(language));
            assert_eq!(words.happened, told.happened);
            assert_eq!(words.action, told.action);
            assert_eq!(words.fallback, told.fallback);
        }
    }
    let spanish = language_of_tag("es-MX".to_owned());
    assert_eq!(spanish, Ok(Language::Spanish));
}

/// What a foreign runtime throws carries its stack trace, and whatever stood on that stack.
#[test]
fn what_a_shell_throws_goes_no_further() {
    let thrown = || uniffi::UnexpectedUniFFICallbackError::new("canary");
    assert_eq!(ShellError::from(thrown()), ShellError::Failed);
    assert_eq!(DeviceOwnerError::from(thrown()), DeviceOwnerError::Failed);
    let unavailable = HardwareKeyError::Unavailable;
    assert_eq!(HardwareKeyError::from(thrown()), unavailable);
    assert!(!format!("{unavailable:?} {unavailable}").contains("canary"));
}
