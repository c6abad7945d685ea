package dev.keyway.android

import android.content.ClipData
import android.content.ClipDescription
import android.content.ClipboardManager
import android.content.Context
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.PersistableBundle
import dev.keyway.Revealed
import dev.keyway.ShellAnswer
import dev.keyway.ShellRemains

/**
 * Doorcodes on the clipboard: marked sensitive, so that Android shows no preview, and taken away again after a minute if they still lie there.
 *
 * From Android 10 on an app sees the clipboard only while it has the focus, which [hasFocus] tells. What it could not look at then *remains*.
 */
public class SensitiveClipboard(context: Context, private val hasFocus: () -> Boolean) {
    private val clipboard = context.applicationContext.getSystemService(ClipboardManager::class.java)
    private val main = Handler(Looper.getMainLooper())
    private val expire = Runnable { if (erase() is ShellAnswer.Remains) isDue = true }
    private var isDue = false

    /** Copies digits. They leave again after [EXPIRY_MILLIS], if nothing else was copied since. */
    public fun copy(digits: Revealed.Digits) {
        val characters = digits.toCharArray()
        val clip = ClipData.newPlainText(LABEL, String(characters))
        characters.fill('\u0000')
        clip.description.extras = PersistableBundle().apply { putBoolean(SENSITIVE, true) }
        clipboard?.setPrimaryClip(clip)
        isDue = false
        main.removeCallbacks(expire)
        main.postDelayed(expire, EXPIRY_MILLIS)
    }

    /** To be called when the window gains the focus: takes away what was due while nobody could look. */
    public fun focusGained() {
        if (isDue) main.post(expire)
    }

    /** Takes what is ours off the clipboard and looks again. What somebody else copied stays. */
    public fun erase(): ShellAnswer {
        val clipboard = clipboard ?: return ShellAnswer.WasEmpty
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q && !hasFocus()) return ShellAnswer.Remains(ShellRemains.CANNOT_LOOK)
        if (!clipboard.holdsOurs()) return ShellAnswer.WasEmpty
        main.removeCallbacks(expire)
        isDue = false
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            clipboard.clearPrimaryClip()
        } else {
            clipboard.setPrimaryClip(ClipData.newPlainText("", ""))
        }
        return if (clipboard.holdsOurs()) ShellAnswer.Remains(ShellRemains.REFUSED) else ShellAnswer.Gone
    }

    private fun ClipboardManager.holdsOurs() = primaryClipDescription?.label?.toString() == LABEL

    public companion object {
        /** How long a code may lie on the clipboard. */
        public const val EXPIRY_MILLIS: Long = 60_000

        private const val LABEL = "dev.keyway"

        /** Older versions do not know the name and do no harm with it. */
        private val SENSITIVE =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) ClipDescription.EXTRA_IS_SENSITIVE else "android.content.extra.IS_SENSITIVE"
    }
}
