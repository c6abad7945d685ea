import Foundation
import Keyway

extension Status {
    var observed: JSON {
        let (phase, borrowed): (String, Bool?) =
            switch self.phase {
            case .signedIn(let whose): ("signed_in", whose == .borrowed)
            default: (word(self.phase), nil)
            }
        return [
            "phase": .string(phase),
            "borrowed": JSON(borrowed),
            "named": JSON(resident != nil),
            "clock_error_minutes": clockErrorMinutes.map { JSON($0) } ?? .null,
        ]
    }
}

extension [SessionFacts] {
    var observed: JSON {
        [
            "count": JSON(count),
            "borrowed": JSON(filter(\.borrowed).count),
            "current": JSON(filter(\.current).count),
        ]
    }
}

extension PasswordRules {
    var observed: JSON {
        ["length": JSON(length), "upper_case": JSON(upperCase), "digit": JSON(digit), "symbol": JSON(symbol)]
    }
}

extension [SignInOption] {
    var observed: JSON {
        [
            "first": JSON(first.map { word($0.way) }),
            "ways": .array(map { $0.availability.observed(of: word($0.way)) }),
        ]
    }
}

extension LockoutOptions {
    var observed: JSON {
        [
            "first": JSON(options.first.map { word($0.way) }),
            "ways": .array(options.map { $0.availability.observed(of: word($0.way)) }),
            "sharers": JSON(sharers.count),
            "property_reachable": JSON(property.phone != nil || property.email != nil),
        ]
    }
}

extension Availability {
    fileprivate func observed(of way: String) -> JSON {
        switch self {
        case .yes: ["way": .string(way), "available": true, "why": nil]
        case .no(let why): ["way": .string(way), "available": false, "why": .string(word(why))]
        }
    }
}

extension String {
    /// The report's own words are for people; a scenario looks at what is in it, and that no name, address or id is.
    var observedDiagnostics: JSON {
        get throws {
            let report = try JSON.parse(Data(utf8))
            let names = ["Elm Court", "Home 4B", "Rosa", "Ortiz", "@"]
            return [
                "account": report["account"] ?? .null,
                "doors": JSON(report["doors"]?.array?.count ?? 0),
                "recent": JSON(report["recent"]?.array?.count ?? 0),
                "names_somebody": JSON(names.contains { contains($0) }),
            ]
        }
    }
}
