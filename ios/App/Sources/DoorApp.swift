import Keyway
import SwiftUI

/// A resident's door app. It shows what the library says and calls what the resident taps; what happens is decided there.
@main
struct DoorApp: App {
    @StateObject private var model = AppModel()

    var body: some Scene {
        WindowGroup {
            ScreenView(model: model)
                .task { await model.run() }
        }
    }
}

/// The one screen that is shown now.
private struct ScreenView: View {
    @ObservedObject var model: AppModel
    @Environment(\.accessibilityReduceMotion) private var reducesMotion

    var body: some View {
        content
            .animation(reducesMotion ? nil : .default, value: model.screen.number)
    }

    @ViewBuilder private var content: some View {
        switch model.screen {
        case .starting:
            ProgressView("Starting")
        case .broken(let trouble):
            VStack(spacing: 16) {
                TroubleView(trouble: trouble)
                Button("Try again") { Task { await model.run() } }
            }
            .padding()
        case .whosePhone:
            WhosePhoneView { model.choose($0) }
        case .signIn(let app, let whose):
            SignInView(model: SignInModel(app: app, phone: whose)) {
                model.show()
            } back: {
                model.askAgain()
            }
        case .doors(let phone, let whose):
            DoorsView(model: DoorsModel(phone: phone, whose: whose)) { model.report($0) } hidden: { model.show() }
        case .hidden(let app):
            HiddenView(model: HiddenModel(app: app)) { model.show() } signedOut: { model.report($0) }
        case .report(let report):
            ReportView(report: report) { model.show() }
        }
    }
}
