import Keyway
import SwiftUI

/// Syncing: this phone carries between service and lock.
struct SyncSection: View {
    @ObservedObject var model: SyncModel

    var body: some View {
        Section("Sync") {
            if model.isUnderWay {
                progress
                Button("Cancel") { model.cancel() }
                    .accessibilityHint(Text("Stops the sync; it goes on from there the next time"))
            } else {
                Button("Sync this door") { Task { await model.begin() } }
                    .accessibilityHint(Text("Brings codes to the lock and its reports back"))
            }
            if let outcome = model.outcome { SyncOutcomeView(outcome: outcome) }
            if let trouble = model.trouble { TroubleView(trouble: trouble) }
        }
    }

    @ViewBuilder private var progress: some View {
        let words = model.phase?.words ?? "One moment"
        if case .sending(let sent, let total) = model.phase, total > 0 {
            ProgressView(words, value: Double(sent), total: Double(total))
        } else {
            ProgressView(words)
        }
    }
}

/// How a sync ended.
private struct SyncOutcomeView: View {
    let outcome: SyncOutcome

    var body: some View {
        switch outcome {
        case .synced(let receiptVerified, _, let uploadPending):
            VStack(alignment: .leading, spacing: 4) {
                if receiptVerified {
                    Label("Synced; the lock has confirmed it", systemImage: "checkmark.circle.fill")
                } else {
                    Label("Synced; the lock's confirmation is not checked yet", systemImage: "checkmark.circle")
                }
                if uploadPending { Text("The service is told once there is network.") }
            }
            .accessibilityElement(children: .combine)
        case .interrupted(let resumable):
            if resumable {
                Label("Interrupted. The next sync goes on from there.", systemImage: "pause.circle")
            } else {
                Label("Interrupted.", systemImage: "pause.circle")
            }
        case .notSynced(let why):
            TroubleView(trouble: Trouble(why))
        }
    }
}
