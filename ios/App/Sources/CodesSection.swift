import Keyway
import SwiftUI

/// The codes of a door, each hidden until it is asked for.
struct CodesSection: View {
    @ObservedObject var model: CodesModel

    var body: some View {
        Section("Doorcodes") {
            ForEach(model.codes, id: \.id) { CodeRow(code: $0, model: model) }
            Button("New daily code") { Task { await model.newDailyCode() } }
                .accessibilityHint(Text("A code for today that works without a sync"))
                .disabled(model.isBusy)
            if let hints = model.hints { hint(hints) }
            if let trouble = model.trouble { TroubleView(trouble: trouble) }
        }
        .confirmationDialog("Show a lasting code on a borrowed phone?", isPresented: asksTwice, titleVisibility: .visible) {
            Button("Make a daily code instead") { Task { await model.newDailyCode() } }
            Button("Show it", role: .destructive) { confirm() }
        } message: {
            Text("A daily code is worthless tomorrow. Reset a lasting one from your own phone later.")
        }
    }

    private func hint(_ hints: EntryHints) -> some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(verbatim: hints.wake)
            Text("At most \(Int(hints.betweenDigitsMillis / 1000)) seconds between digits.")
            if hints.deadboltRefusesDaily { Text("While the deadbolt is thrown, daily codes are refused.") }
        }
        .font(.footnote)
        .foregroundStyle(.secondary)
        .accessibilityElement(children: .combine)
    }

    private var asksTwice: Binding<Bool> {
        Binding(get: { model.asksTwice != nil }, set: { if !$0 { model.asksTwice = nil } })
    }

    private func confirm() {
        if let code = model.asksTwice { model.reveal(code, confirmed: true) }
        model.asksTwice = nil
    }
}

/// One code.
private struct CodeRow: View {
    let code: Doorcode
    @ObservedObject var model: CodesModel

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(code.kind.words).font(.headline)
            Text(code.status.words).font(.subheadline)
            window.font(.footnote).foregroundStyle(.secondary)
            digits
        }
        .buttonStyle(.borderless)
    }

    @ViewBuilder private var digits: some View {
        if let shown = model.shown[code.id] {
            Text(verbatim: shown.text)
                .font(.title.monospacedDigit())
                .privacySensitive()
                // Digit by digit, not as a number.
                .speechSpellsOutCharacters()
            HStack(spacing: 24) {
                Button("Hide digits") { model.hide(code) }
                Button("Copy") { model.copy(code) }
                    .accessibilityHint(Text("Stays on this phone, for a minute"))
            }
        } else {
            Button("Show digits") { model.reveal(code) }
                .accessibilityHint(Text("Shows the code on the screen"))
        }
    }

    private var window: some View {
        Group {
            if let end = code.end {
                Text("\(code.start.words) to \(end.words), at the door")
            } else {
                Text("From \(code.start.words), at the door")
            }
        }
    }
}
