import Keyway
import Testing

/// What is cancelled from Swift leaves the air alone: nothing of it follows but its disconnect, and the next call works.
@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
    @Test func cancellingTheTaskOfAnUnlockStopsItAndTheNextOneWorks() async throws {
        try await atHome { home in
            let outcome = try await home.cancelling(try home.app.unlock(home.door), when: .connecting)
            #expect(outcome == .notUnlocked(why: .Cancelled))
            let heard = try await home.expectSilence()
            #expect(try await home.app.unlock(home.door).outcome == .unlocked)
            #expect(try await home.operations() > heard)
        }
    }

    @Test func cancellingTheTaskOfASyncStopsItAndTheNextOneWorks() async throws {
        try await atHome { home in
            let outcome = try await home.cancelling(try home.app.sync(home.door), when: .connecting)
            #expect(outcome.wasStopped, "\(outcome)")
            let heard = try await home.expectSilence()
            #expect(try await home.app.sync(home.door).outcome.isSynced)
            #expect(try await home.operations() > heard)
        }
    }

    @Test func anUnlockThatTimesOutIsStoppedAndTheNextOneWorks() async throws {
        try await atHome { home in
            // Out of range it would look for the lock for longer than anybody waits here.
            try await home.change(["in_range": false])
            let attempt = try home.app.unlock(home.door)
            _ = await attempt.phases.first { $0 == .scanning }
            let outcome = try await within(milliseconds: 300) { try await attempt.outcome }
            #expect(outcome == .notUnlocked(why: .Cancelled))
            try await home.expectSilence()
            try await home.change(["in_range": true])
            #expect(try await home.app.unlock(home.door).outcome == .unlocked)
        }
    }

    @Test func aSyncThatTimesOutIsStoppedAndTheNextOneWorks() async throws {
        try await atHome { home in
            try await home.change(["in_range": false])
            let attempt = try home.app.sync(home.door)
            _ = await attempt.phases.first { $0 == .scanning }
            let outcome = try await within(milliseconds: 300) { try await attempt.outcome }
            #expect(outcome.wasStopped, "\(outcome)")
            try await home.expectSilence()
            try await home.change(["in_range": true])
            #expect(try await home.app.sync(home.door).outcome.isSynced)
        }
    }

    @Test func cancellingWhoeverFollowsThePhasesEndsThemWithTheJourney() async throws {
        try await atHome { home in
            try await home.change(["in_range": false])
            let attempt = try home.app.unlock(home.door)
            try await within(milliseconds: 300) { for await _ in attempt.phases {} }
            // The sequence ended, so the journey has: its outcome is there for a task that nobody cancelled.
            #expect(try await attempt.outcome == .notUnlocked(why: .Cancelled))
            try await home.expectSilence()
        }
    }

    @Test func anIteratorThatHasSeenEnoughLeavesTheJourneyRunning() async throws {
        try await atHome { home in
            let attempt = try home.app.unlock(home.door)
            for await phase in attempt.phases where phase == .connecting { break }
            #expect(try await attempt.outcome == .unlocked)
            #expect(try await attempt.outcome == .unlocked, "the same each time")
        }
    }

    @Test func anAttemptThatIsLetGoOfIsStopped() async throws {
        try await atHome { home in
            try await home.change(["in_range": false])
            try await { _ = try await home.app.unlock(home.door).phases.first { $0 == .scanning } }()
            try await home.change(["in_range": true])
            var outcome: UnlockOutcome
            repeat {
                outcome = try await home.app.unlock(home.door).outcome
            } while outcome == .notUnlocked(why: .UnlockUnderWay)
            #expect(outcome == .unlocked)
        }
    }
}

/// A signed-in phone before its resident's door.
struct Home: Sendable {
    let app: KeywayApp
    let door: DoorId
    let building: Building

    /// Changes the lock.
    func change(_ change: JSON) async throws {
        var change = change
        change["door"] = "Home 4B"
        try #require(await building.change("lock", change) != nil)
    }

    /// Waits for the attempt in a task, and cancels that when it reports `phase`.
    func cancelling<Phase: Equatable, Outcome>(
        _ attempt: Attempt<Phase, Outcome>,
        when phase: Phase
    ) async throws -> Outcome {
        for await reached in attempt.phases where reached == phase { break }
        let waiting = Task { try await attempt.outcome }
        waiting.cancel()
        return try await waiting.value
    }

    /// The lock hears nothing more, as long as the service takes for some answers. Gives what it has heard.
    @discardableResult
    func expectSilence() async throws -> Double {
        // What was on its way before has arrived by then.
        try await app.refresh()
        let heard = try await operations()
        for _ in 1...5 {
            try await app.refresh()
            #expect(try await operations() == heard)
        }
        return heard
    }

    /// How many operations of phones the lock's air has seen; to stop and to disconnect is none.
    func operations() async throws -> Double {
        let lock = try await building.change("lock", ["door": "Home 4B"])
        return try #require(lock?["operations"]?.number)
    }
}

/// Lets `body` play at a resident's door.
func atHome(_ body: @escaping @Sendable (Home) async throws -> Void) async throws {
    try await Stage.shared.withBuilding { building in
        let app = try await building.phone("phone")
        try await app.start()
        let resident = try #require(building.account("resident"))
        try await app.signIn(email: resident.email, password: resident.password, on: .own)
        try await app.refresh()
        try await body(Home(app: app, door: try await app.door("Home 4B"), building: building))
    }
}

/// A timeout: cancels `work` after that time, and gives what it then comes to.
@discardableResult
func within<Result: Sendable>(
    milliseconds: UInt64,
    _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let working = Task { try await work() }
    let timer = Task {
        try await Task.sleep(nanoseconds: milliseconds * 1_000_000)
        working.cancel()
    }
    defer { timer.cancel() }
    return try await working.value
}

extension SyncOutcome {
    var isSynced: Bool {
        if case .synced = self { true } else { false }
    }

    /// It ended by being cancelled, wherever it was.
    fileprivate var wasStopped: Bool {
        switch self {
        case .interrupted: true
        case .notSynced(let why): why == .Cancelled
        case .synced: false
        }
    }
}
