package dev.keyway.journeys

import dev.keyway.Advice
import dev.keyway.Availability
import dev.keyway.KeywayException
import dev.keyway.advice
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Locale

/** A variant's name in snake case, without its fields: the word that all languages share. */
fun word(value: Any): String = when (value) {
    is Enum<*> -> value.name.lowercase()
    else -> checkNotNull(value::class.simpleName).replace(BEFORE_CAPITAL, "_").lowercase()
}

private val BEFORE_CAPITAL = Regex("(?<!^)(?=[A-Z])")

fun observed(vararg fields: Pair<String, Any?>): JsonObject = JsonObject(fields.associate { (key, value) -> key to json(value) })

fun json(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is Boolean -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is UByte -> JsonPrimitive(value.toInt())
    is UInt -> JsonPrimitive(value.toLong())
    is ULong -> JsonPrimitive(value.toLong())
    is String -> JsonPrimitive(value)
    is List<*> -> JsonArray(value.map(::json))
    else -> error("no word for ${value::class}")
}

fun observe(error: KeywayException): JsonObject {
    val advice: Advice = error.advice(Locale.ENGLISH)
    return observed(
        "error" to word(error),
        "says_what_happened" to advice.happened.isNotEmpty(),
        "says_what_to_do" to advice.action.isNotEmpty(),
    )
}

/** A way, and why it does not exist now. */
fun observeWay(way: Any, availability: Availability): JsonObject = observed(
    "way" to word(way),
    "available" to (availability is Availability.Yes),
    "why" to (availability as? Availability.No)?.why?.let(::word),
)
