#if canImport(UIKit) && os(iOS)
import UIKit

/// A window over everything while the app is not in use, so that the image which the app switcher keeps shows nothing.
@MainActor
public final class SnapshotCover {
    private var covers: [UIWindow] = []
    private var observers: [any NSObjectProtocol] = []

    /// Covers from here on.
    public init() {
        observe(UIApplication.willResignActiveNotification) { $0.cover() }
        observe(UIApplication.didBecomeActiveNotification) { $0.uncover() }
    }

    /// Covers no more.
    public func end() {
        for observer in observers { NotificationCenter.default.removeObserver(observer) }
        observers = []
        uncover()
    }

    private func observe(_ name: Notification.Name, _ act: @escaping @Sendable @MainActor (SnapshotCover) -> Void) {
        let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { [weak self] _ in
            // At once: the system takes its image right after.
            MainActor.assumeIsolated {
                if let self { act(self) }
            }
        }
        observers.append(observer)
    }

    private func cover() {
        guard covers.isEmpty else { return }
        let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
        covers = scenes.map { scene in
            let window = UIWindow(windowScene: scene)
            let blank = UIViewController()
            blank.view.backgroundColor = .systemBackground
            // VoiceOver has nothing to read here.
            blank.view.accessibilityElementsHidden = true
            window.rootViewController = blank
            // Over alerts and the keyboard too.
            window.windowLevel = .alert + 1
            window.isHidden = false
            return window
        }
    }

    private func uncover() {
        for window in covers {
            window.isHidden = true
            window.windowScene = nil
        }
        covers = []
    }
}
#endif
