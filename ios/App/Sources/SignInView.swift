import Keyway
import SwiftUI

/// Signing in, with the password or with a code sent by e-mail.
struct SignInView: View {
    @StateObject private var model: SignInModel
    private let signedIn: () -> Void
    private let back: () -> Void

    init(model: @autoclosure @escaping () -> SignInModel, signedIn: @escaping () -> Void, back: @escaping () -> Void) {
        _model = StateObject(wrappedValue: model())
        self.signedIn = signedIn
        self.back = back
    }

    var body: some View {
        NavigationStack {
            Form {
                if model.phone == .borrowed { ways }
                fields
                if let trouble = model.trouble { Section { TroubleView(trouble: trouble) } }
                Section {
                    Button("Sign in") {
                        Task { if await model.signIn() { signedIn() } }
                    }
                    .disabled(model.isBusy || model.email.isEmpty || model.secret.isEmpty)
                    if model.isBusy { ProgressView("Asking the service") }
                }
            }
            .navigationTitle("Sign in")
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button("Back", action: back).disabled(model.isBusy)
                }
            }
        }
        .onAppear { model.look() }
    }

    private var fields: some View {
        Section {
            Picker("How", selection: $model.usesCode) {
                Text("Password").tag(false)
                Text("Code by e-mail").tag(true)
            }
            .pickerStyle(.segmented)
            EntryField(title: "E-mail", phone: model.phone, content: .username, keyboard: .emailAddress, text: $model.email)
            if model.usesCode {
                Button("Send me a code") { Task { await model.sendCode() } }
                    .disabled(model.isBusy || model.email.isEmpty)
                if model.isCodeSent { Text("If there is such an account, a code is in its mailbox. It is good for 10 minutes.") }
                EntryField(
                    title: "Code", phone: model.phone, content: .oneTimeCode, keyboard: .numberPad, text: $model.secret
                )
            } else {
                EntryField(title: "Password", phone: model.phone, content: .password, isSecret: true, text: $model.secret)
            }
        }
    }

    /// On a borrowed phone, what works there best stands first.
    private var ways: some View {
        Section("What works on a borrowed phone") {
            ForEach(Array(model.ways.enumerated()), id: \.offset) { _, option in
                AvailabilityRow(title: option.way.words, availability: option.availability)
            }
        }
    }
}
