import Keyway
import SwiftUI
import UIKit

/// Unlocking: the phases on the way, then one outcome.
struct UnlockSection: View {
    @ObservedObject var model: UnlockModel

    var body: some View {
        Section {
            if model.isUnderWay {
                HStack {
                    ProgressView()
                    Text(model.phase?.words ?? "One moment")
                    Spacer()
                    Button("Cancel") { model.cancel() }
                        .accessibilityHint(Text("Stops unlocking"))
                }
                .buttonStyle(.borderless)
            } else {
                Button {
                    Task { await model.begin() }
                } label: {
                    Label("Unlock", systemImage: "lock.open")
                        .font(.title2.bold())
                        .frame(maxWidth: .infinity, minHeight: 56)
                }
                .accessibilityHint(Text("Unlocks this door over Bluetooth"))
            }
            if let outcome = model.outcome { OutcomeView(outcome: outcome) }
            if let trouble = model.trouble { TroubleView(trouble: trouble) }
        }
        .onChange(of: model.outcome) { outcome in
            if let outcome { UIAccessibility.post(notification: .announcement, argument: outcome.spoken) }
        }
    }
}

/// How an unlock ended, as certain as the lock made it.
private struct OutcomeView: View {
    let outcome: UnlockOutcome

    var body: some View {
        switch outcome {
        case .unlocked:
            Label("Unlocked", systemImage: "checkmark.circle.fill").font(.headline)
        case .notUnlocked(let why):
            TroubleView(trouble: Trouble(why))
        case .mayHaveUnlocked:
            Label("It may have unlocked. Try the handle first.", systemImage: "questionmark.circle.fill").font(.headline)
        }
    }
}

extension UnlockOutcome {
    /// What VoiceOver says when it ends.
    fileprivate var spoken: String {
        switch self {
        case .unlocked: String(localized: "Unlocked")
        case .notUnlocked(let why): why.localizedDescription
        case .mayHaveUnlocked: String(localized: "It may have unlocked. Try the handle first.")
        }
    }
}
