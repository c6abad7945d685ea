#if canImport(UIKit) && os(iOS)
import Foundation

/// This phone, put together: the app's core with the Secure Enclave, the owner, the places, and everything that tells it of its surroundings.
///
/// Open one and keep it while the app lives.
@MainActor
public final class Phone {
    /// What a resident can do.
    public let app: KeywayApp

    private let bluetooth: BluetoothState
    private let lifecycle: Lifecycle
    private let cover: SnapshotCover

    /// Puts it together and starts it: a wipe that an earlier process did not finish is finished before anything else.
    ///
    /// - Parameters:
    ///   - origin: The property service.
    ///   - roots: The certificates that it is trusted by, PEM.
    ///   - reason: What the phone's prompt for its owner says it is for.
    ///   - places: The places; an app that uses more than this package answers for those itself.
    /// - Throws: ``OpenError`` or ``KeywayError``.
    public static func open(
        origin: String,
        roots: String,
        reason: String,
        places: any ShellPlaces = Places()
    ) async throws -> Phone {
        let setUp = SetUp(home: try home().path, origin: origin, roots: roots)
        let app = try await KeywayApp.open(setUp, places: places, owner: Owner(reason: reason), keys: SecureEnclaveKeys())
        let phone = Phone(app)
        try await app.start()
        return phone
    }

    private init(_ app: KeywayApp) {
        self.app = app
        // A change that cannot be told finds a library that is broken or shut down; the next call says so.
        bluetooth = BluetoothState { try? app.bluetoothChanged($0) }
        lifecycle = Lifecycle { try? app.surroundingsChanged($0) }
        cover = SnapshotCover()
    }

    /// Bluetooth is wanted from here on; the first time on a phone the system asks for the permission.
    public func wantsBluetooth() {
        bluetooth.observe()
    }

    /// A folder of its own, in no backup.
    private static func home() throws -> URL {
        let files = FileManager.default
        let support = try files.url(for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        var home = support.appendingPathComponent("keyway", isDirectory: true)
        try files.createDirectory(at: home, withIntermediateDirectories: true)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try home.setResourceValues(values)
        return home
    }
}
#endif
