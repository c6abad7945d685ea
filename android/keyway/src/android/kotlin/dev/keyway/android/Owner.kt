package dev.keyway.android

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import android.os.Handler
import android.os.Looper
import dev.keyway.DeviceOwner
import dev.keyway.DeviceOwnerException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * The phone's owner, by face, finger or the lock screen's code: Android's own prompt from version 10 on, the lock screen's own page before.
 *
 * [activity] is the one in front; [title] is what the prompt says. The activity hands the page's answer to [answered].
 */
public class Owner(
    context: Context,
    private val title: CharSequence,
    private val activity: () -> Activity?,
) : DeviceOwner {
    private val screen = ScreenState(context)
    private val main = Handler(Looper.getMainLooper())
    private val lock = Any()
    private var asked: Asked? = null

    override fun isSetUp(): Boolean = screen.isSetUp()

    override fun confirm() {
        if (!screen.isSetUp()) throw DeviceOwnerException.Missing()
        val asking = Asked()
        // A prompt that stands is of somebody who waits no more.
        synchronized(lock) { asked.also { asked = asking } }?.answer(false)
        main.post { ask(asking) }
        val confirmed = try {
            asking.wait()
        } finally {
            synchronized(lock) { if (asked === asking) asked = null }
        }
        if (!confirmed) throw DeviceOwnerException.Failed()
    }

    override fun dismiss() {
        synchronized(lock) { asked }?.answer(false)
    }

    /** To be called from `Activity.onActivityResult`: true if it was about the owner. */
    public fun answered(requestCode: Int, resultCode: Int): Boolean {
        if (requestCode != REQUEST) return false
        synchronized(lock) { asked }?.answer(resultCode == Activity.RESULT_OK)
        return true
    }

    private fun ask(asking: Asked) {
        val front = activity()
        if (front == null || asking.isAnswered) return asking.answer(false)
        try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) prompt(front, asking) else page(front, asking)
        } catch (_: RuntimeException) {
            asking.answer(false)
        }
    }

    private fun prompt(front: Activity, asking: Asked) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return
        val builder = BiometricPrompt.Builder(front).setTitle(title)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            builder.setAllowedAuthenticators(Authenticators.BIOMETRIC_WEAK or Authenticators.DEVICE_CREDENTIAL)
        } else {
            @Suppress("DEPRECATION") // Version 10 has no other.
            builder.setDeviceCredentialAllowed(true)
        }
        val callback = object : BiometricPrompt.AuthenticationCallback() {
            override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?): Unit = asking.answer(true)

            override fun onAuthenticationError(errorCode: Int, errString: CharSequence?): Unit = asking.answer(false)
        }
        val withdrawn = CancellationSignal()
        asking.whenAnswered { main.post(withdrawn::cancel) }
        builder.build().authenticate(withdrawn, { main.post(it) }, callback)
    }

    private fun page(front: Activity, asking: Asked) {
        @Suppress("DEPRECATION") // The only way before version 10.
        val intent = front.getSystemService(KeyguardManager::class.java)?.createConfirmDeviceCredentialIntent(title, null)
        if (intent == null) return asking.answer(false)
        asking.whenAnswered { main.post { front.finishActivity(REQUEST) } }
        @Suppress("DEPRECATION") // The framework has no other.
        front.startActivityForResult(intent, REQUEST)
    }

    /** One question, answered once. */
    private class Asked {
        private val answer = CompletableFuture<Boolean>()

        val isAnswered: Boolean get() = answer.isDone

        fun answer(confirmed: Boolean) {
            answer.complete(confirmed)
        }

        fun whenAnswered(then: () -> Unit) {
            answer.thenRun(then)
        }

        fun wait(): Boolean = try {
            answer.get(LONGEST_SECONDS, TimeUnit.SECONDS)
        } catch (_: TimeoutException) {
            answer.complete(false)
            false
        } catch (_: ExecutionException) {
            false
        }
    }

    private companion object {
        const val REQUEST = 0x4b57
        const val LONGEST_SECONDS = 120L
    }
}
