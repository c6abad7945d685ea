/// A long journey under way: phases on the way, exactly one outcome at the end.
///
/// Whoever waits for it, in ``outcome`` or in ``phases``, holds it: when that task is cancelled the journey is stopped, and the wait ends once the journey
/// has, so that whatever runs next finds the radio free. The outcome then tells what may have happened at the lock before. Letting go of an attempt stops
/// it too, without waiting.
public struct Attempt<Phase: Sendable, Outcome: Sendable>: Sendable {
    private let pulled: any PulledAttempt<Phase, Outcome>

    init(_ pulled: some PulledAttempt<Phase, Outcome>) {
        self.pulled = pulled
    }

    /// The phases from here on; the sequence ends once there is an outcome. Each phase is given once, to one iterator at a time.
    ///
    /// An iterator that has seen enough leaves the journey running.
    public var phases: Phases { Phases(pulled: pulled) }

    /// Waits for the outcome: the same one each time.
    public var outcome: Outcome {
        get async throws(KeywayError) {
            let pulled = pulled
            return try await told {
                try await withTaskCancellationHandler {
                    try await pulled.outcome()
                } onCancel: {
                    pulled.stop()
                }
            }
        }
    }

    /// Stops the journey and returns at once; the outcome follows within 100 ms.
    public func cancel() {
        pulled.stop()
    }

    /// The phases of an ``Attempt``.
    public struct Phases: AsyncSequence, AsyncIteratorProtocol, Sendable {
        fileprivate let pulled: any PulledAttempt<Phase, Outcome>

        public func makeAsyncIterator() -> Self { self }

        public mutating func next() async -> Phase? {
            let pulled = pulled
            return await withTaskCancellationHandler {
                // What went wrong in the library is told by the outcome.
                try? await pulled.next()
            } onCancel: {
                pulled.stop()
            }
        }
    }
}

extension Attempt: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Attempt" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { .opaque(self) }
}

/// An unlock under way.
public typealias UnlockAttempt = Attempt<UnlockPhase, UnlockOutcome>

/// A sync under way.
public typealias SyncAttempt = Attempt<SyncPhase, SyncOutcome>

/// A sync of every door in range, under way.
public typealias SyncAllAttempt = Attempt<SyncAllPhase, SyncAllOutcome>

/// An attempt of the library's, whose phases are pulled.
protocol PulledAttempt<Phase, Outcome>: AnyObject, Sendable {
    associatedtype Phase: Sendable
    associatedtype Outcome: Sendable

    func next() async throws -> Phase?
    func outcome() async throws -> Outcome
    func cancel() throws
}

extension PulledAttempt {
    /// Cancelling fails only where the library itself is broken, and the outcome says so.
    func stop() {
        try? cancel()
    }
}

extension KeywayCore.UnlockAttempt: PulledAttempt {}
extension KeywayCore.SyncAttempt: PulledAttempt {}
extension KeywayCore.SyncAllAttempt: PulledAttempt {}
