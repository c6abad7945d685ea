#if canImport(UIKit) && canImport(Network) && os(iOS)
import Foundation
import Network
import UIKit

/// The app's surroundings, told at each change: foreground and background, the phone locked and unlocked, the network there or gone.
@MainActor
public final class Lifecycle {
    private let tell: @Sendable (Change) -> Void
    private let network = NWPathMonitor()
    private var observers: [any NSObjectProtocol] = []

    /// - Parameter tell: Hears each change, on whichever thread it comes.
    public init(tell: @escaping @Sendable (Change) -> Void) {
        self.tell = tell
        observe(UIApplication.willEnterForegroundNotification, .foreground)
        observe(UIApplication.didEnterBackgroundNotification, .background)
        observe(UIApplication.protectedDataWillBecomeUnavailableNotification, .phoneLocked)
        observe(UIApplication.protectedDataDidBecomeAvailableNotification, .phoneUnlocked)
        network.pathUpdateHandler = { path in
            tell(.network(available: path.status == .satisfied))
        }
        network.start(queue: .global(qos: .utility))
    }

    /// Tells no more.
    public func end() {
        for observer in observers { NotificationCenter.default.removeObserver(observer) }
        observers = []
        network.cancel()
    }

    private func observe(_ name: Notification.Name, _ change: Change) {
        let tell = tell
        let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { _ in
            tell(change)
        }
        observers.append(observer)
    }
}
#endif
