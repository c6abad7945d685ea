import Keyway
import SwiftUI

/// What became of every place. Nothing says "signed out" before every place was read back empty and the service confirmed.
struct ReportView: View {
    let report: SignOutReport
    let done: () -> Void

    var body: some View {
        NavigationStack {
            List {
                Section {
                    if report.complete {
                        Label("Signed out. Nothing of yours is left here.", systemImage: "checkmark.seal").font(.headline)
                    } else {
                        Label("Not everything is done yet. See what is open.", systemImage: "exclamationmark.triangle")
                            .font(.headline)
                    }
                    server
                    if report.undelivered > 0 { Text("What was carried for locks was not handed over; another phone carries it again.") }
                }
                places("Open", remaining)
                places("Erased, or was empty", report.places.filter { $0.result.isEmpty })
                places("Not used by this app", report.places.filter { $0.result.isUnused })
            }
            .navigationTitle("Sign-out report")
            .toolbar { Button("Done", action: done) }
        }
    }

    private var remaining: [PlaceLine] {
        report.places.filter { !$0.result.isEmpty && !$0.result.isUnused }
    }

    @ViewBuilder private func places(_ title: LocalizedStringKey, _ lines: [PlaceLine]) -> some View {
        if !lines.isEmpty {
            Section(title) {
                ForEach(lines, id: \.number) { PlaceRow(line: $0) }
            }
        }
    }

    @ViewBuilder private var server: some View {
        switch report.server {
        case .ended: Text("The service has ended the session.")
        case .noSession: Text("There was no session at the service.")
        case .endedByService: Text("The service had ended the session before.")
        case .notTold(let endsAt):
            if let endsAt {
                let end = Date(timeIntervalSince1970: TimeInterval(endsAt) / 1000).formatted(date: .abbreviated, time: .shortened)
                Text("The service could not be told. The session ends by itself: \(end).")
            } else {
                Text("The service could not be told.")
            }
        }
    }
}

/// One place.
private struct PlaceRow: View {
    let line: PlaceLine

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(verbatim: "\(line.number) · \(line.place)")
            switch line.result {
            case .gone: result("gone", "checkmark.circle")
            case .wasEmpty: result("was empty", "circle")
            case .remains(_, let why, let action):
                result("remains", "exclamationmark.triangle")
                Text(verbatim: why).font(.footnote)
                Text(verbatim: action).font(.footnote)
            case .notUsed(let test):
                result("not used", "minus.circle")
                Text(verbatim: test).font(.caption2.monospaced()).accessibilityHidden(true)
            }
        }
        .accessibilityElement(children: .combine)
    }

    private func result(_ words: LocalizedStringKey, _ image: String) -> some View {
        Label(words, systemImage: image)
            .font(.subheadline)
            .foregroundStyle(.secondary)
    }
}

extension PlaceResult {
    fileprivate var isEmpty: Bool { self == .gone || self == .wasEmpty }

    fileprivate var isUnused: Bool {
        if case .notUsed = self { true } else { false }
    }
}
