import Keyway

/// Plays a scenario in a building. The twin of the Rust runner in `tests/journeys`.
struct Play {
    /// A step did not give what it must.
    struct Failed: Error {
        /// Its number, from 1.
        let step: Int
        let call: String
        let mismatch: Mismatch
        let observed: JSON
    }

    private let building: Building
    private var phones: [String: KeywayApp] = [:]
    private var begun: [String: Begun] = [:]
    private var saved: [String: String] = [:]

    /// Plays `scenario` to its end. An error that a step does not expect fails it, whatever else it expects.
    static func run(_ scenario: Scenario, in building: Building) async throws {
        var play = Play(building: building)
        for (index, written) in scenario.steps.enumerated() {
            let step = Step(written.filledIn(with: play.saved))
            let observed = try await play.take(step)
            if let mismatch = step.mismatch(with: observed) {
                throw Failed(step: index + 1, call: step.call, mismatch: mismatch, observed: observed)
            }
        }
    }

    private init(building: Building) {
        self.building = building
    }

    private mutating func take(_ step: Step) async throws -> JSON {
        switch step.call {
        case "world":
            guard var observed = try await building.change(step["change"] ?? "", step.value, around: step.phone) else {
                return ["error": "no_such_change"]
            }
            // What a message brought is for the next steps, not for the eyes of this one.
            save(step, observed["found"]?.string)
            observed["found"] = .null
            return observed
        case "start":
            phones[step.phone] = nil
            return try await start(step.phone).observed
        case "phase":
            guard let attempt = begun[step["of"] ?? ""] else { return Self.notBegun }
            return ["reached": JSON(await attempt.reach(step["phase"] ?? ""))]
        case "cancel":
            guard let attempt = begun[step["of"] ?? ""] else { return Self.notBegun }
            return ["cancelled": JSON(attempt.cancel())]
        case "outcome":
            guard let attempt = begun.removeValue(forKey: step["of"] ?? "") else { return Self.notBegun }
            return await attempt.finish().observed
        default:
            return try await call(step)
        }
    }

    private mutating func call(_ step: Step) async throws -> JSON {
        let app: KeywayApp
        if let running = phones[step.phone] {
            app = running
        } else {
            let started = try await start(step.phone)
            if started.observed["error"] != nil { return started.observed }
            app = started.app
        }
        let attempt = await Begun.begin(step, on: app, in: building)
        if let name = step["as"] {
            begun[name] = attempt
            return .null
        }
        let ended = await attempt.finish()
        save(step, ended.digits)
        return ended.observed
    }

    private mutating func start(_ phone: String) async throws -> (app: KeywayApp, observed: JSON) {
        let app = try await building.phone(phone)
        phones[phone] = app
        let observed = await observing {
            let started = try await app.start()
            var observed = try app.status.observed
            observed["finished_wipe"] = started.finishedWipe?.observed ?? .null
            return observed
        }
        return (app, observed)
    }

    private mutating func save(_ step: Step, _ found: String?) {
        if let name = step["save"], let found { saved[name] = found }
    }

    private static let notBegun: JSON = ["error": "not_begun"]
}

/// One step, filled in.
struct Step: Sendable {
    private let written: JSON

    init(_ written: JSON) {
        self.written = written
    }

    var call: String { self["call"] ?? "" }
    /// On which phone.
    var phone: String { self["on"] ?? "phone" }
    var value: JSON { written["value"] ?? .null }

    /// An argument that is a text.
    subscript(argument: String) -> String? { written[argument]?.string }

    /// An argument that is a text and must be there.
    func text(_ argument: String) -> String { self[argument] ?? "" }

    /// An argument that is yes or no; no if it is not there.
    func isTrue(_ argument: String) -> Bool { written[argument]?.isTrue ?? false }

    func texts(_ argument: String) -> [String] { written[argument]?.array?.compactMap(\.string) ?? [] }

    func number(_ argument: String) -> Int64? { written[argument]?.number.map { Int64($0) } }

    func mismatch(with observed: JSON) -> Mismatch? {
        let expected = written["expect"] ?? .null
        if let error = observed["error"], error != .null, expected["error"] == nil {
            return Mismatch(at: ".error", expected: .null, observed: error)
        }
        return expected.mismatch(with: observed)
    }
}

/// What a journey of a scenario gives, also if that is an error.
func observing(_ journey: () async throws -> JSON) async -> JSON {
    do {
        return try await journey()
    } catch let error as KeywayError {
        return error.observed
    } catch {
        return ["error": .string("unexpected: \(error)")]
    }
}
