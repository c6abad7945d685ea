import Foundation
import Testing
@testable import Keyway

/// Nothing that the module hands out prints a secret, whichever way it is printed.
@Suite(.timeLimit(.minutes(10))) struct SecrecyTests {
    @Test func noTypeAndNoErrorPrintsASecretOnAFullJourney() async throws {
        try await Stage.shared.withBuilding { building in
            var witness = Witness()
            let app = try await building.phone("phone")
            try await play(app, in: building, before: &witness)
            plainValues(before: &witness)

            for canary in witness.canaries {
                #expect(witness.prints.allSatisfy { !$0.text.shows(canary) }, "\(witness.whoShows(canary))")
            }
            // The canaries were real: each was in the hands of the app, and asked for by name it is there.
            #expect(witness.held.isSuperset(of: witness.canaries))
            let unseen = try Self.exportedTypes().subtracting(witness.types).subtracting(Self.outOfReach)
            #expect(unseen.isEmpty, "never printed")
        }
    }

    /// Uses everything, plants what is secret, and shows the witness each value and each error.
    private func play(_ app: KeywayApp, in building: Building, before witness: inout Witness) async throws {
        let resident = try #require(building.account("resident"))
        witness.see(app)
        witness.see(app.core)
        witness.see(try app.core.notices())
        witness.see(try await app.start())
        witness.see(try app.waysToSignIn(on: .borrowed))
        witness.see(WhosePhone.own)

        let wrong = witness.plant("Wrong-\(UUID().uuidString)!")
        await witness.seeError { try await app.signIn(email: resident.email, password: wrong, on: .own) }
        let code = witness.plant("918273")
        await witness.seeError { try await app.signIn(email: resident.email, code: code, on: .own) }
        witness.plantHeld(resident.password)
        witness.plantHeld(resident.email)
        let status = try await app.signIn(email: resident.email, password: resident.password, on: .own)
        witness.hold(try #require(status.resident?.email))
        witness.see(status)
        witness.see(status.phase)
        witness.see(try #require(status.resident))
        let new = witness.plant("Staple-\(UUID().uuidString)!")
        witness.see(try rulesLackedBy(password: new))
        try await app.changePassword(from: resident.password, to: new)
        witness.see(try await app.sessions())

        try await doors(app, before: &witness)
        try await guests(app, before: &witness)

        witness.see(try await app.diagnostics())
        witness.see(try await app.signOut())
        witness.see(try app.lastReport)
        await witness.seeError { _ = try await app.doors() }
        witness.see(try app.status)
    }

    private func doors(_ app: KeywayApp, before witness: inout Witness) async throws {
        witness.see(try await app.refresh())
        let door = try await app.door("Home 4B")
        let sync = try app.sync(door)
        for await phase in sync.phases { witness.see(phase) }
        witness.see(sync)
        witness.see(try await sync.outcome)
        let unlock = try app.unlock(door)
        for await phase in unlock.phases { witness.see(phase) }
        witness.see(unlock)
        witness.see(try await unlock.outcome)
        let all = try app.syncAllInRange()
        for await phase in all.phases { witness.see(phase) }
        witness.see(all)
        witness.see(try await all.outcome)

        let daily = try await app.newDoorcode(NewDoorcode(singleUse: false, day: .today), at: door)
        witness.see(NewDoorcode(singleUse: false, day: .today))
        for code in try await app.doorcodes(at: door).codes + [daily] {
            let shown = try code.digits.show()
            guard case .digits(let digits) = shown else { continue }
            witness.plantHeld(digits.text)
            witness.see(code)
            witness.see(shown)
            witness.see(digits)
        }
        witness.see(try await app.refresh())
        for attempt in [try app.core.unlock(door: door), try app.core.sync(door: door)] as [any PulledAttempt] {
            witness.see(attempt)
            attempt.stop()
        }
        witness.see(try app.core.syncAllInRange())
        witness.see(try await app.doorcodes(at: door))
        witness.see(try await app.lockoutOptions(at: door))
        witness.see(try await app.activity(at: door))
        witness.see(try KeywayError.LockNotFound.advice(language: .spanish))
        witness.see(try KeywayError.LockNotFound.class())
    }

    private func guests(_ app: KeywayApp, before witness: inout Witness) async throws {
        let door = try await app.door("Home 4B")
        let first = witness.plant("First\(UUID().uuidString.prefix(8))")
        let last = witness.plant("Last\(UUID().uuidString.prefix(8))")
        let address = witness.plant("\(UUID().uuidString.lowercased())@example.net")
        let number = witness.plant("+15550107788")
        let code = CodeForSomeone(
            firstName: first, lastName: last, recipient: .phone(number: number), doors: [door],
            singleUse: false, day: .today
        )
        witness.see(code)
        witness.see(code.recipient)
        witness.see(try await app.sendDoorcode(code))
        let invitation = Invitation(
            firstName: first, lastName: last, recipient: .email(address: address), doors: [door], start: nil, end: nil
        )
        witness.see(invitation)
        let letIn = try await app.inviteGuest(invitation)
        witness.see(letIn)
        let nobody = CodeForSomeone(
            firstName: first, lastName: last, recipient: .phone(number: witness.plant("at the kiosk")), doors: [door],
            singleUse: true, day: .tomorrow
        )
        await witness.seeError { try await app.sendDoorcode(nobody) }
        try await app.revoke(letIn.person.id, at: door)
        for person in try await app.peopleLetIn() {
            witness.see(person)
            witness.see(person.accesses)
            if case .email(let held) = person.recipient { witness.hold(held) }
        }
    }

    /// What a journey does not come by: what only the shell makes, and what only goes wrong. None has room for more than is here.
    private func plainValues(before witness: inout Witness) {
        witness.see(SetUp(home: "/home", origin: "https://maple.example", roots: "a certificate"))
        witness.see(AdapterState(power: .on, permission: .granted, location: .notNeeded))
        witness.see(Change.network(available: true))
        witness.see(ShellPlace.clipboard)
        witness.see(ShellAnswer.remains(why: .refused))
        witness.see(Notice.signedIn(borrowed: true))
        witness.see(KeyPurpose.holder)
        witness.see(Language.spanish)
        witness.see(Remains.seeAbove)
        witness.see(DoorFailure(door: UUID().uuidString, why: .SharingNotAllowed))
        witness.see(OpenError.HomeInUse)
        witness.see(DeviceOwnerError.Failed)
        witness.see(HardwareKeyError.Locked)
        witness.see(ShellError.Failed)
    }

    /// It comes with more than a hundred entries alone, and holds nothing of them: the service's own mark of a place in the log.
    private static let outOfReach: Set = ["PageToken"]

    /// Every type that the generated half exports and that can hold something, by its name.
    private static func exportedTypes() throws -> Set<String> {
        let generated = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../Sources/KeywayCore/KeywayCore.swift").standardizedFileURL
        let lines = try String(contentsOf: generated, encoding: .utf8).split(separator: "\n")
        return Set(
            lines.compactMap { line in
                // Errors are declared with their `public` on the line before.
                let declarations = ["public struct ", "public enum ", "enum ", "open class "]
                guard let declaration = declarations.first(where: line.hasPrefix) else { return nil }
                let name = line.dropFirst(declaration.count).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                // How the generated half passes things on, and its side of the shell's own objects.
                return name.hasPrefix("FfiConverter") || name.hasSuffix("Impl") ? nil : String(name)
            })
    }
}

/// Looks at every value in every way that Swift can print it.
private struct Witness {
    /// A way of printing, and what came of it.
    struct Print {
        let way: String
        let text: String
    }

    private(set) var canaries: Set<String> = []
    /// Canaries that were in the hands of the app.
    private(set) var held: Set<String> = []
    private(set) var prints: [Print] = []
    /// The names of all types that were seen.
    private(set) var types: Set<String> = []

    /// A secret that is handed to the app.
    mutating func plant(_ secret: String) -> String {
        plantHeld(secret)
        return secret
    }

    mutating func plantHeld(_ secret: String) {
        canaries.insert(secret)
        held.insert(secret)
    }

    mutating func hold(_ secret: String) {
        held.insert(secret)
    }

    mutating func see(_ value: some Any) {
        let type = String(describing: type(of: value))
        var dumped = ""
        dump(value, to: &dumped)
        prints += [
            Print(way: "\(type): description", text: String(describing: value)),
            Print(way: "\(type): interpolation", text: "\(value)"),
            Print(way: "\(type): debugDescription", text: String(reflecting: value)),
            Print(way: "\(type): dump", text: dumped),
        ]
        note(value)
    }

    mutating func seeError(_ journey: () async throws -> some Any) async {
        do {
            _ = try await journey()
            Issue.record("it was to fail")
        } catch {
            see(error)
            see(error.localizedDescription)
            see((error as? any LocalizedError)?.recoverySuggestion as Any)
        }
    }

    func whoShows(_ canary: String) -> [String] {
        prints.filter { $0.text.shows(canary) }.map(\.way)
    }

    /// Notes the type of a value and, as far as its mirror shows them, of what is in it.
    private mutating func note(_ value: Any) {
        types.insert(String(describing: type(of: value)))
        for child in Mirror(reflecting: value).children { note(child.value) }
    }
}

extension String {
    /// Digits are seen as a number of their own, not as part of a longer one.
    fileprivate func shows(_ canary: String) -> Bool {
        var rest = self[...]
        while let found = rest.range(of: canary) {
            let isPart =
                canary.allSatisfy(\.isNumber)
                && (rest[..<found.lowerBound].last?.isNumber == true || rest[found.upperBound...].first?.isNumber == true)
            if !isPart { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }
}
