package dev.keyway.app.screens

import android.widget.Button
import android.widget.TextView
import dev.keyway.CodeDigits
import dev.keyway.KeywayException
import dev.keyway.Revealed
import dev.keyway.advice
import dev.keyway.app.Phone
import dev.keyway.app.R
import dev.keyway.text

/** One code's digits: shown at a tap, hidden at the next, wiped with the screen. */
internal class CodeRow(page: Page, private val digits: CodeDigits, private val phone: Phone, private val kind: String) {
    private val text: TextView = page.live()
    private val button: Button = page.button("") { if (shown == null) show() else hide() }
    private val copy: Button = page.button("") { copy() }
    private var shown: Revealed.Digits? = null
    private var characters: CharArray? = null
    private var asked = false

    init {
        hide()
    }

    /** Takes the digits off the screen and wipes what held them. */
    fun hide() {
        shown?.close()
        shown = null
        text.text = ""
        characters?.fill(' ')
        characters = null
        asked = false
        label(R.string.reveal, R.string.reveal_named)
        copy.isVisible(false)
    }

    private fun show() {
        try {
            when (val revealed = phone.shown.show(digits, confirmed = asked)) {
                is Revealed.AsksTwice -> {
                    asked = true
                    text.text = text.context.getString(R.string.asks_twice)
                    label(R.string.reveal_anyway, R.string.reveal_anyway_named)
                }
                is Revealed.Digits -> show(revealed)
            }
        } catch (error: KeywayException) {
            text.text = error.advice().text
        }
    }

    private fun show(revealed: Revealed.Digits) {
        shown = revealed
        val spaced = spaced(revealed)
        characters = spaced
        // The view reads the array itself: no string is made of it, and wiping it wipes what the view shows.
        text.setText(spaced, 0, spaced.size)
        label(R.string.hide_code, R.string.hide_code_named)
        copy.text = text.context.getString(R.string.copy)
        copy.contentDescription = text.context.getString(R.string.copy_named, kind)
        copy.isVisible(true)
    }

    private fun copy() {
        val open = shown ?: return
        if (open.isWiped) return hide()
        phone.clipboard.copy(open)
        copy.text = text.context.getString(R.string.copied)
    }

    private fun label(short: Int, spoken: Int) {
        button.text = text.context.getString(short)
        button.contentDescription = text.context.getString(spoken, kind)
    }
}

/** A space after each digit: read aloud one by one, not as a number of millions. */
private fun spaced(digits: Revealed.Digits): CharArray {
    val tight = digits.toCharArray()
    val spaced = CharArray(tight.size * 2) { if (it % 2 == 0) tight[it / 2] else ' ' }
    tight.fill(' ')
    return spaced
}
