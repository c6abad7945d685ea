/// A resident's door app.
///
/// Open one for each home folder, ``start()`` it before anything else, and keep it: calls may come from any task, and at once. A call that was begun is
/// carried to its end even when its task is cancelled; what takes long and moves a bolt is an ``Attempt``, which ends with its task.
///
/// ```swift
/// let app = try await KeywayApp.open(setUp, places: places)
/// try await app.start()
/// let attempt = try app.unlock(door.id)
/// for await phase in attempt.phases { show(phase) }
/// show(try await attempt.outcome)
/// ```
public actor KeywayApp {
    nonisolated let core: KeywayCore.KeywayApp
    private var listeners: [Int: AsyncStream<Notice>.Continuation] = [:]
    private var lastListener = 0
    private var listening: Task<Void, Never>?

    package init(core: KeywayCore.KeywayApp) {
        self.core = core
    }

    deinit {
        listening?.cancel()
        for listener in listeners.values { listener.finish() }
    }

    /// Puts the phone together: its keychain is proven, its home is taken.
    ///
    /// - Parameters:
    ///   - setUp: Which service, and where on this phone.
    ///   - places: Empties the places that only the shell can empty.
    ///   - owner: Knows the phone's owner. Left out where there is no lock screen to ask for: then nothing can be hidden.
    ///   - keys: The phone's key hardware. Left out where there is none: then keys are kept in the keychain.
    /// - Throws: ``OpenError``; nothing was stored then.
    public static func open(
        _ setUp: SetUp,
        places: any ShellPlaces,
        owner: (any DeviceOwner)? = nil,
        keys: (any HardwareKeys)? = nil
    ) async throws(OpenError) -> KeywayApp {
        do {
            return KeywayApp(core: try await .open(setUp: setUp, places: places, owner: owner, keys: keys))
        } catch let error as OpenError {
            throw error
        } catch {
            throw .Internal
        }
    }

    /// Tells the app that its surroundings changed. Returns at once.
    public nonisolated func surroundingsChanged(_ change: Change) throws(KeywayError) {
        try told { try core.surroundingsChanged(change: change) }
    }

    /// Tells the app how Bluetooth stands now. Until it is told, Bluetooth is taken to be on and permitted.
    public nonisolated func bluetoothChanged(_ state: AdapterState) throws(KeywayError) {
        try told { try core.bluetoothChanged(state: state) }
    }

    /// A report for the property's support, as JSON: states, counts and ages. It holds no name, address, id, code or key.
    public nonisolated func diagnostics() async throws(KeywayError) -> String {
        try await told { try await core.diagnostics() }
    }

    /// Ends the app: journeys under way have 8 s to finish, then its home is free for another.
    ///
    /// Every later call throws ``KeywayError/Internal``; a second `shutDown` does nothing. An app that is only let go of ends by itself, in the background.
    public nonisolated func shutDown() async throws(KeywayError) {
        try await told { try await core.shutDown() }
    }

    // MARK: Notices

    /// What the app has to say by itself, such as that a borrowed session's time was up, from here on. It ends with the app.
    ///
    /// Every listener hears every notice. One that does not keep up loses the oldest: ``status`` tells where the account is in any case.
    public var notices: AsyncStream<Notice> {
        get throws(KeywayError) {
            let source = try told { try core.notices() }
            let (stream, listener) = AsyncStream.makeStream(of: Notice.self, bufferingPolicy: .bufferingNewest(64))
            lastListener += 1
            let number = lastListener
            listeners[number] = listener
            listener.onTermination = { [weak self] _ in
                Task { await self?.forget(number) }
            }
            if listening == nil {
                // Of the app it holds nothing: it ends when the library says that nothing follows.
                listening = Task { [weak self] in
                    while let notice = try? await source.next() { await self?.tell(notice) }
                    await self?.finish()
                }
            }
            return stream
        }
    }

    private func tell(_ notice: Notice) {
        for listener in listeners.values { listener.yield(notice) }
    }

    private func forget(_ number: Int) {
        listeners[number] = nil
    }

    private func finish() {
        for listener in listeners.values { listener.finish() }
        listeners = [:]
    }
}

extension KeywayApp: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public nonisolated var description: String { "KeywayApp" }
    public nonisolated var debugDescription: String { description }
    public nonisolated var customMirror: Mirror { .opaque(self) }
}
