import Keyway
import SwiftUI
import UIKit

/// The one field of this app that something is typed into. The keyboard learns nothing of it; on a borrowed phone nothing is filled in, so nothing is offered
/// to be saved.
struct EntryField: View {
    let title: LocalizedStringKey
    let phone: WhosePhone
    let content: UITextContentType
    var keyboard: UIKeyboardType = .asciiCapable
    var isSecret = false
    @Binding var text: String

    var body: some View {
        field
            .textContentType(phone == .own ? content : nil)
            .keyboardType(keyboard)
            .autocorrectionDisabled()
            .textInputAutocapitalization(.never)
            .accessibilityLabel(Text(title))
    }

    @ViewBuilder private var field: some View {
        if isSecret {
            SecureField(title, text: $text)
        } else {
            TextField(title, text: $text)
        }
    }
}
