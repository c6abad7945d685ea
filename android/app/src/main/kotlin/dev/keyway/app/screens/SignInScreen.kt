package dev.keyway.app.screens

import android.text.InputType
import android.widget.EditText
import android.widget.TextView
import dev.keyway.Availability
import dev.keyway.Keyway
import dev.keyway.WayToSignIn
import dev.keyway.WhosePhone
import dev.keyway.advice
import dev.keyway.app.MainActivity
import dev.keyway.app.R
import dev.keyway.text

/** The ways to get on that the core names for this phone, in its order. */
internal class SignInScreen(main: MainActivity, private val whose: WhosePhone) : Screen(main) {
    private lateinit var email: EditText
    private lateinit var status: TextView

    override val title: String get() = words(R.string.sign_in)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        if (whose == WhosePhone.BORROWED) page.text(words(R.string.whose_borrowed_means))
        status = page.live()
        email = page.field(words(R.string.email), InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS)
        val ways = page.part()
        ask(status) { keyway -> keyway.waysToSignIn(whose).forEach { fill(ways, it.way, it.availability) } }
    }

    private fun fill(page: Page, way: WayToSignIn, availability: Availability) {
        page.heading(words(way.label))
        if (availability is Availability.No) {
            page.text(availability.why.advice().text)
            return
        }
        when (way) {
            WayToSignIn.DAILY_CODE_FROM_SOMEONE -> page.text(words(R.string.way_daily_code_means))
            WayToSignIn.PROPERTY -> page.text(words(R.string.way_property_means))
            WayToSignIn.PASSWORD -> secret(page, R.string.password, InputType.TYPE_TEXT_VARIATION_PASSWORD) { keyway, typed ->
                keyway.signIn(address(), typed, whose)
            }
            WayToSignIn.ONE_TIME_CODE -> {
                page.button(words(R.string.send_code)) { send(words(R.string.sent)) { keyway -> keyway.sendOneTimeCode(address()) } }
                secret(page, R.string.one_time_code, InputType.TYPE_TEXT_VARIATION_VISIBLE_PASSWORD) { keyway, typed ->
                    keyway.signInWithCode(address(), typed, whose)
                }
            }
            WayToSignIn.PASSWORD_RESET ->
                page.button(words(R.string.send_reset)) { send(words(R.string.sent)) { keyway -> keyway.sendPasswordReset(address()) } }
        }
    }

    private fun secret(page: Page, label: Int, type: Int, signIn: suspend (Keyway, CharSequence) -> Unit) {
        val field = page.field(words(label), type)
        page.button(words(R.string.sign_in)) { button ->
            status.text = words(R.string.signing_in)
            button.isEnabled = false
            ask(status) { keyway ->
                signIn(keyway, field.text)
                email.text.clear()
                main.route(keyway)
            }.invokeOnCompletion {
                field.text.clear()
                button.isEnabled = true
            }
        }
    }

    private fun send(sent: String, ask: suspend (Keyway) -> Unit) {
        ask(status) { keyway ->
            ask(keyway)
            status.text = sent
        }
    }

    private fun address() = email.text.toString()
}

private val WayToSignIn.label: Int
    get() = when (this) {
        WayToSignIn.DAILY_CODE_FROM_SOMEONE -> R.string.way_daily_code
        WayToSignIn.PASSWORD -> R.string.password
        WayToSignIn.ONE_TIME_CODE -> R.string.one_time_code
        WayToSignIn.PASSWORD_RESET -> R.string.way_reset
        WayToSignIn.PROPERTY -> R.string.way_property
    }
