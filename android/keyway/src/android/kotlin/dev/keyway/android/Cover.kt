package dev.keyway.android

import android.app.Activity
import android.os.Build
import android.view.WindowManager

/** Keeps an activity out of the app switcher's image, out of screenshots and off screens that others see. Call it before `setContentView`. */
public fun Activity.keepOffTheRecord() {
    window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) setRecentsScreenshotEnabled(false)
}
