package dev.keyway.printed

/**
 * Texts that a type prints, and that are no secret: names of doors, ids, words for people, the property's own number and address, what an app configures. Names
 * of other residents at a door are among them. Every other text of an exported type is held back.
 */
internal val SHOWN: Map<String, Set<String>> = mapOf(
    "ActivityEntry" to setOf("name"),
    "Advice" to setOf("happened", "action", "fallback"),
    "Door" to setOf("id", "name", "building", "timezone", "lockModel", "sharers"),
    "DoorFailure" to setOf("door"),
    "DoorSynced" to setOf("door"),
    "Doorcode" to setOf("id", "replacedBy"),
    "EntryHints" to setOf("wake"),
    "Keypad" to setOf("wake"),
    "LastSync" to setOf("by"),
    "LockoutOptions" to setOf("door", "sharers"),
    "PersonAccess" to setOf("door"),
    "PlaceLine" to setOf("place"),
    "PlaceResult.NotUsed" to setOf("guard"),
    "PlaceResult.Remains" to setOf("why", "action"),
    "PropertyContact" to setOf("name", "phone", "email"),
    "Revocation" to setOf("carriedBy"),
    "SessionFacts" to setOf("id"),
    "SetUp" to setOf("home", "origin", "roots"),
    "ShellAnswer.NotUsed" to setOf("guard"),
    "SyncAllPhase.AtDoor" to setOf("door"),
)
