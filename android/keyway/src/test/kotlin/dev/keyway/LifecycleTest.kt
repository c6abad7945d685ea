package dev.keyway

import dev.keyway.stage.inBuilding
import dev.keyway.stage.onPhone
import dev.keyway.stage.phone
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs

/** Objects that are let go of while something runs on them, twice, or too early: each answer is a type, and the process lives. */
class LifecycleTest {
    @Test
    fun closing_twice_is_no_error_and_a_call_on_what_is_closed_says_so() = onPhone {
        val attempt = app.beginUnlock(door)
        attempt.close()
        attempt.close()
        assertFailsWith<IllegalStateException> { attempt.await() }
        assertFailsWith<IllegalStateException> { attempt.cancel() }
        app.close()
        app.close()
        assertFailsWith<IllegalStateException> { app.status }
        assertFailsWith<IllegalStateException> { app.doors() }
        app.shutDown()
    }

    @Test
    fun an_app_closed_during_a_call_ends_that_call() = onPhone {
        val first = coroutineScope {
            val call = async(start = CoroutineStart.UNDISPATCHED) { runCatching { app.refresh() } }
            val attempt = app.beginUnlock(door)
            attempt.phases.first()
            app.close()
            attempt.use { it.await() }
            call.await()
        }
        first.onFailure { assertIs<KeywayException>(it) }
    }

    @Test
    fun an_attempt_closed_while_somebody_waits_for_it_answers_them() = onPhone {
        val attempt = app.beginUnlock(door)
        coroutineScope {
            val outcome = async(start = CoroutineStart.UNDISPATCHED) { attempt.await() }
            attempt.phases.first { it == UnlockPhase.CONNECTING }
            attempt.close()
            assertIs<UnlockOutcome>(outcome.await())
        }
        assertIs<UnlockOutcome>(app.unlock(door))
    }

    @Test
    fun an_app_shut_down_during_an_unlock_answers_it_and_ends() = onPhone {
        val attempt = app.beginUnlock(door)
        attempt.phases.first()
        app.shutDown()
        val ended = runCatching { attempt.use { it.await() } }
        ended.onFailure { assertIs<KeywayException>(it) }
        app.shutDown()
        assertFailsWith<IllegalStateException> { app.status }
    }

    @Test
    fun a_home_has_one_app_at_a_time() = inBuilding { building, home ->
        val first = phone(building, home)
        assertFailsWith<OpenException.HomeInUse> { phone(building, home) }
        first.shutDown()
        phone(building, home).shutDown()
    }

    @Test
    fun notices_are_told_once_and_end_with_the_app() = onPhone {
        coroutineScope {
            val told = async { app.notices.toList() }
            app.unlock(door)
            app.signOut()
            app.shutDown()
            val notices = told.await()
            assertEquals(listOf(Notice.SignedIn(borrowed = false)), notices.filterIsInstance<Notice.SignedIn>())
            assertEquals(listOf(Notice.SignedOut(complete = true)), notices.filterIsInstance<Notice.SignedOut>())
        }
    }

    @Test
    fun a_panic_inside_arrives_as_an_error_without_its_text() = inBuilding { _, _ ->
        val errors = listOf(
            assertFailsWith<KeywayException.Internal> { panicInside() },
            assertFailsWith<KeywayException.Internal> { panicInsideLater() },
        )
        errors.forEach { assertEquals(false, "panic" in it.toString()) }
    }
}
