package dev.keyway.journeys

import dev.keyway.AccessState
import dev.keyway.Activity
import dev.keyway.CanUnlock
import dev.keyway.Door
import dev.keyway.Doorcode
import dev.keyway.Doorcodes
import dev.keyway.Doors
import dev.keyway.LetIn
import dev.keyway.Person
import dev.keyway.PersonAccess
import dev.keyway.SyncAllOutcome
import dev.keyway.SyncOutcome
import dev.keyway.UnlockOutcome
import kotlinx.serialization.json.JsonObject

fun observe(doors: Doors): JsonObject = observed(
    "from_cache" to doors.fromCache,
    "count" to doors.doors.size,
    "first" to doors.doors.firstOrNull()?.name,
    "doors" to doors.doors.map(::observe),
)

private fun observe(door: Door): JsonObject = observed(
    "name" to door.name,
    "role" to word(door.role),
    "kind" to word(door.kind),
    "is_connected" to door.isConnected,
    "can_unlock" to word(door.canUnlock),
    "why" to (door.canUnlock as? CanUnlock.No)?.why?.let(::word),
    "pending_changes" to door.pendingChanges,
    "was_synced" to (door.lastSync != null),
    "in_range" to (door.rssi != null),
    "has_battery" to (door.battery != null),
    "shareable" to door.isShareable,
)

fun observe(codes: Doorcodes): JsonObject = observed(
    "from_cache" to codes.fromCache,
    "count" to codes.codes.size,
    "wakes" to codes.hints?.wake?.isNotEmpty(),
    "between_digits_seconds" to codes.hints?.let { it.betweenDigitsMillis / 1000u },
    "deadbolt_refuses_daily" to codes.hints?.deadboltRefusesDaily,
    "first_kind" to codes.codes.firstOrNull()?.let { word(it.kind) },
    "codes" to codes.codes.map(::observe),
)

fun observe(code: Doorcode): JsonObject = observed(
    "kind" to word(code.kind),
    "status" to word(code.status),
    "digits" to code.digits.length(),
    "asks_twice" to code.digits.asksTwice(),
    "ends" to (code.end != null),
    "replaced" to (code.replacedBy != null),
)

fun observe(phases: List<String>, outcome: UnlockOutcome): JsonObject = observed(
    "phases" to phases,
    "outcome" to word(outcome),
    "error" to (outcome as? UnlockOutcome.NotUnlocked)?.why?.let(::word),
)

fun observe(phases: List<String>, outcome: SyncOutcome): JsonObject {
    val told = when (outcome) {
        is SyncOutcome.Synced -> observed(
            "outcome" to "synced",
            "receipt_verified" to outcome.receiptVerified,
            "log_entries_carried" to outcome.logEntriesCarried,
            "upload_pending" to outcome.uploadPending,
        )
        is SyncOutcome.Interrupted -> observed("outcome" to "interrupted")
        is SyncOutcome.NotSynced -> observed("outcome" to "not_synced", "error" to word(outcome.why))
    }
    return JsonObject(told + ("phases" to json(phases)))
}

fun observe(phases: List<String>, outcome: SyncAllOutcome): JsonObject = observed(
    "phases" to phases,
    "doors" to outcome.doors.size,
    "synced" to outcome.doors.count { it.outcome is SyncOutcome.Synced },
    "error" to outcome.error?.let(::word),
)

fun observe(letIn: LetIn): JsonObject =
    JsonObject(observe(letIn.person) + ("failures" to json(letIn.failures.map { word(it.why) })))

fun observePeople(people: List<Person>): JsonObject =
    observed("count" to people.size, "people" to people.map(::observe))

fun observe(person: Person): JsonObject = observed("accesses" to person.accesses.map(::observe))

private fun observe(access: PersonAccess): JsonObject {
    val revocation = (access.state as? AccessState.Revoked)?.revocation
    return observed(
        "passcode_type" to word(access.passcodeType),
        "role" to word(access.role),
        "ends" to (access.end != null),
        "digits" to access.digits?.length(),
        "had_access" to access.hadAccess,
        "state" to word(access.state),
        "carried" to (revocation?.carriedAt != null),
        "confirmed" to (revocation?.confirmedAt != null),
    )
}

fun observe(activity: Activity): JsonObject = observed(
    "count" to activity.entries.size,
    "entries" to activity.entries.map { entry ->
        observed(
            "event" to word(entry.event),
            "by" to word(entry.by),
            "named" to (entry.name != null),
            "is_you" to entry.isYou,
            "result" to entry.result?.let(::word),
            "has_time" to (entry.at != null),
            "count" to entry.count,
            "visible_to" to entry.visibleTo.map(::word),
        )
    },
)
