package dev.keyway.app.screens

import android.widget.Button
import android.widget.ProgressBar
import android.widget.TextView
import dev.keyway.Attempt
import dev.keyway.Doorcode
import dev.keyway.EntryHints
import dev.keyway.SyncPhase
import dev.keyway.app.MainActivity
import dev.keyway.app.R
import dev.keyway.await

/** One door: unlock it, see its codes, sync it. */
internal class DoorScreen(main: MainActivity, private val door: String, private val name: String) : Screen(main) {
    private val labels = Labels(main)
    private val codes = mutableListOf<CodeRow>()
    private var attempt: Attempt<*, *>? = null
    private lateinit var status: TextView
    private lateinit var unlock: Button
    private lateinit var sync: Button
    private lateinit var cancel: Button
    private lateinit var progress: ProgressBar

    override val title: String get() = name
    override val holdsAccount: Boolean get() = true

    override fun fill(page: Page) {
        page.heading(title, large = true)
        status = page.live()
        unlock = page.button(words(R.string.unlock), words(R.string.unlock_named, name)) { unlock() }
        sync = page.button(words(R.string.sync), words(R.string.sync_named, name)) { sync() }
        progress = page.progress(words(R.string.sync_progress))
        cancel = page.button(words(R.string.cancel)) { attempt?.cancel() }
        busy(false)
        page.heading(words(R.string.doorcodes))
        val list = page.part()
        ask(status) { keyway ->
            val found = keyway.doorcodes(door)
            if (found.codes.isEmpty()) list.text(words(R.string.no_doorcodes))
            found.hints?.let { hint(list, it) }
            found.codes.forEach { add(list, it) }
        }
    }

    override fun leave() {
        codes.forEach(CodeRow::hide)
        super.leave()
    }

    private fun hint(list: Page, hints: EntryHints) {
        list.text(words(R.string.entry_hint, hints.wake, (hints.betweenDigitsMillis / MILLIS).toInt()))
        if (hints.deadboltRefusesDaily) list.text(words(R.string.deadbolt_hint))
    }

    private fun add(list: Page, code: Doorcode) {
        list.heading(labels.of(code.kind))
        list.text(labels.facts(code))
        codes += CodeRow(list, code.digits, main.phone, labels.of(code.kind))
    }

    private fun unlock() {
        ask(status) { keyway ->
            val outcome = carry(keyway.beginUnlock(door)) { status.text = labels.of(it) }
            status.text = labels.of(outcome)
        }
    }

    private fun sync() {
        ask(status) { keyway ->
            val outcome = carry(keyway.beginSync(door)) { phase ->
                val told = labels.of(phase)
                if (told != status.text.toString()) status.text = told
                progress.isVisible(phase is SyncPhase.Sending)
                if (phase is SyncPhase.Sending) progress.progress = share(phase)
            }
            status.text = labels.of(outcome)
        }
    }

    /** One journey at a time has the buttons; leaving the screen stops it. */
    private suspend fun <P : Any, O : Any> carry(begun: Attempt<P, O>, onPhase: (P) -> Unit): O = begun.use {
        attempt = it
        busy(true)
        try {
            it.await { phase -> onPhase(phase) }
        } finally {
            attempt = null
            busy(false)
        }
    }

    private fun busy(busy: Boolean) {
        unlock.isEnabled = !busy
        sync.isEnabled = !busy
        cancel.isVisible(busy)
        if (!busy) progress.isVisible(false)
    }

    private fun share(phase: SyncPhase.Sending): Int {
        val total = phase.total.toLong().coerceAtLeast(1)
        return (phase.sent.toLong() * Page.PROGRESS / total).toInt()
    }

    private companion object {
        const val MILLIS = 1000UL
    }
}
