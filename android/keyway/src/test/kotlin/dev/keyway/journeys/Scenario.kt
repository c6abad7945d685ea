package dev.keyway.journeys

import dev.keyway.stage.root
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText

/** One journey, as every language plays it; `tests/journeys/README.md` describes the format. */
class Scenario(val name: String, private val json: JsonObject) {
    /** `real` or `virtual`. */
    val time: String get() = json.getValue("time").jsonPrimitive.content

    /** How many steps there are. */
    val size: Int get() = json.getValue("steps").jsonArray.size

    /** A step with what was saved in the place of its name: any text `$name` in it stands for that. */
    fun step(index: Int, saved: Map<String, String>): Step =
        Step(filledIn(json.getValue("steps").jsonArray[index], saved).jsonObject)

    companion object {
        /** All scenarios, by name. */
        fun all(): List<Scenario> =
            root.resolve("tests/journeys/scenarios").listDirectoryEntries("*.json").sorted().map { file ->
                Scenario(file.nameWithoutExtension, Json.parseToJsonElement(file.readText()).jsonObject)
            }
    }
}

/** One step. */
class Step(private val json: JsonObject) {
    /** What is called. */
    val call: String = text("call") ?: error("a step without a call: $json")

    /** On which phone. */
    val on: String = text("on") ?: "phone"

    /** The call is only begun, and goes on under this name. */
    val begunAs: String? = text("as")

    /** What the call reveals is remembered under this name. */
    val save: String? = text("save")

    /** What must come of it. */
    val expect: JsonElement get() = json["expect"] ?: JsonNull

    /** What a change of the world is made with. */
    val value: JsonElement get() = json["value"] ?: JsonNull

    fun text(key: String): String? = json[key]?.jsonPrimitive?.contentOrNull

    fun word(key: String): String = text(key) ?: error("$call without $key: $json")

    fun flag(key: String): Boolean = json[key]?.jsonPrimitive?.content.toBoolean()

    fun number(key: String): Long? = text(key)?.toLong()

    fun words(key: String): List<String> = json.getValue(key).jsonArray.map { it.jsonPrimitive.content }

    override fun toString(): String = json.toString()
}

private fun filledIn(value: JsonElement, saved: Map<String, String>): JsonElement = when (value) {
    is JsonObject -> JsonObject(value.mapValues { (_, field) -> filledIn(field, saved) })
    is JsonArray -> JsonArray(value.map { filledIn(it, saved) })
    is JsonPrimitive -> {
        val name = value.takeIf { it.isString }?.content?.takeIf { it.startsWith('$') }?.drop(1)
        saved[name]?.let(::JsonPrimitive) ?: value
    }
}
