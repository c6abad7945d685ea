package dev.keyway.app

import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.Bundle
import android.window.OnBackInvokedCallback
import android.window.OnBackInvokedDispatcher
import dev.keyway.Keyway
import dev.keyway.Phase
import dev.keyway.SignOutReport
import dev.keyway.android.keepFromAutofill
import dev.keyway.android.keepOffTheRecord
import dev.keyway.app.screens.BlankScreen
import dev.keyway.app.screens.DoorsScreen
import dev.keyway.app.screens.ErrorScreen
import dev.keyway.app.screens.HiddenScreen
import dev.keyway.app.screens.ReportScreen
import dev.keyway.app.screens.Screen
import dev.keyway.app.screens.StartScreen
import dev.keyway.app.screens.WhosePhoneScreen

/** The one activity: a stack of screens, the last of which is seen. It saves nothing of them. */
class MainActivity : Activity() {
    internal val phone: Phone get() = (application as KeywayApplication).phone
    private val stack = ArrayDeque<Screen>()
    private var back: OnBackInvokedCallback? = null

    /** A screen here shows, or keeps to show, something of the account. */
    internal val holdsAccount: Boolean get() = stack.any { it.holdsAccount }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        keepOffTheRecord()
        phone.front = this
        reset(StartScreen(this))
    }

    override fun onResume() {
        super.onResume()
        phone.front = this
        phone.bluetooth.look()
    }

    override fun onWindowFocusChanged(hasFocus: Boolean) {
        super.onWindowFocusChanged(hasFocus)
        if (hasFocus) phone.clipboard.focusGained()
    }

    override fun onDestroy() {
        stack.forEach { it.leave() }
        stack.clear()
        if (phone.front === this) phone.front = null
        super.onDestroy()
    }

    /** Shows a screen on top of the one that is seen. */
    internal fun push(screen: Screen) {
        stack.addLast(screen)
        see(screen)
    }

    /** Shows a screen and forgets all others. */
    internal fun reset(screen: Screen) {
        stack.forEach { it.leave() }
        stack.clear()
        push(screen)
    }

    /** Where the account is decides what is seen. */
    internal fun route(keyway: Keyway) = reset(
        when (keyway.status.phase) {
            is Phase.SignedIn -> DoorsScreen(this)
            is Phase.Hidden -> HiddenScreen(this)
            else -> WhosePhoneScreen(this)
        },
    )

    /** Nothing of the account is on the screen any more. */
    internal fun clear() = reset(BlankScreen(this))

    internal fun showReport(report: SignOutReport) = reset(ReportScreen(this, report))

    internal fun showError(told: String) = reset(ErrorScreen(this, told))

    /** Asks the resident for what Bluetooth needs on this version. */
    internal fun askForBluetooth() = requestPermissions(phone.bluetooth.permissions, BLUETOOTH)

    override fun onRequestPermissionsResult(requestCode: Int, permissions: Array<out String>, grantResults: IntArray) {
        super.onRequestPermissionsResult(requestCode, permissions, grantResults)
        // Nothing in it: the question was interrupted, not answered.
        if (requestCode != BLUETOOTH || permissions.isEmpty()) return
        val granted = grantResults.all { it == PackageManager.PERMISSION_GRANTED }
        phone.bluetooth.answered(granted, permissions.any(::shouldShowRequestPermissionRationale))
        stack.lastOrNull()?.returned()
    }

    @Suppress("OVERRIDE_DEPRECATION") // The framework has no other.
    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        if (!phone.owner.answered(requestCode, resultCode)) {
            @Suppress("DEPRECATION")
            super.onActivityResult(requestCode, resultCode, data)
        }
    }

    @Suppress("OVERRIDE_DEPRECATION") // What Android before 13 has.
    override fun onBackPressed() {
        if (!pop()) {
            @Suppress("DEPRECATION")
            super.onBackPressed()
        }
    }

    private fun pop(): Boolean {
        if (stack.size < 2) return false
        stack.removeLast().leave()
        stack.last().let {
            see(it)
            it.returned()
        }
        return true
    }

    private fun see(screen: Screen) {
        val view = screen.view
        view.keepFromAutofill()
        setContentView(view)
        title = screen.title
        takeBack(stack.size > 1)
    }

    /** From Android 13 on the system asks beforehand who takes the gesture. */
    private fun takeBack(ours: Boolean) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
        val held = back
        if (ours && held == null) {
            val callback = OnBackInvokedCallback { pop() }
            onBackInvokedDispatcher.registerOnBackInvokedCallback(OnBackInvokedDispatcher.PRIORITY_DEFAULT, callback)
            back = callback
        } else if (!ours && held != null) {
            onBackInvokedDispatcher.unregisterOnBackInvokedCallback(held)
            back = null
        }
    }

    private companion object {
        const val BLUETOOTH = 1
    }
}
