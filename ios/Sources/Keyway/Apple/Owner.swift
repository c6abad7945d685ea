#if canImport(LocalAuthentication)
import Foundation
import LocalAuthentication

/// The phone's owner, known by face, finger or the phone's code.
public final class Owner: DeviceOwner, @unchecked Sendable {
    private let reason: String
    // Guarded by `lock`.
    private var asking: LAContext?
    private let lock = NSLock()

    /// - Parameter reason: What the prompt says it is for, in the phone's language.
    public init(reason: String) {
        self.reason = reason
    }

    public func isSetUp() throws -> Bool {
        LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
    }

    public func confirm() throws {
        // A new one each time: what was confirmed before does not count.
        let context = LAContext()
        lock.withLock { asking = context }
        defer { lock.withLock { asking = nil } }
        let answer = Answer<Result<Void, DeviceOwnerError>>()
        context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: reason) { confirmed, error in
            let isMissing = (error as? LAError)?.code == .passcodeNotSet
            answer.give(confirmed ? .success(()) : .failure(isMissing ? .Missing : .Failed))
        }
        // The prompt ends by the owner, by the system or by `dismiss`.
        try answer.wait().get()
    }

    public func dismiss() throws {
        lock.withLock { asking }?.invalidate()
    }
}
#endif
