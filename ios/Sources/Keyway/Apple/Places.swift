#if canImport(UIKit) && os(iOS)
import Foundation
import UIKit
import UserNotifications

/// The places of an app on iOS, erased and read back one by one.
///
/// Each call comes on a thread of its own, may block, and has 2 s.
public final class Places: ShellPlaces {
    /// How long a system is waited for, in seconds: below the library's own limit, so that the answer is this shell's.
    private static let patience = 1.5

    private let domain: String

    /// - Parameter domain: The domain of the app's own preferences.
    public init(domain: String = Bundle.main.bundleIdentifier ?? "dev.keyway") {
        self.domain = domain
    }

    public func erase(place: ShellPlace) throws -> ShellAnswer {
        if let test = place.guardOfUnused { return .notUsed(guard: test) }
        return switch place {
        case .shellStrings: Shown.shared.erase()
        case .notifications: eraseNotifications()
        case .preferences: erasePreferences()
        case .appSwitcherImage: try eraseImages()
        case .clipboard: try onMain { Pasteboard.general.clear() }
        // Each of them has a test: see above.
        case .passwordSaving, .keyboardLearning, .appPin, .loginMemory: throw ShellError.Failed
        }
    }

    /// Those that are shown, those that wait, and the categories that carry texts.
    private func eraseNotifications() -> ShellAnswer {
        guard let before = notifications() else { return .remains(why: .cannotLook) }
        guard before > 0 else { return .wasEmpty }
        let center = UNUserNotificationCenter.current()
        center.removeAllDeliveredNotifications()
        center.removeAllPendingNotificationRequests()
        center.setNotificationCategories([])
        // Both removals are done later, on a queue of the system's: what is read back comes after them, or it says that something remains.
        guard let after = notifications() else { return .remains(why: .cannotLook) }
        return after == 0 ? .gone : .remains(why: .refused)
    }

    /// How many there are; nothing if the system does not say.
    private func notifications() -> Int? {
        let center = UNUserNotificationCenter.current()
        let (shown, waiting, categories) = (Answer<Int>(), Answer<Int>(), Answer<Int>())
        center.getDeliveredNotifications { shown.give($0.count) }
        center.getPendingNotificationRequests { waiting.give($0.count) }
        center.getNotificationCategories { categories.give($0.count) }
        let counts = [shown, waiting, categories].map { $0.wait(seconds: Self.patience / 6) }
        return counts.reduce(Optional(0)) { sum, count in
            guard let sum, let count else { return nil }
            return sum + count
        }
    }

    private func erasePreferences() -> ShellAnswer {
        let defaults = UserDefaults.standard
        let isEmpty = { defaults.persistentDomain(forName: self.domain)?.isEmpty ?? true }
        if isEmpty() { return .wasEmpty }
        defaults.removePersistentDomain(forName: domain)
        return isEmpty() ? .gone : .remains(why: .refused)
    }

    /// The images that the system took of the app. The cover keeps everything off them; they go all the same.
    private func eraseImages() throws -> ShellAnswer {
        let files = FileManager.default
        let library = try files.url(for: .libraryDirectory, in: .userDomainMask, appropriateFor: nil, create: false)
        let folder = library.appendingPathComponent("SplashBoard/Snapshots")
        guard files.fileExists(atPath: folder.path) else { return .wasEmpty }
        let images = try files.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        if images.isEmpty { return .wasEmpty }
        for image in images { try? files.removeItem(at: image) }
        let left = try files.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return left.isEmpty ? .gone : .remains(why: .refused)
    }

    /// Runs on the main thread and waits for it, but not for ever: a main thread that is held up leaves the place named as one that *remains*.
    private func onMain(_ act: @escaping @Sendable @MainActor () -> ShellAnswer) throws -> ShellAnswer {
        let answer = Answer<ShellAnswer>()
        DispatchQueue.main.async {
            MainActor.assumeIsolated { answer.give(act()) }
        }
        guard let given = answer.wait(seconds: Self.patience) else { throw ShellError.Failed }
        return given
    }
}
#endif
