import Foundation

extension KeywayError: LocalizedError {
    /// What happened, in the language of the phone if its words exist, else in English.
    public var errorDescription: String? { words?.happened }

    /// What to do now, and what else works.
    public var recoverySuggestion: String? { words?.whatToDo }

    private var words: Advice? { try? advice(language: .ofPhone) }
}

extension OpenError: LocalizedError {
    /// What happened, in the language of the phone if its words exist, else in English.
    public var errorDescription: String? { words?.happened }

    /// What to do now, and what else works.
    public var recoverySuggestion: String? { words?.whatToDo }

    private var words: Advice? { try? advice(language: .ofPhone) }
}

extension Advice {
    fileprivate var whatToDo: String {
        [action, fallback].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension Language {
    /// The first language that the phone's owner prefers.
    fileprivate static var ofPhone: Language {
        let tag = Locale.preferredLanguages.first ?? "en"
        return (try? languageOfTag(tag: tag)) ?? .english
    }
}

/// Gives what a call of the library gives. What is none of its errors is a fault inside it, whose text stays here.
func told<Answer>(_ call: () throws -> Answer) throws(KeywayError) -> Answer {
    do {
        return try call()
    } catch let error as KeywayError {
        throw error
    } catch {
        throw .Internal
    }
}

/// Gives what a journey of the library gives; see the other one.
func told<Answer>(_ journey: () async throws -> Answer) async throws(KeywayError) -> Answer {
    do {
        return try await journey()
    } catch let error as KeywayError {
        throw error
    } catch {
        throw .Internal
    }
}
