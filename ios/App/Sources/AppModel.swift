import Keyway
import SwiftUI

/// Which screen is shown: where the account is, as the library says.
@MainActor
final class AppModel: ObservableObject {
    enum Screen {
        case starting
        case broken(Trouble)
        case whosePhone
        case signIn(KeywayApp, WhosePhone)
        case doors(Phone, WhosePhone)
        case hidden(KeywayApp)
        case report(SignOutReport)

        /// Tells screens apart for a transition.
        var number: Int {
            switch self {
            case .starting: 0
            case .broken: 1
            case .whosePhone: 2
            case .signIn: 3
            case .doors: 4
            case .hidden: 5
            case .report: 6
            }
        }
    }

    @Published private(set) var screen = Screen.starting
    private var phone: Phone?

    /// Puts the phone together, then follows what the library says by itself.
    func run() async {
        screen = .starting
        do {
            let phone = try await opened()
            let notices = try await phone.app.notices
            show()
            for await notice in notices { heard(notice) }
        } catch {
            screen = .broken(Trouble(error))
        }
    }

    /// The answer to "Is this your phone?".
    func choose(_ whose: WhosePhone) {
        if let phone { screen = .signIn(phone.app, whose) }
    }

    /// Back to that question.
    func askAgain() {
        screen = .whosePhone
    }

    /// Everything that became of a sign-out.
    func report(_ report: SignOutReport) {
        screen = .report(report)
    }

    /// Shows where the account is now.
    func show() {
        guard let phone else { return }
        do {
            switch try phone.app.status.phase {
            case .starting, .signingIn, .signingOut: screen = .starting
            case .signedOut: screen = .whosePhone
            case .signedIn(let whose): screen = .doors(phone, whose)
            case .hidden: screen = .hidden(phone.app)
            case .wipePending:
                if let report = try phone.app.lastReport { screen = .report(report) } else { screen = .whosePhone }
            }
        } catch {
            screen = .broken(Trouble(error))
        }
    }

    /// A session may end by itself: a borrowed one's time is up, or the service ended it.
    private func heard(_ notice: Notice) {
        guard case .signedOut = notice, let phone else { return }
        if case .report = screen { return }
        if let report = try? phone.app.lastReport { screen = .report(report) }
    }

    private func opened() async throws -> Phone {
        if let phone { return phone }
        let bundle = Bundle.main
        let roots = try bundle.url(forResource: "roots", withExtension: "pem").map { try String(contentsOf: $0, encoding: .utf8) }
        let phone = try await Phone.open(
            origin: bundle.object(forInfoDictionaryKey: "KeywayOrigin") as? String ?? "",
            roots: roots ?? "",
            reason: String(localized: "Show your doors and doorcodes")
        )
        self.phone = phone
        return phone
    }
}
