import Keyway

// Doors are told by their number in the answer, people without name and address.

extension LetIn {
    var observed: JSON {
        get throws {
            var observed = try person.observed
            observed["failures"] = JSON(failures.map { word($0.why) })
            return observed
        }
    }
}

extension Person {
    var observed: JSON {
        get throws { ["accesses": .array(try accesses.map { try $0.observed })] }
    }
}

extension PersonAccess {
    fileprivate var observed: JSON {
        get throws {
            let (state, carried, confirmed): (JSON, Bool, Bool) =
                switch self.state {
                case .active: ("active", false, false)
                case .revoked(let revocation):
                    ("revoked", revocation.carriedAt != nil, revocation.confirmedAt != nil)
                }
            return [
                "passcode_type": .string(word(passcodeType)),
                "role": .string(word(role)),
                "ends": JSON(end != nil),
                "digits": try digits.map { JSON(try $0.length()) } ?? .null,
                "had_access": JSON(hadAccess),
                "state": state,
                "carried": JSON(carried),
                "confirmed": JSON(confirmed),
            ]
        }
    }
}

extension Activity {
    var observed: JSON {
        ["count": JSON(entries.count), "entries": .array(entries.map(\.observed))]
    }
}

extension ActivityEntry {
    fileprivate var observed: JSON {
        [
            "event": .string(word(event)),
            "by": .string(word(by)),
            "named": JSON(name != nil),
            "is_you": JSON(isYou),
            "result": JSON(result.map { word($0) }),
            "has_time": JSON(at != nil),
            "count": JSON(count),
            "visible_to": JSON(visibleTo.map { word($0) }),
        ]
    }
}
