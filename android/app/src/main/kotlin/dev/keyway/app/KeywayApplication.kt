package dev.keyway.app

import android.app.Application
import dev.keyway.KeywayLibrary

/** The process: one phone, put together once. */
class KeywayApplication : Application() {
    internal lateinit var phone: Phone
        private set

    override fun onCreate() {
        super.onCreate()
        // Before anything else of the library: it gives the radio and the keychain what they need of Android.
        KeywayLibrary.start(this)
        phone = Phone(this)
    }
}
