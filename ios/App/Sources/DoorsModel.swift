import Keyway
import SwiftUI

/// What the list of doors shows.
@MainActor
final class DoorsModel: ObservableObject {
    let phone: Phone
    let whose: WhosePhone
    @Published private(set) var doors: [Door] = []
    @Published private(set) var isFromCache = false
    @Published private(set) var isBusy = false
    @Published private(set) var trouble: Trouble?
    /// The ladder at the door that was asked about.
    @Published var options: LockoutOptions?

    init(phone: Phone, whose: WhosePhone) {
        self.phone = phone
        self.whose = whose
    }

    /// What is there already, then what the service has.
    func load() async {
        await run { self.take(try await self.phone.app.doors()) }
        if isFromCache { await refresh() }
    }

    func refresh() async {
        await run { self.take(try await self.phone.app.refresh()) }
    }

    /// Those in range first.
    func lookAround() async {
        phone.wantsBluetooth()
        await run { self.take(try await self.phone.app.doorsInRange()) }
    }

    func askWaysIn(at door: DoorId) async {
        await run { self.options = try await self.phone.app.lockoutOptions(at: door) }
    }

    /// Tells whether everything is hidden now.
    func hide() async -> Bool {
        await run { try await self.phone.app.hide() }
    }

    func signOut() async -> SignOutReport? {
        var report: SignOutReport?
        await run { report = try await self.phone.app.signOut() }
        return report
    }

    private func take(_ found: Doors) {
        doors = found.doors
        isFromCache = found.fromCache
    }

    @discardableResult
    private func run(_ act: () async throws -> Void) async -> Bool {
        isBusy = true
        defer { isBusy = false }
        trouble = nil
        do {
            try await act()
            return true
        } catch {
            trouble = Trouble(error)
            return false
        }
    }
}
