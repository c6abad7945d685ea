package dev.keyway

import dev.keyway.journeys.word
import dev.keyway.stage.DOOR
import dev.keyway.stage.OnPhone
import dev.keyway.stage.onPhone
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** Once a cancelled call has returned, the air sees nothing more of it, and the next call works. */
class CancellationTest {
    @TestFactory
    fun unlocks(): List<DynamicTest> = UnlockPhase.entries.minus(UnlockPhase.UNLOCKING).map { phase ->
        dynamicTest("an_unlock_cancelled_while_${phase.name.lowercase()}") {
            onPhone {
                stopsAt { reached -> app.unlock(door) { if (it == phase) reached() } }
                assertEquals(UnlockOutcome.Unlocked, app.unlock(door))
            }
        }
    }

    @TestFactory
    fun syncs(): List<DynamicTest> {
        val phases = listOf("scanning", "connecting", "authenticating", "sending")
        return phases.map { phase ->
            dynamicTest("a_sync_cancelled_while_$phase") {
                onPhone {
                    stopsAt { reached -> app.sync(door) { if (word(it) == phase) reached() } }
                    assertIs<SyncOutcome.Synced>(app.sync(door))
                }
            }
        }
    }

    @Test
    fun a_sync_of_all_doors_is_cancelled() = onPhone {
        stopsAt { reached -> app.syncAllInRange { if (it is SyncAllPhase.AtDoor) reached() } }
        assertEquals(UnlockOutcome.Unlocked, app.unlock(door))
    }

    @Test
    fun an_unlock_that_runs_out_of_time() = onPhone {
        lock("in_range" to false)
        assertFailsWith<TimeoutCancellationException> { withTimeout(SHORT) { app.unlock(door) } }
        isQuiet()
        lock("in_range" to true)
        assertEquals(UnlockOutcome.Unlocked, app.unlock(door))
    }

    @Test
    fun a_sync_that_runs_out_of_time() = onPhone {
        lock("in_range" to false)
        assertFailsWith<TimeoutCancellationException> { withTimeout(SHORT) { app.sync(door) } }
        isQuiet()
        lock("in_range" to true)
        assertIs<SyncOutcome.Synced>(app.sync(door))
    }

    @Test
    fun whoever_collects_phases_and_is_cancelled_stops_the_attempt() = onPhone {
        app.beginUnlock(door).use { attempt ->
            stopsAt { reached -> attempt.phases.collect { if (it == UnlockPhase.CONNECTING) reached() } }
            val outcome = assertIs<UnlockOutcome.NotUnlocked>(attempt.await())
            assertIs<KeywayException.Cancelled>(outcome.why)
        }
    }

    @Test
    fun whoever_has_seen_enough_phases_does_not() = onPhone {
        app.beginUnlock(door).use { attempt ->
            assertEquals(UnlockPhase.CONNECTING, attempt.phases.first { it == UnlockPhase.CONNECTING })
            assertEquals(UnlockOutcome.Unlocked, attempt.await())
        }
    }

    /** The control of all of these: what nobody cancels is seen to go on. */
    @Test
    fun the_air_sees_what_is_not_cancelled() = onPhone {
        app.beginUnlock(door).use { attempt ->
            attempt.phases.first { it == UnlockPhase.CONNECTING }
            val before = lock()
            attempt.await()
            assertTrue(lock() > before)
        }
    }

    /** Cancels [journey] once it says that it is where it should be. */
    private suspend fun OnPhone.stopsAt(journey: suspend (reached: () -> Unit) -> Unit) = coroutineScope {
        val there = CompletableDeferred<Unit>()
        val running = launch { journey { there.complete(Unit) } }
        there.await()
        running.cancelAndJoin()
        assertTrue(running.isCancelled)
        isQuiet()
    }

    /** Nothing more is asked of the air while the phone talks with its service several times over. */
    private suspend fun OnPhone.isQuiet() {
        val before = lock()
        repeat(3) { app.refresh() }
        assertEquals(before, lock())
    }

    /** Changes the lock; how many operations its air saw so far. */
    private suspend fun OnPhone.lock(vararg change: Pair<String, Boolean>): Long {
        val value = buildJsonObject {
            put("door", JsonPrimitive(DOOR))
            change.forEach { (name, value) -> put(name, JsonPrimitive(value)) }
        }
        val seen = checkNotNull(building.change("lock", value)) { "no such change" }
        return seen.jsonObject.getValue("operations").jsonPrimitive.long
    }

    private companion object {
        val SHORT = 500.milliseconds
    }
}
