import Keyway
import SwiftUI

/// What the sign-in screen shows.
@MainActor
final class SignInModel: ObservableObject {
    let phone: WhosePhone
    @Published var email = ""
    @Published var secret = ""
    /// With a code out of the mailbox instead of the password.
    @Published var usesCode = false {
        didSet { secret = "" }
    }
    @Published private(set) var ways: [SignInOption] = []
    @Published private(set) var isCodeSent = false
    @Published private(set) var isBusy = false
    @Published private(set) var trouble: Trouble?
    private let app: KeywayApp

    init(app: KeywayApp, phone: WhosePhone) {
        self.app = app
        self.phone = phone
    }

    /// Which ways there are on this phone, and which are a dead end.
    func look() {
        do {
            ways = try app.waysToSignIn(on: phone)
        } catch {
            trouble = Trouble(error)
        }
    }

    func sendCode() async {
        await run {
            try await self.app.sendOneTimeCode(to: self.email)
            self.isCodeSent = true
        }
    }

    /// Tells whether somebody is signed in now.
    func signIn() async -> Bool {
        await run {
            // Not held here while the service is asked, and nowhere afterwards.
            let secret = self.secret
            self.secret = ""
            if self.usesCode {
                try await self.app.signIn(email: self.email, code: secret, on: self.phone)
            } else {
                try await self.app.signIn(email: self.email, password: secret, on: self.phone)
            }
            self.email = ""
        }
    }

    @discardableResult
    private func run(_ act: () async throws -> Void) async -> Bool {
        guard !isBusy else { return false }
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
