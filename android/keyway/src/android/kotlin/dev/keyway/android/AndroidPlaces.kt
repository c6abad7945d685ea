package dev.keyway.android

import android.app.NotificationManager
import android.content.Context
import android.os.Build
import android.os.Handler
import android.os.Looper
import dev.keyway.ShellAnswer
import dev.keyway.ShellPlace
import dev.keyway.ShellPlaces
import dev.keyway.ShellRemains
import dev.keyway.Shown
import java.io.File
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/** The texts of the account that an app's screens hold. Called on the main thread. */
public interface Screens {
    /** A screen shows, or keeps to show, anything of the account. */
    public fun holdAnything(): Boolean

    /** Puts a blank screen in the place of all others. */
    public fun clear()
}

/**
 * The places that an Android app keeps, for the sign-out: each is erased and read back. Of one that is not used it names the test that fails when it is;
 * those are in `AndroidPlacesTest`, which searches the sources of this library and of the app.
 */
public class AndroidPlaces(
    context: Context,
    private val screens: Screens,
    private val shown: Shown,
    private val clipboard: SensitiveClipboard,
) : ShellPlaces {
    private val context = context.applicationContext
    private val main = Handler(Looper.getMainLooper())

    override fun erase(place: ShellPlace): ShellAnswer = when (place) {
        ShellPlace.SHELL_STRINGS -> together(onMain(::eraseScreens), shown.erase())
        ShellPlace.NOTIFICATIONS -> eraseNotifications()
        ShellPlace.PREFERENCES -> erasePreferences()
        ShellPlace.CLIPBOARD -> onMain(clipboard::erase)
        ShellPlace.PASSWORD_SAVING -> unused("place_21_no_password_saving")
        ShellPlace.APP_SWITCHER_IMAGE -> unused("place_24_no_app_switcher_image")
        ShellPlace.KEYBOARD_LEARNING -> unused("place_26_no_keyboard_learning")
        ShellPlace.APP_PIN -> unused("place_35_no_app_pin")
        ShellPlace.LOGIN_MEMORY -> unused("place_36_no_login_memory")
    }

    private fun eraseScreens(): ShellAnswer {
        if (!screens.holdAnything()) return ShellAnswer.WasEmpty
        screens.clear()
        return goneUnless(screens.holdAnything())
    }

    private fun eraseNotifications(): ShellAnswer {
        val manager = context.getSystemService(NotificationManager::class.java) ?: return ShellAnswer.WasEmpty
        if (manager.isEmpty()) return ShellAnswer.WasEmpty
        manager.cancelAll()
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
            manager.notificationChannels.forEach { manager.deleteNotificationChannel(it.id) }
        }
        return goneUnless(!manager.isEmpty())
    }

    private fun NotificationManager.isEmpty() =
        activeNotifications.isEmpty() && (Build.VERSION.SDK_INT < Build.VERSION_CODES.O || notificationChannels.isEmpty())

    private fun erasePreferences(): ShellAnswer {
        val held = preferences()
        if (held.isEmpty()) return ShellAnswer.WasEmpty
        held.forEach(context::deleteSharedPreferences)
        return goneUnless(preferences().isNotEmpty())
    }

    /** Files of preferences, but for the keychain's store: that place is the core's, which erases it entry by entry. */
    private fun preferences(): List<String> = preferencesIn(File(context.dataDir, "shared_prefs"))

    /** Views, and the clipboard before it has a looper of its own, belong to the main thread. */
    private fun onMain(ask: () -> ShellAnswer): ShellAnswer {
        if (Looper.myLooper() == Looper.getMainLooper()) return ask()
        val answer = CompletableFuture<ShellAnswer>()
        main.post {
            try {
                answer.complete(ask())
            } catch (failed: RuntimeException) {
                answer.completeExceptionally(failed)
            }
        }
        // The core gives a place 2 s; what throws *remains*.
        return answer.get(LONGEST_MILLIS, TimeUnit.MILLISECONDS)
    }

    private fun unused(guard: String) = ShellAnswer.NotUsed(guard)

    private companion object {
        const val LONGEST_MILLIS = 1_500L
    }
}

/** Names of the preferences in a folder, without those of the keychain's store. */
internal fun preferencesIn(folder: File): List<String> = folder.list().orEmpty()
    .filter { it.endsWith(".xml") && !it.startsWith("keyring-") }
    .map { it.removeSuffix(".xml") }

/** One answer for two halves of a place: the worse of both. */
internal fun together(first: ShellAnswer, second: ShellAnswer): ShellAnswer = when {
    first is ShellAnswer.Remains -> first
    second is ShellAnswer.Remains -> second
    first is ShellAnswer.WasEmpty -> second
    else -> first
}

private fun goneUnless(remains: Boolean): ShellAnswer =
    if (remains) ShellAnswer.Remains(ShellRemains.REFUSED) else ShellAnswer.Gone
