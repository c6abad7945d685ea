import Keyway

/// A call on the app from its beginning to its end.
enum Begun {
    case unlock(Followed<UnlockPhase, UnlockOutcome>)
    case sync(Followed<SyncPhase, SyncOutcome>)
    case syncAll(Followed<SyncAllPhase, SyncAllOutcome>)
    /// Any other call.
    case call(Task<Ended, Never>)

    /// What a call gave, and digits that it revealed.
    struct Ended: Sendable {
        let observed: JSON
        var digits: String?
    }

    /// Begins the call of a step.
    static func begin(_ step: Step, on app: KeywayApp, in building: Building) async -> Begun {
        do {
            switch step.call {
            case "unlock": return .unlock(Followed(try app.unlock(try await app.door(step.text("door")))))
            case "sync": return .sync(Followed(try app.sync(try await app.door(step.text("door")))))
            case "sync_all_in_range": return .syncAll(Followed(try app.syncAllInRange()))
            default: break
            }
        } catch {
            let observed = await observing { throw error }
            return .call(Task { Ended(observed: observed) })
        }
        let call = Task { await Calls(app: app, building: building).answer(step) }
        if step.call == "sign_in" { await app.reach(.signingIn, before: call) }
        return .call(call)
    }

    /// Waits for a phase; false when the attempt ended without it.
    func reach(_ wanted: String) async -> Bool {
        switch self {
        case .unlock(let followed): await followed.reach(wanted)
        case .sync(let followed): await followed.reach(wanted)
        case .syncAll(let followed): await followed.reach(wanted)
        case .call: false
        }
    }

    /// Cancels an attempt; false for anything else.
    func cancel() -> Bool {
        switch self {
        case .unlock(let followed): followed.attempt.cancel()
        case .sync(let followed): followed.attempt.cancel()
        case .syncAll(let followed): followed.attempt.cancel()
        case .call: return false
        }
        return true
    }

    /// Waits for the end.
    func finish() async -> Ended {
        switch self {
        case .unlock(let followed): await followed.finish { phases, outcome in outcome.observed(after: phases) }
        case .sync(let followed):
            await followed.finish { phases, outcome in outcome.observed(after: phases.withoutRepeats) }
        case .syncAll(let followed):
            await followed.finish { phases, outcome in outcome.observed(after: phases.withoutRepeats) }
        case .call(let call): await call.value
        }
    }
}

/// An attempt, and the phases it reported so far.
actor Followed<Phase: Sendable, Outcome: Sendable> {
    nonisolated let attempt: Attempt<Phase, Outcome>
    private var phases: [String] = []

    init(_ attempt: Attempt<Phase, Outcome>) {
        self.attempt = attempt
    }

    func reach(_ wanted: String) async -> Bool {
        for await phase in attempt.phases {
            phases.append(word(phase))
            if phases.last == wanted { return true }
        }
        return false
    }

    func finish(_ observe: @Sendable ([String], Outcome) -> JSON) async -> Begun.Ended {
        for await phase in attempt.phases { phases.append(word(phase)) }
        return await Self.end(of: attempt, after: phases, observe)
    }

    private static func end(
        of attempt: Attempt<Phase, Outcome>,
        after phases: [String],
        _ observe: @Sendable ([String], Outcome) -> JSON
    ) async -> Begun.Ended {
        Begun.Ended(observed: await observing { observe(phases, try await attempt.outcome) })
    }
}

extension KeywayApp {
    /// Lets a call begin: it has, when the account is in this phase or the call has ended.
    fileprivate nonisolated func reach(_ phase: Phase, before call: Task<Begun.Ended, Never>) async {
        let ended = Flag()
        Task {
            _ = await call.value
            ended.set()
        }
        while (try? status.phase) != phase, !ended.isSet { await Task.yield() }
    }
}

extension [String] {
    fileprivate var withoutRepeats: [String] {
        reduce(into: []) { kept, word in if kept.last != word { kept.append(word) } }
    }
}
