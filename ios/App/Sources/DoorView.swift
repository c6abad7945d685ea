import Keyway
import SwiftUI

/// One door: unlock it, its codes, sync it.
struct DoorView: View {
    let door: Door
    @StateObject private var unlock: UnlockModel
    @StateObject private var codes: CodesModel
    @StateObject private var sync: SyncModel

    init(door: Door, phone: Phone, whose: WhosePhone) {
        self.door = door
        _unlock = StateObject(wrappedValue: UnlockModel(phone: phone) { try $0.unlock(door.id) })
        _codes = StateObject(wrappedValue: CodesModel(app: phone.app, door: door.id, whose: whose))
        _sync = StateObject(wrappedValue: SyncModel(phone: phone) { try $0.sync(door.id) })
    }

    var body: some View {
        List {
            UnlockSection(model: unlock)
            CodesSection(model: codes)
            SyncSection(model: sync)
        }
        .navigationTitle(Text(verbatim: door.name))
        .task { await codes.load() }
        .onDisappear {
            unlock.cancel()
            codes.hideAll()
        }
    }
}
