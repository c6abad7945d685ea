import Keyway
import SwiftUI

/// The first question.
struct WhosePhoneView: View {
    let answer: (WhosePhone) -> Void

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 24) {
                Text("Is this your phone?")
                    .font(.largeTitle.bold())
                    .accessibilityAddTraits(.isHeader)
                choice("Yes, it is mine", "You stay signed in, and your doorcodes are here without network.", "iphone", .own)
                choice(
                    "No, I borrowed it", "Nothing is stored. You are signed out after 15 minutes, or when the app closes.",
                    "person.2", .borrowed
                )
            }
            .padding()
        }
    }

    private func choice(
        _ title: LocalizedStringKey,
        _ what: LocalizedStringKey,
        _ image: String,
        _ whose: WhosePhone
    ) -> some View {
        Button {
            answer(whose)
        } label: {
            HStack(spacing: 16) {
                Image(systemName: image)
                    .font(.title)
                    .accessibilityHidden(true)
                VStack(alignment: .leading, spacing: 4) {
                    Text(title).font(.headline)
                    Text(what)
                        .font(.subheadline)
                        .multilineTextAlignment(.leading)
                }
            }
            .frame(maxWidth: .infinity, minHeight: 64, alignment: .leading)
        }
        .buttonStyle(.bordered)
        .accessibilityLabel(Text(title))
        .accessibilityHint(Text(what))
    }
}
