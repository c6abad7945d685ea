import Keyway
import SwiftUI

/// The ways through a door: those that exist now first, best first.
struct LockoutView: View {
    let options: LockoutOptions
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            List {
                Section {
                    ForEach(Array(options.options.enumerated()), id: \.offset) { _, option in
                        AvailabilityRow(title: option.way.words, availability: option.availability)
                    }
                }
                if !options.sharers.isEmpty {
                    Section("Who has access") {
                        ForEach(options.sharers, id: \.self) { Text(verbatim: $0) }
                    }
                }
                property
            }
            .navigationTitle("Ways in")
            .toolbar { Button("Done") { dismiss() } }
        }
    }

    private var property: some View {
        Section("Property") {
            Text(verbatim: options.property.name)
            if let number = options.property.phone, let url = URL(string: "tel:\(number.filter { !$0.isWhitespace })") {
                Link(destination: url) { Label(number, systemImage: "phone") }
                    .accessibilityHint(Text("Calls the property"))
            }
            if let address = options.property.email, let url = URL(string: "mailto:\(address)") {
                Link(destination: url) { Label(address, systemImage: "envelope") }
                    .accessibilityHint(Text("Writes to the property"))
            }
        }
    }
}
