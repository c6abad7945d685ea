package dev.keyway.app.screens

import dev.keyway.WhosePhone
import dev.keyway.app.MainActivity
import dev.keyway.app.R

/** The first question: what the core keeps on this phone depends on it. */
internal class WhosePhoneScreen(main: MainActivity) : Screen(main) {
    override val title: String get() = words(R.string.whose_title)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        page.button(words(R.string.whose_own)) { main.push(SignInScreen(main, WhosePhone.OWN)) }
        page.text(words(R.string.whose_own_means))
        page.button(words(R.string.whose_borrowed)) { main.push(SignInScreen(main, WhosePhone.BORROWED)) }
        page.text(words(R.string.whose_borrowed_means))
    }
}
