import Keyway
import SwiftUI

/// What may be done while everything is hidden.
@MainActor
final class HiddenModel: ObservableObject {
    @Published private(set) var trouble: Trouble?
    private let app: KeywayApp

    init(app: KeywayApp) {
        self.app = app
    }

    /// Tells whether the owner was recognised.
    func show() async -> Bool {
        do {
            try await app.show()
            return true
        } catch {
            trouble = Trouble(error)
            return false
        }
    }

    func signOut() async -> SignOutReport? {
        do {
            return try await app.signOut()
        } catch {
            trouble = Trouble(error)
            return nil
        }
    }
}

/// Nothing is shown until the phone's owner asks for it.
struct HiddenView: View {
    @StateObject private var model: HiddenModel
    private let shown: () -> Void
    private let signedOut: (SignOutReport) -> Void

    init(
        model: @autoclosure @escaping () -> HiddenModel,
        shown: @escaping () -> Void,
        signedOut: @escaping (SignOutReport) -> Void
    ) {
        _model = StateObject(wrappedValue: model())
        self.shown = shown
        self.signedOut = signedOut
    }

    var body: some View {
        VStack(spacing: 24) {
            Label("Hidden", systemImage: "eye.slash").font(.title)
            Button("Show") { Task { if await model.show() { shown() } } }
                .buttonStyle(.borderedProminent)
                .accessibilityHint(Text("Asks for your face, finger or code"))
            Button("Sign out", role: .destructive) { Task { if let report = await model.signOut() { signedOut(report) } } }
            if let trouble = model.trouble { TroubleView(trouble: trouble) }
        }
        .padding()
    }
}
