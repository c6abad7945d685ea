import Foundation
import Keyway
import Testing

/// What goes wrong at the border between Swift and the library ends as a typed error, never as a crash.
@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    // MARK: Inside the library

    @Test func aPanicInsideIsAnErrorLikeAnyOther() async {
        #expect(throws: KeywayError.Internal) { try panicInside() }
        await #expect(throws: KeywayError.Internal) { try await panicInsideLater() }
    }

    // MARK: Closing

    @Test func closingTwiceIsNoErrorAndLaterCallsAreTyped() async throws {
        try await atHome { home in
            try await home.app.shutDown()
            try await home.app.shutDown()
            await #expect(throws: KeywayError.self) { try await home.app.refresh() }
            let late = try home.app.unlock(home.door)
            for await _ in late.phases {}
            #expect(await late.result != .success(.unlocked))
        }
    }

    @Test func closingDuringACallEndsTheCall() async throws {
        try await atHome { home in
            try await home.change(["in_range": false])
            let attempt = try home.app.unlock(home.door)
            _ = await attempt.phases.first { $0 == .scanning }
            try await home.app.shutDown()
            #expect(await attempt.result != .success(.unlocked))
        }
    }

    @Test func anAppThatIsLetGoOfDuringACallCarriesItToItsEndAndFreesItsHome() async throws {
        try await Stage.shared.withBuilding { building in
            let starting: Task<Started, any Error>
            do {
                let app = try await building.phone("phone")
                await building.letGo("phone")
                starting = Task { try await app.start() }
            }
            _ = try await starting.value
            // It ends in the background; until then its home is taken, and that is a typed answer too.
            var next: KeywayApp?
            while next == nil {
                do {
                    next = try await building.phone("phone")
                } catch OpenError.HomeInUse {
                    await Task.yield()
                }
            }
            try await next?.start()
        }
    }

    @Test func aHomeThatIsTakenIsATypedAnswer() async throws {
        try await Stage.shared.withBuilding { building in
            let first = try await building.phone("phone")
            await building.letGo("phone")
            await #expect(throws: OpenError.HomeInUse) { _ = try await building.phone("phone") }
            try await first.shutDown()
        }
    }

    // MARK: What the shell brings

    @Test func placesThatThrowRemain() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await signedIn(building, building.phone("phone", places: BrokenPlaces()))
            let report = try await app.signOut()
            #expect(!report.complete)
            let refused = report.places.filter { line in
                if case .remains(.shellRefused, _, _) = line.result { true } else { false }
            }
            #expect(refused.count == 9, "each place of the shell's")
        }
    }

    @Test func anOwnerWhoCannotBeAskedIsATypedAnswer() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await signedIn(building, building.phone("phone", owner: BrokenOwner(isSetUp: false)))
            await #expect(throws: KeywayError.DeviceAuthenticationMissing) { try await app.hide() }
        }
    }

    @Test func anOwnerWhoIsNotRecognisedSeesNothing() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await signedIn(building, building.phone("phone", owner: BrokenOwner(isSetUp: true)))
            try await app.hide()
            await #expect(throws: KeywayError.DeviceAuthenticationFailed) { try await app.show() }
            #expect(try app.status.phase == .hidden)
        }
    }

    @Test func keysThatCannotBeListedAreATypedAnswer() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await building.phone("phone", keys: BrokenKeys(listed: nil))
            await #expect(throws: KeywayError.KeychainUnavailable) { try await app.start() }
        }
    }

    @Test func keysThatCannotBeMadeAreATypedAnswerAndLeaveNothing() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await building.phone("phone", keys: BrokenKeys(listed: []))
            try await app.start()
            let resident = try #require(building.account("resident"))
            await #expect(throws: KeywayError.KeychainUnavailable) {
                try await app.signIn(email: resident.email, password: resident.password, on: .own)
            }
            #expect(try app.status.phase == .signedOut)
            let left = try await building.change("phone", "look")
            #expect(left?["keychain_items"] == 0)
        }
    }
}

private func signedIn(_ building: Building, _ app: KeywayApp) async throws -> KeywayApp {
    try await app.start()
    let resident = try #require(building.account("resident"))
    try await app.signIn(email: resident.email, password: resident.password, on: .own)
    return app
}

/// Nothing that the library knows.
private struct OutOfTheBlue: Error {
    let detail = "what a shell threw, which must not cross"
}

private final class BrokenPlaces: ShellPlaces {
    func erase(place: ShellPlace) throws -> ShellAnswer { throw OutOfTheBlue() }
}

private final class BrokenOwner: DeviceOwner {
    private let setUp: Bool

    init(isSetUp: Bool) { setUp = isSetUp }

    func isSetUp() throws -> Bool { setUp }
    func confirm() throws { throw OutOfTheBlue() }
    func dismiss() throws { throw OutOfTheBlue() }
}

private final class BrokenKeys: HardwareKeys {
    private let listed: [KeyPurpose]?

    init(listed: [KeyPurpose]?) { self.listed = listed }

    func create(purpose: KeyPurpose) throws -> Data { throw OutOfTheBlue() }
    func publicKey(purpose: KeyPurpose) throws -> Data { throw OutOfTheBlue() }
    func sign(purpose: KeyPurpose, message: Data) throws -> Data { throw OutOfTheBlue() }
    func delete(purpose: KeyPurpose) throws { throw OutOfTheBlue() }

    func list() throws -> [KeyPurpose] {
        guard let listed else { throw OutOfTheBlue() }
        return listed
    }
}

extension Attempt {
    fileprivate var result: Result<Outcome, KeywayError> {
        get async {
            do {
                return .success(try await outcome)
            } catch {
                return .failure(error)
            }
        }
    }
}
