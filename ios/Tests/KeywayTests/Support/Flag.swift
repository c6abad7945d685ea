import Foundation

/// Something that has happened, or not yet.
final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var happened = false

    var isSet: Bool { lock.withLock { happened } }

    func set() {
        lock.withLock { happened = true }
    }
}
