import Foundation
import Keyway

/// The calls of a scenario on the app, by the words of `tests/journeys/README.md`.
struct Calls: Sendable {
    let app: KeywayApp
    let building: Building

    private typealias Ended = Begun.Ended

    /// Answers a step, also with an error.
    func answer(_ step: Step) async -> Begun.Ended {
        var digits: String?
        let observed = await observing {
            let answer =
                if let person = step["account"] {
                    Ended(observed: try await inTheName(of: person, step))
                } else {
                    try await simple(step)
                }
            digits = answer.digits
            return answer.observed
        }
        return Ended(observed: observed, digits: digits)
    }

    /// Calls that need somebody's e-mail or password.
    private func inTheName(of person: String, _ step: Step) async throws -> JSON {
        let (email, own) = building.account(person) ?? ("nobody@example.org", "")
        switch step.call {
        case "sign_in":
            let phone = whosePhone(step)
            if let code = step["code"] {
                return try await app.signIn(email: email, code: code, on: phone).observed
            }
            return try await app.signIn(email: email, password: step["password"] ?? own, on: phone).observed
        case "send_one_time_code":
            try await app.sendOneTimeCode(to: email)
            return [:]
        case "send_password_reset":
            try await app.sendPasswordReset(to: email)
            return [:]
        case "change_password":
            let (current, new) = (step["current"] ?? own, step.text("new"))
            let lacks = try rulesLackedBy(password: new)
            var observed = await observing {
                try await app.changePassword(from: current, to: new)
                return [:]
            }
            observed["lacks"] = lacks.observed
            return observed
        default: return noSuchCall
        }
    }

    private func simple(_ step: Step) async throws -> Begun.Ended {
        switch step.call {
        case "new_doorcode":
            let wanted = NewDoorcode(singleUse: step.isTrue("single_use"), day: day(step))
            let code = try await app.newDoorcode(wanted, at: try await door(step))
            return Ended(observed: try code.observed, digits: try code.digits.shown())
        case "reset_doorcode":
            guard let code = try await code(step) else { return Ended(observed: noSuchCode) }
            let new = try await app.resetDoorcode(code.id)
            return Ended(observed: try new.observed, digits: try new.digits.shown())
        case "reveal":
            guard let code = try await code(step) else { return Ended(observed: noSuchCode) }
            let digits = try code.digits.shown(confirmed: step.isTrue("confirmed"))
            return Ended(observed: ["shown": JSON(digits != nil)], digits: digits)
        case "send_doorcode", "invite_guest", "people_let_in", "revoke", "change_end":
            return Ended(observed: try await guests(step))
        default:
            return Ended(observed: try await plain(step))
        }
    }

    private func plain(_ step: Step) async throws -> JSON {
        switch step.call {
        case "status": return try app.status.observed
        case "ways_to_sign_in": return try app.waysToSignIn(on: whosePhone(step)).observed
        case "doors": return try await app.doors().observed
        case "doors_in_range": return try await app.doorsInRange().observed
        case "refresh": return try await app.refresh().observed
        case "lockout_options": return try await app.lockoutOptions(at: try await door(step)).observed
        case "sign_out": return try await app.signOut().observed
        case "end_all_sessions": return try await app.endAllSessions().observed
        case "last_report": return try app.lastReport?.observed ?? ["none": true]
        case "sessions": return try await app.sessions().observed
        case "end_other_sessions":
            let others = try await app.sessions().filter { !$0.current }
            for session in others { try await app.endSession(session.id) }
            return ["ended": JSON(others.count)]
        case "hide":
            try await app.hide()
            return [:]
        case "show": return try await app.show().observed
        case "diagnostics": return try await app.diagnostics().observedDiagnostics
        case "surroundings":
            guard let change = surroundings(step.text("change")) else { return ["error": "no_such_change"] }
            try app.surroundingsChanged(change)
            return [:]
        case "doorcodes": return try await app.doorcodes(at: try await door(step)).observed
        case "activity": return try await app.activity(at: try await door(step)).observed
        default: return noSuchCall
        }
    }

    private func guests(_ step: Step) async throws -> JSON {
        let (firstName, lastName) = ("Fay", "Friend")
        switch step.call {
        case "send_doorcode":
            return try await app.sendDoorcode(
                CodeForSomeone(
                    firstName: firstName, lastName: lastName, recipient: recipient(step.text("to")),
                    doors: try await doors(step), singleUse: step.isTrue("single_use"), day: day(step)
                )
            ).observed
        case "invite_guest":
            return try await app.inviteGuest(
                Invitation(
                    firstName: firstName, lastName: lastName, recipient: recipient(step.text("to")),
                    doors: try await doors(step), start: moment(step, "from_hours"), end: moment(step, "until_hours")
                )
            ).observed
        case "people_let_in":
            let people = try await app.peopleLetIn()
            return ["count": JSON(people.count), "people": .array(try people.map { try $0.observed })]
        case "revoke":
            let door = try await door(step)
            try await app.revoke(try await person(step).id, at: door)
            return [:]
        default:
            let door = try await door(step)
            let end = moment(step, "until_hours")
            return try await app.changeEnd(of: try await person(step).id, at: door, to: end).observed
        }
    }

    private let noSuchCall: JSON = ["error": "no_such_call"]
    private let noSuchCode: JSON = ["error": "no_such_code"]
}

// MARK: What the words stand for

extension Calls {
    private func whosePhone(_ step: Step) -> WhosePhone {
        step["whose"] == "borrowed" ? .borrowed : .own
    }

    private func day(_ step: Step) -> CodeDay {
        step.isTrue("tomorrow") ? .tomorrow : .today
    }

    private func recipient(_ to: String) -> Recipient {
        to.hasPrefix("+") ? .phone(number: to) : .email(address: to)
    }

    private func moment(_ step: Step, _ hours: String) -> Int64? {
        step.number(hours).map { Int64(Date().timeIntervalSince1970 * 1000) + $0 * 3_600_000 }
    }

    private func surroundings(_ word: String) -> Change? {
        switch word {
        case "network": .network(available: true)
        case "no_network": .network(available: false)
        case "bluetooth": .bluetooth
        case "foreground": .foreground
        case "background": .background
        case "phone_locked": .phoneLocked
        case "phone_unlocked": .phoneUnlocked
        default: nil
        }
    }

    private func door(_ step: Step) async throws -> DoorId {
        try await app.door(step.text("door"))
    }

    private func doors(_ step: Step) async throws -> [DoorId] {
        var ids: [DoorId] = []
        for name in step.texts("doors") { ids.append(try await app.door(name)) }
        return ids
    }

    /// Of a code that was reset, the new one.
    private func code(_ step: Step) async throws -> Doorcode? {
        let codes = try await app.doorcodes(at: try await door(step)).codes
        return codes.first { word($0.kind) == step["kind"] && $0.replacedBy == nil }
    }

    private func person(_ step: Step) async throws -> Person {
        let people = try await app.peopleLetIn()
        let found = people.first { person in
            switch person.recipient {
            case .email(let address): address == step["person"]
            case .phone(let number): number == step["person"]
            }
        }
        guard let found else { throw KeywayError.PersonUnknown }
        return found
    }
}

extension KeywayApp {
    /// The id of the door with this name.
    nonisolated func door(_ name: String) async throws -> DoorId {
        guard let door = try await doors().doors.first(where: { $0.name == name }) else {
            throw KeywayError.DoorUnknown
        }
        return door.id
    }
}

extension CodeDigits {
    /// What a person reads on the screen.
    func shown(confirmed: Bool = false) throws -> String? {
        switch try show(confirmed: confirmed) {
        case .digits(let digits): digits.text
        case .asksTwice: nil
        }
    }
}
