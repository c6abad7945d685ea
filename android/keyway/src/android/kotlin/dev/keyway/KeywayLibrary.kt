package dev.keyway

import android.content.Context

/**
 * What the native half needs of Android before anything else of the library is used.
 *
 * The bindings load the library through JNA, which runs no `JNI_OnLoad` and has no context to give. So this loads it once as Android does, and hands over
 * what the radio's Java classes and the keychain's store need. Its name and the function's are part of the library: R8 keeps them.
 */
public object KeywayLibrary {
    init {
        System.loadLibrary("keyway")
    }

    /**
     * Sets the radio's and the keychain's Java sides up. Call it from `Application.onCreate`, on the main thread, with the application's context; again is
     * nothing. Throws [RuntimeException] where the app lacks the radio's classes.
     */
    public external fun start(context: Context)
}
