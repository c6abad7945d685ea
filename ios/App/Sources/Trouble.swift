import Keyway
import SwiftUI

/// What went wrong, in the library's words: what happened, then what to do and what else works.
struct Trouble: Equatable {
    let happened: String
    let whatToDo: String?

    init(_ error: any Error) {
        happened = error.localizedDescription
        whatToDo = (error as? any LocalizedError)?.recoverySuggestion
    }
}

/// Shows a ``Trouble``; VoiceOver reads it in one go.
struct TroubleView: View {
    let trouble: Trouble

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Label(trouble.happened, systemImage: "exclamationmark.triangle")
                .font(.headline)
            if let whatToDo = trouble.whatToDo {
                Text(verbatim: whatToDo)
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
        }
        .accessibilityElement(children: .combine)
    }
}
