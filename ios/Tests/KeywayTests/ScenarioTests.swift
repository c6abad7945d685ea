import Keyway
import Testing

/// Every scenario that needs no more than real time, played verbatim in a served building, over HTTPS and loopback air.
@Suite struct ScenarioTests {
    @Test(.timeLimit(.minutes(10)), arguments: try Scenario.ofRealTime())
    func scenario(_ scenario: Scenario) async throws {
        try await Stage.shared.withBuilding { building in
            try await Play.run(scenario, in: building)
        }
    }
}
