import Foundation
import Testing

@testable import Keyway

/// The sign-out report says that the shell for iOS does not use these places, and names these tests: each fails when what it is about appears in the
/// sources of the library or the app. Then the place needs an answer that erases and reads back.
@Suite struct UnusedPlacesTests {
    /// Without an associated domain the system offers no saving, and a field of a borrowed phone says to nobody what is typed there.
    @Test func place_21_no_password_saving() throws {
        try unused(
            "webcredentials", "associated-domains", "SecAddSharedWebCredential", "ASAuthorization", "ASCredential", ".newPassword"
        )
        #expect(try users("textContentType") == ["EntryField.swift"])
        let field = try text(of: "App/Sources/EntryField.swift")
        #expect(field.contains(".textContentType(phone == .own ? content : nil)"))
    }

    /// Whatever is typed goes through one view, which has the keyboard learn nothing.
    @Test func place_26_no_keyboard_learning() throws {
        let typed = ["TextField(", "SecureField(", "TextEditor(", "UITextField", "UITextView", ".searchable("]
        #expect(try users(typed) == ["EntryField.swift"])
        let field = try text(of: "App/Sources/EntryField.swift")
        #expect(field.contains(".autocorrectionDisabled()"))
        #expect(field.contains(".textInputAutocapitalization(.never)"))
    }

    @Test func place_35_no_app_pin() throws {
        try unused("AppPin", "biometryCurrentSet", "biometryAny", "evaluatedPolicyDomainState", "userPresence")
    }

    @Test func place_36_no_login_memory() throws {
        try unused("AppStorage", "SceneStorage", "lastEmail", "rememberMe")
    }

    @Test func everyPlaceThatIsNotUsedNamesOneOfTheseTests() throws {
        let places: [ShellPlace] = [
            .shellStrings, .notifications, .passwordSaving, .preferences, .appSwitcherImage, .clipboard, .keyboardLearning, .appPin,
            .loginMemory,
        ]
        let guards = places.compactMap(\.guardOfUnused).sorted()
        let here = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let tests = here.split(separator: "\n").filter { $0.hasPrefix("    @Test func place_") }
        let names = tests.compactMap { $0.split(separator: " ").first { $0.hasPrefix("place_") }?.split(separator: "(").first.map(String.init) }
        #expect(guards == names.sorted())
        #expect(guards.count == 4)
    }

    /// The control: a word that the search has to find.
    @Test func theSearchFindsWhatIsThere() throws {
        #expect(try users("SecKeyCreateSignature") == ["SecureEnclaveKeys.swift"])
        #expect(try users("a word that is nowhere in the code").isEmpty)
    }

    private func unused(_ words: String...) throws {
        #expect(try users(words) == [], "now used: erase it and read it back")
    }

    private func users(_ word: String) throws -> [String] { try users([word]) }

    /// Files of the library and the app that have one of `words` in their code; comments may speak of what is not used.
    private func users(_ words: [String]) throws -> [String] {
        var found: Set<String> = []
        var read = 0
        for folder in ["Sources/Keyway", "App"] {
            let below = try #require(FileManager.default.enumerator(atPath: ios.appendingPathComponent(folder).path))
            for case let path as String in below where ["swift", "plist", "entitlements", "yml"].contains((path as NSString).pathExtension) {
                read += 1
                let lines = try text(of: "\(folder)/\(path)").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                let names = ["//", "#", "case .appPin: \"", "case .passwordSaving, "]
                let code = lines.filter { line in !names.contains { line.hasPrefix($0) } }
                let hit = code.contains { line in words.contains { line.lowercased().contains($0.lowercased()) } }
                if hit { found.insert((path as NSString).lastPathComponent) }
            }
        }
        try #require(read > 20, "the sources were not found")
        return found.sorted()
    }

    private func text(of path: String) throws -> String {
        try String(contentsOf: ios.appendingPathComponent(path), encoding: .utf8)
    }

    private var ios: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
