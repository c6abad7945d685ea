import Foundation
import Keyway
import Testing

/// Errors speak to a person, and the app to whoever listens.
@Suite(.timeLimit(.minutes(10))) struct WordsTests {
    @Test func anErrorSaysWhatHappenedAndWhatToDo() throws {
        let advice = try KeywayError.LockNotFound.advice(language: languageOfTag(tag: Locale.preferredLanguages.first ?? "en"))
        #expect(KeywayError.LockNotFound.localizedDescription == advice.happened)
        let suggestion = try #require(KeywayError.LockNotFound.recoverySuggestion)
        #expect(suggestion.hasPrefix(advice.action))
        #expect(suggestion.hasSuffix(advice.fallback))
        #expect(OpenError.PhoneLocked.localizedDescription != String(reflecting: OpenError.PhoneLocked))
    }

    @Test func everyListenerHearsEveryNoticeAndTheEnd() async throws {
        try await Stage.shared.withBuilding { building in
            let app = try await building.phone("phone")
            let (first, second) = (try await app.notices, try await app.notices)
            try await app.start()
            let resident = try #require(building.account("resident"))
            try await app.signIn(email: resident.email, password: resident.password, on: .borrowed)
            _ = try await app.signOut()
            try await app.shutDown()
            for notices in [first, second] {
                var heard: [Notice] = []
                for await notice in notices { heard.append(notice) }
                #expect(heard.first == .signedIn(borrowed: true))
                #expect(heard.contains(.signedOut(complete: true)))
            }
        }
    }

    @Test func digitsAreThereUntilTheyAreWiped() async throws {
        try await atHome { home in
            let wanted = NewDoorcode(singleUse: false, day: .today)
            let code = try await home.app.newDoorcode(wanted, at: home.door)
            guard case .digits(let digits) = try code.digits.show() else {
                Issue.record("one's own phone asks once")
                return
            }
            #expect(digits.count == 8)
            #expect(digits.text.count == 8)
            digits.wipe()
            #expect(digits.isWiped)
            #expect(digits.text.isEmpty)
        }
    }
}
