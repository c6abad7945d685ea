package dev.keyway

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext

/**
 * A long journey under way: phases on the way, exactly one outcome at the end.
 *
 * Cancelling the coroutine that waits for it, in [await] or while collecting [phases], stops the journey and returns once that has ended, so that whatever
 * runs next finds the radio free. Letting go of it with [close] stops it too, without waiting.
 */
public interface Attempt<out Phase : Any, out Outcome : Any> : AutoCloseable {
    /**
     * The phases from here on; it completes once there is an outcome. Each phase is given once, to one collector at a time.
     *
     * A collector that has seen enough, such as `first { .. }`, leaves the journey running.
     */
    public val phases: Flow<Phase>

    /** Waits for the outcome: the same one at each call. */
    public suspend fun await(): Outcome

    /** Stops the journey and returns at once; the outcome follows within 100 ms. */
    public fun cancel()
}

/** Tells [onPhase] each phase, then gives the outcome. */
public suspend fun <Phase : Any, Outcome : Any> Attempt<Phase, Outcome>.await(
    onPhase: suspend (Phase) -> Unit,
): Outcome {
    phases.collect(onPhase)
    return await()
}

/** An attempt of the library's, whose phases are pulled. */
internal class PulledAttempt<Phase : Any, Outcome : Any>(
    private val next: suspend () -> Phase?,
    private val outcome: suspend () -> Outcome,
    private val stop: () -> Unit,
    private val handle: AutoCloseable,
) : Attempt<Phase, Outcome> {
    override val phases: Flow<Phase> = flow {
        stoppedWithItsCaller {
            while (true) emit(next() ?: break)
        }
    }

    override suspend fun await(): Outcome = stoppedWithItsCaller { outcome() }

    override fun cancel(): Unit = stop()

    override fun close(): Unit = handle.close()

    override fun toString(): String = "Attempt(..)"

    private suspend fun <T> stoppedWithItsCaller(wait: suspend () -> T): T =
        try {
            wait()
        } catch (cancelled: CancellationException) {
            // A collector that has seen enough ends its flow with the same exception, while its coroutine goes on.
            if (!currentCoroutineContext().isActive) {
                stop()
                withContext(NonCancellable) { outcome() }
            }
            throw cancelled
        }
}

internal fun UnlockAttempt.pulled(): Attempt<UnlockPhase, UnlockOutcome> =
    PulledAttempt(::next, ::outcome, ::cancel, this)

internal fun SyncAttempt.pulled(): Attempt<SyncPhase, SyncOutcome> =
    PulledAttempt(::next, ::outcome, ::cancel, this)

internal fun SyncAllAttempt.pulled(): Attempt<SyncAllPhase, SyncAllOutcome> =
    PulledAttempt(::next, ::outcome, ::cancel, this)
