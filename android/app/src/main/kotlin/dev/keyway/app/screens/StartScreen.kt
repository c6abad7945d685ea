package dev.keyway.app.screens

import android.widget.TextView
import dev.keyway.app.MainActivity
import dev.keyway.app.R

/** What is seen until the core knows where the account is. */
internal class StartScreen(main: MainActivity) : Screen(main) {
    override val title: String get() = words(R.string.app_name)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        val status = page.live()
        page.button(words(R.string.try_again)) { open(status) }
        open(status)
    }

    private fun open(status: TextView) {
        status.text = words(R.string.opening)
        ask(status) { keyway ->
            val report = main.phone.finishedWipe
            main.phone.finishedWipe = null
            if (report == null) main.route(keyway) else main.showReport(report)
        }
    }
}

/** What went wrong where no screen was there to say it. */
internal class ErrorScreen(main: MainActivity, private val told: String) : Screen(main) {
    override val title: String get() = words(R.string.app_name)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        val status = page.live()
        status.text = told
        page.button(words(R.string.try_again)) { ask(status) { keyway -> main.route(keyway) } }
    }
}

/** Nothing: what is seen while a sign-out empties every place. */
internal class BlankScreen(main: MainActivity) : Screen(main) {
    override val title: String get() = words(R.string.app_name)

    override fun fill(page: Page) {
        page.live().text = words(R.string.signing_out)
    }
}

/** Everything is hidden until the phone's owner asks for it. */
internal class HiddenScreen(main: MainActivity) : Screen(main) {
    override val title: String get() = words(R.string.hidden_title)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        val status = page.live()
        page.button(words(R.string.show)) {
            ask(status) { keyway ->
                keyway.show()
                main.route(keyway)
            }
        }
        page.button(words(R.string.sign_out)) {
            status.text = words(R.string.signing_out)
            main.phone.signOut()
        }
    }
}
