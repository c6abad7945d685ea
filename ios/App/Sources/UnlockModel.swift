import Keyway
import SwiftUI

/// How far an unlock is, and how it ended.
@MainActor
final class UnlockModel: ObservableObject {
    @Published private(set) var phase: UnlockPhase?
    @Published private(set) var outcome: UnlockOutcome?
    @Published private(set) var trouble: Trouble?
    @Published private(set) var isUnderWay = false
    private var attempt: UnlockAttempt?
    private let phone: Phone
    private let door: DoorId

    init(phone: Phone, door: DoorId) {
        self.phone = phone
        self.door = door
    }

    func unlock() async {
        guard !isUnderWay else { return }
        isUnderWay = true
        defer { (isUnderWay, phase, attempt) = (false, nil, nil) }
        (outcome, trouble) = (nil, nil)
        phone.wantsBluetooth()
        do {
            let attempt = try phone.app.unlock(door)
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
