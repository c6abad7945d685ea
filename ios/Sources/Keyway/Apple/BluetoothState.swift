#if canImport(CoreBluetooth) && os(iOS)
import CoreBluetooth
import Foundation

/// Bluetooth's power and the resident's permission, told at each change.
///
/// The system asks for the permission when the first central is made. So none is made before Bluetooth is wanted: until then only the permission is read,
/// which asks nobody.
@MainActor
public final class BluetoothState: NSObject {
    private let tell: (AdapterState) -> Void
    private var central: CBCentralManager?

    /// - Parameter tell: Hears how Bluetooth stands: once observing has begun, and at each change.
    public init(tell: @escaping (AdapterState) -> Void) {
        self.tell = tell
        super.init()
        if CBManager.authorization != .notDetermined { observe() }
    }

    /// Begins to observe; the first time on a phone the system asks for the permission. Call it where the resident asks for what needs Bluetooth.
    public func observe() {
        guard central == nil else { return }
        // Whether it is on is shown by the app, in words of its own.
        central = CBCentralManager(delegate: self, queue: .main, options: [CBCentralManagerOptionShowPowerAlertKey: false])
    }

    private func changed(to state: CBManagerState) {
        let permission: Permission =
            switch CBManager.authorization {
            case .allowedAlways: .granted
            case .notDetermined: .notAsked
            case .denied, .restricted: .denied
            @unknown default: .denied
            }
        let power: Power? =
            switch state {
            case .poweredOn: .on
            case .poweredOff: .off
            case .unsupported: .unsupported
            // Without the permission the power is not told; the permission is what is said then.
            case .unauthorized: .on
            // The system says more in a moment.
            case .unknown, .resetting: nil
            @unknown default: nil
            }
        if let power { tell(AdapterState(power: power, permission: permission, location: .notNeeded)) }
    }
}

extension BluetoothState: CBCentralManagerDelegate {
    public nonisolated func centralManagerDidUpdateState(_ central: CBCentralManager) {
        let state = central.state
        // It comes on the queue that the central was made with.
        MainActor.assumeIsolated { changed(to: state) }
    }
}
#endif
