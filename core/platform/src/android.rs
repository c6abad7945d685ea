//! What the radio needs of Android before it is first used.

use jni::Env;

/// Android's Java half of the radio could not be found or set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the radio's Java classes cannot be used")]
pub struct RadioClassesError;

/// Finds btleplug's Java classes and makes the one adapter. Again is nothing.
///
/// Called on a thread whose class loader is the app's: Android's own threads are, those of a native library are not.
///
/// # Errors
/// The app does not contain the classes, or of another version.
pub fn start_radio(env: &mut Env<'_>) -> Result<(), RadioClassesError> {
    btleplug::platform::init(env).map_err(|_| RadioClassesError)
}
