#if canImport(UIKit) && os(iOS)
import Foundation
import UIKit
import UniformTypeIdentifiers

/// A doorcode on the pasteboard: on this phone only, for a minute, and taken back if it still lies there.
@MainActor
public final class Pasteboard {
    /// The system's pasteboard.
    public static let general = Pasteboard(.general)

    /// How long a doorcode lies there, in seconds.
    public static let lifetime: TimeInterval = 60

    private let board: UIPasteboard
    /// The pasteboard's count of changes when ours was put there; somebody else's content has another.
    private var ours: Int?

    init(_ board: UIPasteboard) {
        self.board = board
    }

    /// Copies a doorcode's digits.
    public func copy(_ digits: Digits) {
        let options: [UIPasteboard.OptionsKey: Any] = [
            .localOnly: true,
            .expirationDate: Date(timeIntervalSinceNow: Self.lifetime),
        ]
        board.setItems([[UTType.plainText.identifier: digits.text]], options: options)
        ours = board.changeCount
    }

    /// Clears the pasteboard if what lies there is still ours, and looks again.
    public func clear() -> ShellAnswer {
        guard let count = ours else { return .wasEmpty }
        ours = nil
        guard board.changeCount == count else { return .wasEmpty }
        // It may have expired by itself: to see that there is nothing asks nobody.
        guard board.numberOfItems > 0 else { return .wasEmpty }
        board.items = []
        return board.numberOfItems == 0 ? .gone : .remains(why: .refused)
    }
}
#endif
