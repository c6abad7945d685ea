import Foundation
import Keyway

/// A served building, and phones of this process.
actor Building {
    private let path: String
    private let description: String
    private let people: JSON
    private let stage: Stage
    private let folder: URL
    private var phones: [String: KeywayApp] = [:]

    init(path: String, opened: JSON, stage: Stage) throws {
        guard let building = opened["building"], let people = opened["people"] else {
            throw StageError.refused("a building's description")
        }
        self.path = path
        self.stage = stage
        self.people = people
        description = String(decoding: try building.data, as: UTF8.self)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("keyway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// E-mail and password of a person.
    nonisolated func account(_ name: String) -> (email: String, password: String)? {
        guard let person = people[name], let email = person["email"]?.string,
            let password = person["password"]?.string
        else { return nil }
        return (email, password)
    }

    /// A new process on this phone, with nothing called on it yet; what ran there is killed.
    func phone(
        _ name: String,
        places: any ShellPlaces = DesktopPlaces(),
        owner: (any DeviceOwner)? = nil,
        keys: (any HardwareKeys)? = nil
    ) async throws -> KeywayApp {
        try await kill(name)
        let core = try await KeywayCore.KeywayApp.openOnBuilding(
            building: description,
            home: home(name).path,
            places: places,
            owner: owner,
            keys: keys
        )
        let app = KeywayApp(core: core)
        phones[name] = app
        return app
    }

    /// Whoever has the app that runs on this phone has it alone from here on.
    func letGo(_ name: String) {
        phones[name] = nil
    }

    /// Ends what runs on this phone.
    func kill(_ name: String) async throws {
        try await phones.removeValue(forKey: name)?.shutDown()
    }

    /// Changes the world around a phone; gives what can be observed of it. `nil`: there is no such change.
    func change(_ change: String, _ value: JSON, around phone: String = "phone") async throws -> JSON? {
        if change == "phone" {
            if value == "kill" { try await kill(phone) }
            return try look(phone)
        }
        return try await stage.ask("POST", "\(path)/changes", ["change": .string(change), "value": value])
    }

    /// Ends the phones and takes the building down.
    func close() async throws {
        for name in phones.keys { try await kill(name) }
        _ = try await stage.ask("DELETE", path)
        try FileManager.default.removeItem(at: folder)
    }

    private func home(_ phone: String) -> URL {
        folder.appendingPathComponent(phone)
    }

    private func look(_ phone: String) throws -> JSON {
        let home = home(phone)
        var items = 0
        if let keychain = try? Data(contentsOf: home.appendingPathComponent("keychain/development-keychain.json")) {
            items = try JSONDecoder().decode([String: [String: String]].self, from: keychain).values.map(\.count)
                .reduce(0, +)
        }
        let cache = home.appendingPathComponent("cache").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: cache).count) ?? 0
        return ["keychain_items": JSON(items), "files": JSON(files)]
    }
}

/// A desktop without screen, clipboard and keyboard: its places hold nothing, but for the digits that this process has shown.
final class DesktopPlaces: ShellPlaces {
    func erase(place: ShellPlace) throws -> ShellAnswer {
        switch place {
        case .shellStrings: Shown.shared.erase()
        default: .wasEmpty
        }
    }
}
