import Foundation

/// What asking for a doorcode's digits gives.
public enum Revealed: Sendable {
    /// The digits, until they are wiped.
    case digits(Digits)

    /// A lasting code on somebody else's phone: offer a daily code, worthless tomorrow. If they want this one all the same, ask again with `confirmed`,
    /// and advise to reset it from their own phone later.
    case asksTwice
}

extension CodeDigits {
    /// Shows the digits. `confirmed` is the second yes, and counts only where the code asks twice.
    public func show(confirmed: Bool = false) throws(KeywayError) -> Revealed {
        guard var ascii = try told({ try reveal(confirmed: confirmed) }) else { return .asksTwice }
        defer { ascii.resetBytes(in: 0..<ascii.count) }
        return .digits(Digits(ascii))
    }
}

/// The digits of a doorcode while they are on the screen. They are wiped when the last one to hold them lets go, or before, by ``wipe()``.
public final class Digits: @unchecked Sendable {
    // Guarded by `lock`: the storage is ours alone, so that no copy of it is made behind our back.
    private let storage: UnsafeMutableBufferPointer<UInt8>
    private var wiped = false
    private let lock = NSLock()

    init(_ ascii: Data) {
        storage = .allocate(capacity: ascii.count)
        _ = storage.initialize(from: ascii)
        Shown.shared.add(self)
    }

    deinit {
        wipe()
        storage.deallocate()
    }

    /// How many digits there are.
    public var count: Int { storage.count }

    /// Nothing is shown any more.
    public var isWiped: Bool { lock.withLock { wiped } }

    /// The digits as text, leading zeros included; empty once they were wiped. Whoever puts it on the screen takes it from there again.
    public var text: String {
        lock.withLock { wiped ? "" : String(decoding: storage, as: UTF8.self) }
    }

    /// Wipes the digits.
    public func wipe() {
        lock.withLock {
            for index in storage.indices { storage[index] = 0 }
            wiped = true
        }
    }
}

extension Digits: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Digits" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { .opaque(self) }
}

/// Every ``Digits`` that was not wiped yet: a shell's answer for ``ShellPlace/shellStrings`` as far as this module goes. What the shell itself made of the
/// digits or of names, it clears before.
public final class Shown: @unchecked Sendable {
    /// All of this process.
    public static let shared = Shown()

    // Guarded by `lock`.
    private var held: [Weak] = []
    private let lock = NSLock()

    private struct Weak {
        weak var digits: Digits?
    }

    init() {}

    /// Wipes all of them and looks again.
    public func erase() -> ShellAnswer {
        let open = lock.withLock {
            defer { held = [] }
            return held.compactMap(\.digits).filter { !$0.isWiped }
        }
        for digits in open { digits.wipe() }
        if open.isEmpty { return .wasEmpty }
        return open.allSatisfy(\.isWiped) ? .gone : .remains(why: .refused)
    }

    func add(_ digits: Digits) {
        lock.withLock {
            held.removeAll { $0.digits?.isWiped ?? true }
            held.append(Weak(digits: digits))
        }
    }
}
