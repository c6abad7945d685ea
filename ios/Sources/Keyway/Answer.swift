import Foundation

/// What a system tells in a callback, for whoever blocks on a thread of their own until then.
final class Answer<Value: Sendable>: @unchecked Sendable {
    // Written once, before `given` is signalled.
    private var value: Value?
    private let given = DispatchSemaphore(value: 0)

    /// Gives the answer, once.
    func give(_ value: Value) {
        self.value = value
        given.signal()
    }

    /// Waits for it.
    func wait() -> Value {
        given.wait()
        guard let value else { preconditionFailure("an answer is given before it is signalled") }
        return value
    }

    /// Waits for it at most so long; nothing if it has not come by then.
    func wait(seconds: Double) -> Value? {
        given.wait(timeout: .now() + seconds) == .success ? value : nil
    }
}
