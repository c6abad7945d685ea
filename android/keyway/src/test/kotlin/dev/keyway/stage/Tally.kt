package dev.keyway.stage

import org.junit.platform.engine.TestExecutionResult
import org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL
import org.junit.platform.launcher.TestExecutionListener
import org.junit.platform.launcher.TestIdentifier
import org.junit.platform.launcher.TestPlan
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.TimeSource

/** Says which tests ran, in the words of the other languages' runners: `cargo xtask test` counts these lines. */
class Tally : TestExecutionListener {
    private val passed = AtomicInteger()
    private val failed = AtomicInteger()
    private val ignored = AtomicInteger()
    private val scenarios = AtomicInteger()
    private val begun = TimeSource.Monotonic.markNow()

    override fun executionSkipped(test: TestIdentifier, reason: String) {
        if (test.isTest) ignored.incrementAndGet()
    }

    override fun executionFinished(test: TestIdentifier, result: TestExecutionResult) {
        val well = result.status == SUCCESSFUL
        // A class or factory that fails takes its tests with it: that is a failure of its own.
        if (!test.isTest && well) return
        (if (well) passed else failed).incrementAndGet()
        if (well && SCENARIO in test.uniqueId) scenarios.incrementAndGet()
        println("test ${test.displayName.removeSuffix("()")} ... ${if (well) "ok" else "FAILED"}")
    }

    override fun testPlanExecutionFinished(plan: TestPlan) {
        val word = if (failed.get() == 0) "ok" else "FAILED"
        val seconds = "%.2f".format(begun.elapsedNow().inWholeMilliseconds / 1000.0)
        println("scenarios played in Kotlin: $scenarios")
        println("test result: $word. $passed passed; $failed failed; $ignored ignored; 0 measured; 0 filtered out; finished in ${seconds}s")
    }

    private companion object {
        const val SCENARIO = "[test-factory:scenarios()]"
    }
}
