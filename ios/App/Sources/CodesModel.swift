import Keyway
import SwiftUI

/// A door's codes, and the digits of those that are shown.
@MainActor
final class CodesModel: ObservableObject {
    let whose: WhosePhone
    @Published private(set) var codes: [Doorcode] = []
    @Published private(set) var hints: EntryHints?
    @Published private(set) var shown: [DoorcodeId: Digits] = [:]
    @Published private(set) var isBusy = false
    @Published private(set) var trouble: Trouble?
    /// A lasting code on a borrowed phone: it takes a second yes.
    @Published var asksTwice: Doorcode?
    private let app: KeywayApp
    private let door: DoorId

    init(app: KeywayApp, door: DoorId, whose: WhosePhone) {
        self.app = app
        self.door = door
        self.whose = whose
    }

    func load() async {
        await run {
            let found = try await self.app.doorcodes(at: self.door)
            (self.codes, self.hints) = (found.codes, found.hints)
        }
    }

    /// Has a daily code made; it works at once.
    func newDailyCode() async {
        await run {
            _ = try await self.app.newDoorcode(NewDoorcode(singleUse: false, day: .today), at: self.door)
            self.codes = try await self.app.doorcodes(at: self.door).codes
        }
    }

    func reveal(_ code: Doorcode, confirmed: Bool = false) {
        do {
            switch try code.digits.show(confirmed: confirmed) {
            case .digits(let digits): shown[code.id] = digits
            case .asksTwice: asksTwice = code
            }
        } catch {
            trouble = Trouble(error)
        }
    }

    func hide(_ code: Doorcode) {
        shown.removeValue(forKey: code.id)?.wipe()
    }

    func hideAll() {
        for digits in shown.values { digits.wipe() }
        shown = [:]
    }

    func copy(_ code: Doorcode) {
        if let digits = shown[code.id] { Pasteboard.general.copy(digits) }
    }

    private func run(_ act: () async throws -> Void) async {
        isBusy = true
        defer { isBusy = false }
        trouble = nil
        do {
            try await act()
        } catch {
            trouble = Trouble(error)
        }
    }
}
