package dev.keyway.journeys

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.jsonPrimitive

/** Where what was expected and what was observed differ: keys with dots between. */
data class Mismatch(val at: String, val expected: JsonElement, val observed: JsonElement)

/**
 * The first place at which [observed] is not as [expected]: of an object every key that is expected, of anything else all of it. `{"at_least": n}` stands
 * for any number from `n` on, `{"contains": x}` for an array with an element that matches `x`, `{"without": x}` for one without.
 */
fun mismatch(expected: JsonElement, observed: JsonElement, at: String = ""): Mismatch? {
    val differs = Mismatch(at, expected, observed)
    if (expected is JsonNull) return null
    if (expected !is JsonObject) return differs.takeIf { !same(expected, observed) }
    expected["at_least"]?.let { least ->
        val number = (observed as? JsonPrimitive)?.takeIf { !it.isString }?.doubleOrNull
        val enough = number != null && number >= checkNotNull(least.jsonPrimitive.doubleOrNull)
        return differs.takeIf { !enough }
    }
    expected["contains"]?.let { element ->
        val found = observed is JsonArray && observed.any { mismatch(element, it) == null }
        return differs.takeIf { !found }
    }
    expected["without"]?.let { element ->
        val lacks = observed is JsonArray && observed.none { mismatch(element, it) == null }
        return differs.takeIf { !lacks }
    }
    if (observed !is JsonObject) return differs
    return expected.firstNotNullOfOrNull { (key, value) ->
        val there = observed[key]
        if (there == null) Mismatch("$at.$key", value, JsonNull) else mismatch(value, there, "$at.$key")
    }
}

/** A number is the same however it is written; anything else must be equal. */
private fun same(one: JsonElement, other: JsonElement): Boolean {
    val numbers = listOf(one, other).map { (it as? JsonPrimitive)?.takeIf { value -> !value.isString }?.doubleOrNull }
    return if (numbers.all { it != null }) numbers[0] == numbers[1] else one == other
}
