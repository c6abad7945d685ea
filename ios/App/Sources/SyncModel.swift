import Keyway
import SwiftUI

/// How far a sync is, and how it ended.
@MainActor
final class SyncModel: ObservableObject {
    @Published private(set) var phase: SyncPhase?
    @Published private(set) var outcome: SyncOutcome?
    @Published private(set) var trouble: Trouble?
    @Published private(set) var isUnderWay = false
    private var attempt: SyncAttempt?
    private let phone: Phone
    private let door: DoorId

    init(phone: Phone, door: DoorId) {
        self.phone = phone
        self.door = door
    }

    func sync() async {
        guard !isUnderWay else { return }
        isUnderWay = true
        defer { (isUnderWay, phase, attempt) = (false, nil, nil) }
        (outcome, trouble) = (nil, nil)
        phone.wantsBluetooth()
        do {
            let attempt = try phone.app.sync(door)
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
