package dev.keyway

import java.lang.ref.WeakReference

/** What asking for a doorcode's digits gives. */
public sealed interface Revealed {
    /** The digits, until they are wiped. */
    public class Digits internal constructor(private val ascii: ByteArray) : Revealed, AutoCloseable {
        /** How many digits there are. */
        public val size: Int get() = ascii.size

        /** Nothing is shown any more. */
        public val isWiped: Boolean get() = ascii.all { it == WIPED }

        /** The digits for a text field, leading zeros included. The caller wipes the copy. */
        public fun toCharArray(): CharArray {
            check(!isWiped) { "the digits were wiped" }
            return CharArray(ascii.size) { ascii[it].toInt().toChar() }
        }

        /** Wipes the digits. */
        override fun close(): Unit = ascii.fill(WIPED)

        /** Shows nothing. */
        override fun toString(): String = "Digits(..)"
    }

    /**
     * A lasting code on somebody else's phone: offer a daily code, worthless tomorrow. If they want this one all the same, ask again with `confirmed`, and
     * advise to reset it from their own phone later.
     */
    public data object AsksTwice : Revealed
}

/** Shows the digits of a doorcode; [confirmed] is the second yes, and counts only where the code asks twice. Close what it gives once it is off the screen. */
public fun CodeDigits.show(confirmed: Boolean = false): Revealed =
    reveal(confirmed)?.let(Revealed::Digits) ?: Revealed.AsksTwice

/**
 * The digits that an app shows, so that a sign-out takes them off the screen: [erase] is its answer for [ShellPlace.SHELL_STRINGS] as far as they go. Names
 * and texts that the app copied itself it clears before.
 */
public class Shown {
    private val open = mutableListOf<WeakReference<Revealed.Digits>>()

    /** Shows digits and remembers them until they are wiped; see [CodeDigits.show]. */
    public fun show(digits: CodeDigits, confirmed: Boolean = false): Revealed =
        digits.show(confirmed).also { if (it is Revealed.Digits) add(it) }

    internal fun add(digits: Revealed.Digits): Unit = synchronized(open) {
        open.removeAll { it.get()?.isWiped ?: true }
        open += WeakReference(digits)
    }

    /** Wipes all that are left and looks again. */
    public fun erase(): ShellAnswer = synchronized(open) {
        val held = open.mapNotNull { it.get() }.filterNot { it.isWiped }
        held.forEach { it.close() }
        open.clear()
        when {
            held.isEmpty() -> ShellAnswer.WasEmpty
            held.all { it.isWiped } -> ShellAnswer.Gone
            else -> ShellAnswer.Remains(ShellRemains.REFUSED)
        }
    }

    override fun toString(): String = "Shown(..)"
}

private const val WIPED: Byte = 0
