package dev.keyway.journeys

import dev.keyway.LockoutOptions
import dev.keyway.PasswordRules
import dev.keyway.Phase
import dev.keyway.PlaceResult
import dev.keyway.SessionFacts
import dev.keyway.SignInOption
import dev.keyway.SignOutReport
import dev.keyway.Started
import dev.keyway.Status
import dev.keyway.WhosePhone
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

fun observe(status: Status): JsonObject {
    val phase = status.phase
    return observed(
        "phase" to word(phase),
        "borrowed" to (phase as? Phase.SignedIn)?.let { it.whose == WhosePhone.BORROWED },
        "named" to (status.resident != null),
        "clock_error_minutes" to status.clockErrorMinutes,
    )
}

fun observe(started: Started, status: Status): JsonObject =
    JsonObject(observe(status) + ("finished_wipe" to json(started.finishedWipe?.let(::observe))))

fun observe(report: SignOutReport): JsonObject = observed(
    "complete" to report.complete,
    "server" to word(report.server),
    "leftovers" to report.leftovers,
    "places" to report.places.size,
    "places_used" to report.places.count { it.result !is PlaceResult.NotUsed },
)

fun observeSessions(sessions: List<SessionFacts>): JsonObject = observed(
    "count" to sessions.size,
    "borrowed" to sessions.count { it.borrowed },
    "current" to sessions.count { it.current },
)

fun observe(rules: PasswordRules): JsonObject = observed(
    "length" to rules.length,
    "upper_case" to rules.upperCase,
    "digit" to rules.digit,
    "symbol" to rules.symbol,
)

fun observeWays(options: List<SignInOption>): JsonObject = observed(
    "first" to options.firstOrNull()?.let { word(it.way) },
    "ways" to options.map { observeWay(it.way, it.availability) },
)

fun observe(options: LockoutOptions): JsonObject = observed(
    "first" to options.options.firstOrNull()?.let { word(it.way) },
    "ways" to options.options.map { observeWay(it.way, it.availability) },
    "sharers" to options.sharers.size,
    "property_reachable" to (options.property.phone != null || options.property.email != null),
)

/** The report's own words are for people; a scenario looks at what is in it, and that no name, address or id is. */
fun observeDiagnostics(report: String): JsonObject {
    val parsed = Json.parseToJsonElement(report).jsonObject
    val size = { key: String -> (parsed[key] as? JsonArray)?.size ?: 0 }
    return observed(
        "account" to parsed["account"],
        "doors" to size("doors"),
        "recent" to size("recent"),
        "names_somebody" to listOf("Elm Court", "Home 4B", "Rosa", "Ortiz", "@").any { it in report },
    )
}
