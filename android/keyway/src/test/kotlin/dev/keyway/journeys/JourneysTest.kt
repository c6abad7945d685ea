package dev.keyway.journeys

import dev.keyway.stage.inBuilding
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import kotlin.test.assertTrue

/** Every scenario that needs no more than real time, against a served building: a test for each, named after its file. */
class JourneysTest {
    @TestFactory
    fun scenarios(): List<DynamicTest> {
        val real = Scenario.all().filter { it.time == "real" }
        assertTrue(real.size > 20, "the scenarios were not found")
        return real.map { scenario ->
            dynamicTest(scenario.name) { inBuilding { building, home -> play(scenario, building, home) } }
        }
    }
}
