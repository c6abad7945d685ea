package dev.keyway.journeys

import dev.keyway.Keyway
import dev.keyway.KeywayException
import dev.keyway.stage.Account
import dev.keyway.stage.Building
import dev.keyway.stage.phone
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readText

/** A step did not give what it must. */
class StepFailed(number: Int, step: Step, mismatch: Mismatch, observed: JsonElement) :
    AssertionError("step $number: $step\nat ${mismatch.at}: expected ${mismatch.expected}, observed ${mismatch.observed}\nof $observed")

/** Plays a scenario in a building, on phones whose folders are below [home]. An error that a step does not expect fails it. */
suspend fun play(scenario: Scenario, building: Building, home: Path): Unit = coroutineScope {
    val play = Play(building, home, this)
    try {
        val saved = mutableMapOf<String, String>()
        repeat(scenario.size) { index ->
            val step = scenario.step(index, saved)
            val observed = play.step(step)
            step.save?.let { name -> observed.digits?.let { saved[name] = it } }
            wrong(step, observed.json)?.let { throw StepFailed(index + 1, step, it, observed.json) }
        }
    } finally {
        withContext(NonCancellable) { play.end() }
    }
}

private fun wrong(step: Step, observed: JsonElement): Mismatch? {
    val error = (observed as? JsonObject)?.get("error").takeIf { it !is JsonNull }
    val isExpected = (step.expect as? JsonObject)?.containsKey("error") ?: false
    return if (error != null && !isExpected) Mismatch(".error", JsonNull, error) else mismatch(step.expect, observed)
}

private class Play(private val building: Building, private val home: Path, private val scope: CoroutineScope) {
    private val phones = mutableMapOf<String, Keyway>()
    private val begun = mutableMapOf<String, Begun>()

    suspend fun step(step: Step): Observed = when (step.call) {
        "world" -> change(step)
        "start" -> Observed(start(step.on))
        "phase" -> ofBegun(step) { Observed(observed("reached" to it.reach(step.word("phase")))) }
        "cancel" -> ofBegun(step) { Observed(observed("cancelled" to it.cancel())) }
        "outcome" -> ofBegun(step) {
            begun -= step.word("of")
            it.finish()
        }
        else -> onPhone(step)
    }

    suspend fun end() {
        phones.values.forEach { it.shutDown() }
    }

    private suspend fun ofBegun(step: Step, look: suspend (Begun) -> Observed): Observed =
        begun[step.word("of")]?.let { look(it) } ?: Observed(observed("error" to "not_begun"))

    private suspend fun onPhone(step: Step): Observed {
        if (step.on !in phones) {
            val started = start(step.on)
            if ("error" in started) return Observed(started)
        }
        val started = begin(step, Calls(phones.getValue(step.on), ::account))
        val name = step.begunAs ?: return started.finish()
        begun[name] = started
        return NOTHING
    }

    private suspend fun begin(step: Step, calls: Calls): Begun = try {
        // It runs up to its first wait before the next step does.
        calls.attempt(step) ?: BegunCall(scope.async(start = CoroutineStart.UNDISPATCHED) { calls.call(step) })
    } catch (error: KeywayException) {
        Ended(Observed(observe(error)))
    }

    private fun account(name: String): Account = building.account(name) ?: Account("nobody@example.org", "")

    /** A new process on this phone: what ran on it is killed, since it must not hold the folder. */
    private suspend fun start(name: String): JsonObject {
        kill(name)
        val app = phone(building, home.resolve(name))
        phones[name] = app
        return try {
            observe(app.start(), app.status)
        } catch (error: KeywayException) {
            observe(error)
        }
    }

    private suspend fun kill(name: String) {
        phones.remove(name)?.shutDown()
    }

    private suspend fun change(step: Step): Observed {
        val change = step.word("change")
        if (change == "phone") {
            if (step.value == JsonPrimitive("kill")) kill(step.on)
            return Observed(look(home.resolve(step.on)))
        }
        val given = building.change(change, step.value)?.jsonObject ?: return Observed(observed("error" to "no_such_change"))
        // What a message brought is for the next steps, not for the eyes of this one.
        val found = (given["found"] as? JsonPrimitive)?.contentOrNull
        return Observed(JsonObject(given - "found"), found)
    }

    private fun look(folder: Path): JsonObject {
        val keychain = folder.resolve("keychain/development-keychain.json")
        val services = if (keychain.exists()) Json.parseToJsonElement(keychain.readText()).jsonObject.values else emptyList()
        val cache = folder.resolve("cache")
        return observed(
            "keychain_items" to services.sumOf { it.jsonObject.size },
            "files" to if (cache.exists()) cache.listDirectoryEntries().size else 0,
        )
    }
}
