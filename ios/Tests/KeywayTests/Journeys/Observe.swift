import Keyway

// What a call gave, in the words that all languages share: variants in snake case, and no secret. `tests/journeys/src/observe` is the list.

/// A variant's name in snake case, without its fields.
func word(_ value: some Any) -> String {
    // The type's own text form may say nothing; its mirror's label is the variant's name where it has fields.
    let name = "\(value)".prefix { $0.isLetter || $0.isNumber }
    var word = ""
    for letter in name {
        if letter.isUppercase, !word.isEmpty { word.append("_") }
        word.append(letter.lowercased())
    }
    return word
}

extension KeywayError {
    var observed: JSON {
        let advice = try? advice(language: .english)
        return [
            "error": .string(word(self)),
            "says_what_happened": JSON(advice?.happened.isEmpty == false),
            "says_what_to_do": JSON(advice?.action.isEmpty == false),
        ]
    }
}

extension Doors {
    var observed: JSON {
        [
            "from_cache": JSON(fromCache),
            "count": JSON(doors.count),
            "first": JSON(doors.first?.name),
            "doors": .array(doors.map(\.observed)),
        ]
    }
}

extension Door {
    fileprivate var observed: JSON {
        let (canUnlock, why): (String, String?) =
            switch self.canUnlock {
            case .yes: ("yes", nil)
            case .withNetwork: ("with_network", nil)
            case .no(let why): ("no", word(why))
            }
        return [
            "name": .string(name),
            "role": .string(word(role)),
            "kind": .string(word(kind)),
            "is_connected": JSON(isConnected),
            "can_unlock": .string(canUnlock),
            "why": JSON(why),
            "pending_changes": JSON(pendingChanges),
            "was_synced": JSON(lastSync != nil),
            "in_range": JSON(rssi != nil),
            "has_battery": JSON(battery != nil),
            "shareable": JSON(isShareable),
        ]
    }
}

extension Doorcodes {
    var observed: JSON {
        get throws {
            [
                "from_cache": JSON(fromCache),
                "count": JSON(codes.count),
                "wakes": JSON(hints.map { !$0.wake.isEmpty }),
                "between_digits_seconds": hints.map { JSON($0.betweenDigitsMillis / 1000) } ?? .null,
                "deadbolt_refuses_daily": JSON(hints?.deadboltRefusesDaily),
                "first_kind": JSON(codes.first.map { word($0.kind) }),
                "codes": .array(try codes.map { try $0.observed }),
            ]
        }
    }
}

extension Doorcode {
    var observed: JSON {
        get throws {
            [
                "kind": .string(word(kind)),
                "status": .string(word(status)),
                "digits": JSON(try digits.length()),
                "asks_twice": JSON(try digits.asksTwice()),
                "ends": JSON(end != nil),
                "replaced": JSON(replacedBy != nil),
            ]
        }
    }
}

extension UnlockOutcome {
    func observed(after phases: [String]) -> JSON {
        let (outcome, why): (JSON, String?) =
            switch self {
            case .unlocked: ("unlocked", nil)
            case .notUnlocked(let why): ("not_unlocked", word(why))
            case .mayHaveUnlocked: ("may_have_unlocked", nil)
            }
        return ["phases": JSON(phases), "outcome": outcome, "error": JSON(why)]
    }
}

extension SyncOutcome {
    func observed(after phases: [String]) -> JSON {
        switch self {
        case .synced(let receiptVerified, let logEntriesCarried, let uploadPending):
            [
                "outcome": "synced",
                "receipt_verified": JSON(receiptVerified),
                "log_entries_carried": JSON(logEntriesCarried),
                "upload_pending": JSON(uploadPending),
                "phases": JSON(phases),
            ]
        case .interrupted: ["outcome": "interrupted", "phases": JSON(phases)]
        case .notSynced(let why): ["outcome": "not_synced", "error": .string(word(why)), "phases": JSON(phases)]
        }
    }
}

extension SyncAllOutcome {
    func observed(after phases: [String]) -> JSON {
        let synced = doors.filter { if case .synced = $0.outcome { true } else { false } }
        return [
            "phases": JSON(phases),
            "doors": JSON(doors.count),
            "synced": JSON(synced.count),
            "error": JSON(error.map { word($0) }),
        ]
    }
}

extension SignOutReport {
    var observed: JSON {
        let server: JSON =
            switch self.server {
            case .ended: "ended"
            case .noSession: "no_session"
            case .endedByService: "ended_by_service"
            case .notTold: "not_told"
            }
        let used = places.filter { if case .notUsed = $0.result { false } else { true } }
        return [
            "complete": JSON(complete),
            "server": server,
            "leftovers": JSON(leftovers),
            "places": JSON(places.count),
            "places_used": JSON(used.count),
        ]
    }
}
