import Keyway
import SwiftUI

/// A way and whether it exists now; a *no* says what would turn it into a *yes*.
struct AvailabilityRow: View {
    let title: LocalizedStringKey
    let availability: Availability

    var body: some View {
        switch availability {
        case .yes:
            Label(title, systemImage: "checkmark.circle")
                .accessibilityElement(children: .combine)
                .accessibilityValue(Text("available"))
        case .no(let why):
            VStack(alignment: .leading, spacing: 4) {
                Label(title, systemImage: "xmark.circle")
                    .foregroundStyle(.secondary)
                TroubleView(trouble: Trouble(why))
            }
            .accessibilityElement(children: .combine)
            .accessibilityValue(Text("not available"))
        }
    }
}
