package dev.keyway.journeys

import dev.keyway.Attempt
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.flow.onEach
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull

/** What a call gave, and digits that it revealed. */
class Observed(val json: JsonElement, val digits: String? = null)

/** A call that goes on. */
sealed interface Begun {
    /** Waits for a phase; false when the call ended without it. */
    suspend fun reach(wanted: String): Boolean = false

    /** Cancels an attempt; false for anything else. */
    fun cancel(): Boolean = false

    /** Waits for the end. */
    suspend fun finish(): Observed
}

/** An attempt, and the phases it told so far. */
class BegunAttempt<P : Any, O : Any>(
    private val attempt: Attempt<P, O>,
    private val oncePerPhase: Boolean,
    private val observe: (List<String>, O) -> JsonElement,
) : Begun {
    private val seen = mutableListOf<String>()

    override suspend fun reach(wanted: String): Boolean =
        attempt.phases.onEach { seen += word(it) }.firstOrNull { word(it) == wanted } != null

    override fun cancel(): Boolean {
        attempt.cancel()
        return true
    }

    override suspend fun finish(): Observed = attempt.use {
        attempt.phases.collect { seen += word(it) }
        Observed(observe(if (oncePerPhase) deduplicated() else seen, attempt.await()))
    }

    private fun deduplicated() = seen.filterIndexed { index, phase -> index == 0 || seen[index - 1] != phase }
}

/** Any other call. */
class BegunCall(private val result: Deferred<Observed>) : Begun {
    override suspend fun finish(): Observed = result.await()
}

/** It has ended. */
class Ended(private val observed: Observed) : Begun {
    override suspend fun finish(): Observed = observed
}

/** Nothing to say of it. */
val NOTHING: Observed = Observed(JsonNull)
