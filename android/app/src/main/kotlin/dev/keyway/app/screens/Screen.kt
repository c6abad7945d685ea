package dev.keyway.app.screens

import android.view.View
import android.widget.TextView
import dev.keyway.Keyway
import dev.keyway.KeywayException
import dev.keyway.OpenException
import dev.keyway.advice
import dev.keyway.app.MainActivity
import dev.keyway.app.MainThread
import dev.keyway.text
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** One screen: it asks the core and shows what that says. What it began is stopped when it is left. */
internal abstract class Screen(protected val main: MainActivity) {
    private val scope = CoroutineScope(SupervisorJob() + MainThread)
    private val page = Page(main)
    private val built = lazy { page.apply { fill(this) }.view }

    /** What it is called. */
    abstract val title: String

    /** It shows, or keeps to show, something of the account. */
    open val holdsAccount: Boolean get() = false

    val view: View get() = built.value

    protected abstract fun fill(page: Page)

    /** It is seen again. */
    open fun returned(): Unit = Unit

    /** It is seen no more. */
    open fun leave(): Unit = scope.cancel()

    protected fun words(id: Int, vararg with: Any): String = main.getString(id, *with)

    /** Asks the core something. What fails is told in [status], as the core words it. */
    protected fun ask(status: TextView, question: suspend (Keyway) -> Unit): Job = scope.launch {
        try {
            question(main.phone.keyway())
        } catch (error: KeywayException) {
            status.text = error.advice().text
        } catch (error: OpenException) {
            status.text = error.advice().text
        }
    }
}
