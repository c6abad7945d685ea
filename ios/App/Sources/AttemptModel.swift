import Keyway
import SwiftUI

/// How far an attempt at a door is, and how it ended.
@MainActor
final class AttemptModel<Phase: Sendable, Outcome: Sendable>: ObservableObject {
    @Published private(set) var phase: Phase?
    @Published private(set) var outcome: Outcome?
    @Published private(set) var trouble: Trouble?
    @Published private(set) var isUnderWay = false
    private var attempt: Attempt<Phase, Outcome>?
    private let phone: Phone
    private let attemptAtDoor: (KeywayApp) throws -> Attempt<Phase, Outcome>

    init(phone: Phone, attemptAtDoor: @escaping (KeywayApp) throws -> Attempt<Phase, Outcome>) {
        self.phone = phone
        self.attemptAtDoor = attemptAtDoor
    }

    func begin() async {
        guard !isUnderWay else { return }
        isUnderWay = true
        defer { (isUnderWay, phase, attempt) = (false, nil, nil) }
        (outcome, trouble) = (nil, nil)
        phone.wantsBluetooth()
        do {
            let attempt = try attemptAtDoor(phone.app)
            self.attempt = attempt
            for await phase in attempt.phases { self.phase = phase }
            outcome = try await attempt.outcome
        } catch {
            trouble = Trouble(error)
        }
    }

    func cancel() {
        attempt?.cancel()
    }
}

typealias UnlockModel = AttemptModel<UnlockPhase, UnlockOutcome>
typealias SyncModel = AttemptModel<SyncPhase, SyncOutcome>
