import Keyway
import SwiftUI

/// The doors, and at each the ways in.
struct DoorsView: View {
    @StateObject private var model: DoorsModel
    @State private var asksToSignOut = false
    private let signedOut: (SignOutReport) -> Void
    private let hidden: () -> Void

    init(
        model: @autoclosure @escaping () -> DoorsModel,
        signedOut: @escaping (SignOutReport) -> Void,
        hidden: @escaping () -> Void
    ) {
        _model = StateObject(wrappedValue: model())
        self.signedOut = signedOut
        self.hidden = hidden
    }

    var body: some View {
        NavigationStack {
            List {
                if let trouble = model.trouble { TroubleView(trouble: trouble) }
                ForEach(model.doors, id: \.id) { door in
                    Section { DoorRow(door: door, model: model) }
                }
                if model.isBusy { ProgressView("One moment") }
            }
            .navigationTitle("Doors")
            .toolbar { tools }
            .refreshable { await model.refresh() }
            .sheet(isPresented: showsOptions) {
                if let options = model.options { LockoutView(options: options) }
            }
            .confirmationDialog("Sign out?", isPresented: $asksToSignOut, titleVisibility: .visible) {
                Button("Sign out", role: .destructive) { signOut() }
            } message: {
                Text("Everything of yours is erased from this phone, and you see what became of each place.")
            }
        }
        .task { await model.load() }
    }

    @ToolbarContentBuilder private var tools: some ToolbarContent {
        ToolbarItem(placement: .primaryAction) {
            Button {
                Task { await model.lookAround() }
            } label: {
                Label("Look around", systemImage: "dot.radiowaves.left.and.right")
            }
            .accessibilityHint(Text("Puts the doors in range first"))
            .disabled(model.isBusy)
        }
        ToolbarItemGroup(placement: .bottomBar) {
            if model.whose == .own {
                Button("Hide") { Task { if await model.hide() { hidden() } } }
                    .accessibilityHint(Text("Hides everything until you show your face, finger or code"))
            }
            Spacer()
            // Never held up by what is under way.
            Button("Sign out", role: .destructive) { asksToSignOut = true }
        }
    }

    private var showsOptions: Binding<Bool> {
        Binding(get: { model.options != nil }, set: { if !$0 { model.options = nil } })
    }

    private func signOut() {
        Task { if let report = await model.signOut() { signedOut(report) } }
    }
}

/// One door of the list.
private struct DoorRow: View {
    let door: Door
    let model: DoorsModel

    var body: some View {
        NavigationLink {
            DoorView(door: door, phone: model.phone, whose: model.whose)
        } label: {
            VStack(alignment: .leading, spacing: 4) {
                Text(verbatim: door.name).font(.headline)
                Text(verbatim: door.building).font(.subheadline)
                unlocking.font(.footnote).foregroundStyle(.secondary)
                if door.pendingChanges > 0 {
                    Label("Changes wait for a sync", systemImage: "arrow.triangle.2.circlepath").font(.footnote)
                }
            }
        }
        .accessibilityElement(children: .combine)
        Button("Locked out? Ways in") { Task { await model.askWaysIn(at: door.id) } }
            .accessibilityLabel(Text("Ways in at \(door.name)"))
            .accessibilityHint(Text("Shows every way through this door, best first"))
    }

    @ViewBuilder private var unlocking: some View {
        switch door.canUnlock {
        case .yes: Text("This phone can unlock it")
        case .withNetwork: Text("This phone can unlock it once it has network")
        case .no(let why): Text(verbatim: why.localizedDescription)
        }
    }
}
