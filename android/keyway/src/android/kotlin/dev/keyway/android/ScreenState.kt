package dev.keyway.android

import android.app.KeyguardManager
import android.content.Context

/** The phone's lock screen, as far as it can be asked. */
internal class ScreenState(context: Context) {
    private val keyguard = context.applicationContext.getSystemService(KeyguardManager::class.java)

    fun isSetUp(): Boolean = keyguard?.isDeviceSecure == true

    fun isLocked(): Boolean = keyguard?.isDeviceLocked == true
}
