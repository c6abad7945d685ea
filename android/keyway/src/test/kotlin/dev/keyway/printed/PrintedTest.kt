package dev.keyway.printed

import dev.keyway.CodeDay
import dev.keyway.CodeForSomeone
import dev.keyway.Invitation
import dev.keyway.Keyway
import dev.keyway.KeywayApp
import dev.keyway.KeywayException
import dev.keyway.NewDoorcode
import dev.keyway.Recipient
import dev.keyway.Revealed
import dev.keyway.WhosePhone
import dev.keyway.advice
import dev.keyway.show
import dev.keyway.stage.inBuilding
import dev.keyway.stage.phone
import dev.keyway.stage.signIn
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What a type prints may end in a log or a crash report: nothing that an exported type or error says is a secret. */
class PrintedTest {
    /** No type is left out: each field that holds a text is marked, and what is printed of it is in [SHOWN]. */
    @TestFactory
    fun values(): List<DynamicTest> {
        assertTrue(Exported.values.size > 120, "the types were found: ${Exported.values.size}")
        return Exported.values.filter { Marked.fields(it).isNotEmpty() }.map { type ->
            val name = Marked.nameOf(type)
            dynamicTest("printed_$name") {
                val printed = Marked.make(type).let { "$it ${(it as? Throwable)?.stackTraceToString()}" }
                val shown = Marked.fields(type).filter { Marked.text(type, it) in printed }
                assertEquals(SHOWN[name].orEmpty(), shown.toSet())
            }
        }
    }

    @Test
    fun no_error_holds_a_text() {
        val errors = Exported.values.filter { Throwable::class.java.isAssignableFrom(it) }
        assertTrue(errors.size > 60, "the errors were found: ${errors.size}")
        assertEquals(emptyList(), errors.filter { Marked.fields(it).isNotEmpty() })
    }

    @Test
    fun what_is_listed_as_shown_exists() {
        val known = Exported.values.associate { Marked.nameOf(it) to Marked.fields(it) }
        SHOWN.forEach { (type, fields) -> assertTrue(known[type].orEmpty().containsAll(fields), type) }
    }

    @Test
    fun a_whole_journey_prints_no_secret() = inBuilding { building, home ->
        val journey = Journey(phone(building, home))
        val resident = checkNotNull(building.account("resident"))
        journey.app.start()
        journey.takes { signIn(resident.email, PASSWORD, WhosePhone.OWN) }
        journey.takes { signIn(building) }
        val door = journey.takes { refresh() }!!.doors.first().id
        journey.visits(door)
        journey.takes { changePassword(resident.password, WEAK) }
        journey.takes { signOut() }
        journey.takes { doors() }
        val secrets = journey.digits + listOf(PASSWORD, WEAK, resident.password, resident.email, RECIPIENT, NUMBER, GUEST)
        assertTrue(journey.digits.size > 2, "digits were revealed")
        val printed = journey.printed()
        assertTrue(printed.size > 200, "much was printed: ${printed.size}")
        secrets.forEach { secret -> assertEquals(emptyList(), printed.filter { secret in it }) }
        val missed = Exported.handles.map(Marked::nameOf) - journey.handles - NOT_ON_THE_WAY
        assertEquals(emptyList(), missed, "handles that no journey gave")
        journey.app.shutDown()
    }

    private companion object {
        const val PASSWORD = "Canary-Password-71"
        const val WEAK = "canaryweak"
        const val RECIPIENT = "canary@example.org"
        const val NUMBER = "+15550100777"
        const val GUEST = "Canarius"
        val NOT_ON_THE_WAY = setOf("PageToken")
    }

    /** Calls, and whatever they gave or threw. */
    private class Journey(val app: Keyway) {
        private val given = mutableListOf<Any>(app)
        val digits = mutableListOf<String>()
        val handles = mutableSetOf<String>()

        suspend fun <T : Any> takes(call: suspend Keyway.() -> T): T? = try {
            app.call().also { given += it }
        } catch (error: KeywayException) {
            given.addAll(listOf(error, error.advice(Locale.ENGLISH)))
            null
        }

        suspend fun visits(door: String) {
            takes { waysToSignIn(WhosePhone.BORROWED) }
            takes { sessions() }
            takes { lockoutOptions(door) }
            takes { doorcodes(door) }?.codes?.forEach { reveal(it.digits.show(true)) }
            takes { newDoorcode(door, NewDoorcode(false, CodeDay.TODAY)) }?.let { reveal(it.digits.show()) }
            takes { resetDoorcode(doorcodes(door).codes.first().id) }?.let { reveal(it.digits.show()) }
            takes { sync(door) { given += it } }
            // Not let go of: they are printed at the end.
            takes { beginSync(door) }?.await()
            takes { beginUnlock(door) }?.await()
            takes { beginSyncAllInRange() }?.await()
            takes { unlock(door) { given += it } }
            takes { syncAllInRange { given += it } }
            val letIn = CodeForSomeone(GUEST, GUEST, Recipient.Phone(NUMBER), listOf(door), true, CodeDay.TODAY)
            takes { sendDoorcode(letIn.also { given += it }) }
            val invitation = Invitation(GUEST, GUEST, Recipient.Email(RECIPIENT), listOf(door), null, null)
            takes { inviteGuest(invitation.also { given += it }) }
            takes { peopleLetIn() }?.forEach { person ->
                person.accesses.forEach { access -> access.digits?.let { reveal(it.show(true)) } }
            }
            takes { activity(door) }
            takes { diagnostics() }
            takes { status }
        }

        private fun reveal(revealed: Revealed) {
            given += revealed
            if (revealed is Revealed.Digits) digits += revealed.toCharArray().concatToString()
        }

        /** Everything in what was given, printed. */
        fun printed(): List<String> {
            val seen = mutableSetOf<Int>()
            val left = ArrayDeque(given)
            val printed = mutableListOf<String>()
            while (left.isNotEmpty()) {
                val value = left.removeFirst()
                if (value is List<*>) left.addAll(value.filterNotNull())
                if (!value::class.java.name.startsWith("dev.keyway.") || !seen.add(System.identityHashCode(value))) continue
                printed += value.toString()
                if (value is Throwable) printed += value.stackTraceToString()
                // A handle's own fields are its number and how it is freed.
                if (value is KeywayApp) left.add(value.notices())
                if (value::class.java in Exported.handles) handles += Marked.nameOf(value::class.java) else left.addAll(parts(value))
            }
            return printed
        }

        private fun parts(value: Any): List<Any> =
            value::class.java.declaredFields.onEach { it.isAccessible = true }.mapNotNull { it.get(value) }
    }
}
