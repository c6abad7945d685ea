//! What Android hands over before anything else of the library is used.
//!
//! The generated bindings load the library through JNA, which runs no `JNI_OnLoad` and has no Android context to give. So the Kotlin library has one
//! external function of its own, called once as the app starts, on the main thread:
//!
//! ```kotlin
//! package dev.keyway
//!
//! object KeywayLibrary {
//!     init { System.loadLibrary("keyway") }
//!     external fun start(context: Context)
//! }
//! ```
#![expect(
    unsafe_code,
    reason = "a function that Java calls by its name, and a pointer to Android's context that is handed on"
)]

use jni::errors::{Error, ThrowRuntimeExAndDefault};
use jni::objects::JObject;
use jni::{Env, EnvUnowned};
use std::sync::{Mutex, PoisonError};

/// Was the context handed over? A second time would be a panic inside.
static HANDED_OVER: Mutex<bool> = Mutex::new(false);

/// `dev.keyway.KeywayLibrary.start`: the radio's Java classes, and the context for the keychain's store. Again is nothing; after a failure, what is
/// missing is tried again. Throws `RuntimeException`, also for a panic inside.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_keyway_KeywayLibrary_start<'local>(
    mut env: EnvUnowned<'local>,
    _library: JObject<'local>,
    context: JObject<'local>,
) {
    env.with_env(|env| start(env, &context))
        .resolve::<ThrowRuntimeExAndDefault>();
}

fn start(env: &mut Env<'_>, context: &JObject<'_>) -> Result<(), Error> {
    #[cfg(feature = "bluetooth")]
    keyway_platform::android::start_radio(env).map_err(|_| Error::ClassNotFound {
        name: "com.nonpolynomial.btleplug.android".to_owned(),
    })?;
    hand_over(env, context)
}

/// Did the app hand over what the radio and the keychain need?
pub(crate) fn is_started() -> bool {
    *HANDED_OVER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the virtual machine and the context where the keychain's store looks for them.
fn hand_over(env: &mut Env<'_>, context: &JObject<'_>) -> Result<(), Error> {
    let mut done = HANDED_OVER.lock().unwrap_or_else(PoisonError::into_inner);
    if *done {
        return Ok(());
    }
    let machine = env.get_java_vm()?.get_raw();
    // The store reads it whenever it is used: it is never given back.
    let context = env.new_global_ref(context)?.into_raw();
    // SAFETY: both pointers are valid for the life of the process, and the lock makes this the only call.
    unsafe { ndk_context::initialize_android_context(machine.cast(), context.cast()) };
    *done = true;
    Ok(())
}
