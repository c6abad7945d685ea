package dev.keyway.app.screens

import android.content.Context
import dev.keyway.Availability
import dev.keyway.CanUnlock
import dev.keyway.CodeKind
import dev.keyway.CodeStatus
import dev.keyway.Door
import dev.keyway.Doorcode
import dev.keyway.LocalTime
import dev.keyway.LockoutOption
import dev.keyway.PlaceResult
import dev.keyway.ServerEnd
import dev.keyway.SyncOutcome
import dev.keyway.SyncPhase
import dev.keyway.UnlockOutcome
import dev.keyway.UnlockPhase
import dev.keyway.WayIn
import dev.keyway.advice
import dev.keyway.app.R
import dev.keyway.text
import java.text.DateFormat
import java.util.Date
import java.util.GregorianCalendar
import java.util.SimpleTimeZone

/** What the core answers, in the resident's words. Errors bring their own. */
internal class Labels(private val context: Context) {
    fun of(canUnlock: CanUnlock): String = when (canUnlock) {
        is CanUnlock.Yes -> words(R.string.can_unlock)
        is CanUnlock.WithNetwork -> words(R.string.can_unlock_with_network)
        is CanUnlock.No -> canUnlock.why.advice().text
    }

    fun facts(door: Door): String = listOfNotNull(
        of(door.canUnlock),
        door.lastSync?.let { words(R.string.last_sync, moment(it.at), it.by) } ?: words(R.string.never_synced),
        door.battery?.let { words(R.string.battery, it.percentage.toInt(), moment(it.lastUpdated)) },
        door.pendingChanges.toInt().takeIf { it > 0 }?.let { words(R.string.pending_changes, it) },
    ).joinToString("\n")

    fun of(option: LockoutOption): String = words(
        R.string.option,
        words(
            when (option.way) {
                WayIn.PHONE -> R.string.way_in_phone
                WayIn.DOORCODE -> R.string.way_in_doorcode
                WayIn.KEYCARD -> R.string.way_in_keycard
                WayIn.MECHANICAL_KEY -> R.string.way_in_mechanical_key
                WayIn.ASK_SOMEONE -> R.string.way_in_ask_someone
                WayIn.PROPERTY -> R.string.way_in_property
            },
        ),
        when (val availability = option.availability) {
            is Availability.Yes -> words(R.string.available)
            is Availability.No -> availability.why.advice().text
        },
    )

    fun of(kind: CodeKind): String = words(
        when (kind) {
            CodeKind.RESIDENCE -> R.string.code_residence
            CodeKind.COMMUNAL -> R.string.code_communal
            CodeKind.DAILY -> R.string.code_daily
            CodeKind.DAILY_SINGLE_USE -> R.string.code_single_use
            CodeKind.PERMANENT -> R.string.code_permanent
        },
    )

    fun facts(code: Doorcode): String {
        val status = when (code.status) {
            CodeStatus.ACTIVE -> R.string.code_active
            CodeStatus.PENDING_SYNC -> R.string.code_pending_sync
            CodeStatus.NOT_YET -> R.string.code_not_yet
            CodeStatus.EXPIRED -> R.string.code_expired
        }
        val end = code.end
        val window = if (end == null) words(R.string.from, time(code.start)) else words(R.string.from_to, time(code.start), time(end))
        return words(status) + "\n" + window
    }

    fun of(phase: UnlockPhase): String = words(
        when (phase) {
            UnlockPhase.SCANNING -> R.string.scanning
            UnlockPhase.CONNECTING -> R.string.connecting
            UnlockPhase.AUTHENTICATING -> R.string.authenticating
            UnlockPhase.UNLOCKING -> R.string.unlocking
        },
    )

    fun of(outcome: UnlockOutcome): String = when (outcome) {
        is UnlockOutcome.Unlocked -> words(R.string.unlocked)
        is UnlockOutcome.NotUnlocked -> words(R.string.not_unlocked, outcome.why.advice().text)
        is UnlockOutcome.MayHaveUnlocked -> words(R.string.may_have_unlocked)
    }

    /** Without its figures, which a progress bar shows: read aloud at each packet they would drown everything else. */
    fun of(phase: SyncPhase): String = words(
        when (phase) {
            is SyncPhase.Fetching -> R.string.fetching
            is SyncPhase.Scanning -> R.string.scanning
            is SyncPhase.Connecting -> R.string.connecting
            is SyncPhase.Authenticating -> R.string.authenticating
            is SyncPhase.Sending -> R.string.sending
            is SyncPhase.Applying -> R.string.applying
            is SyncPhase.Collecting -> R.string.collecting
            is SyncPhase.Uploading -> R.string.uploading
        },
    )

    fun of(outcome: SyncOutcome): String = when (outcome) {
        is SyncOutcome.Synced -> words(if (outcome.uploadPending) R.string.synced_upload_pending else R.string.synced)
        is SyncOutcome.Interrupted -> words(if (outcome.resumable) R.string.interrupted_resumable else R.string.interrupted)
        is SyncOutcome.NotSynced -> outcome.why.advice().text
    }

    fun of(result: PlaceResult): String = when (result) {
        is PlaceResult.Gone -> words(R.string.gone)
        is PlaceResult.WasEmpty -> words(R.string.was_empty)
        is PlaceResult.NotUsed -> words(R.string.not_used)
        is PlaceResult.Remains -> words(R.string.remains, result.why, result.action)
    }

    fun of(server: ServerEnd): String = when (server) {
        is ServerEnd.Ended -> words(R.string.server_ended)
        is ServerEnd.NoSession -> words(R.string.server_no_session)
        is ServerEnd.EndedByService -> words(R.string.server_ended_before)
        is ServerEnd.NotTold -> server.endsAt?.let { words(R.string.server_not_told_until, moment(it)) } ?: words(R.string.server_not_told)
    }

    /** A moment on the phone's own clock. */
    fun moment(millis: Long): String = format().format(Date(millis))

    /** A time on the wall of the door. */
    private fun time(time: LocalTime): String {
        val zone = SimpleTimeZone(time.offsetMinutes * MINUTE_MILLIS, "door")
        val calendar = GregorianCalendar(zone).apply {
            clear()
            set(time.year.toInt(), time.month.toInt() - 1, time.day.toInt(), time.hour.toInt(), time.minute.toInt(), time.second.toInt())
        }
        return format().apply { timeZone = zone }.format(calendar.time)
    }

    private fun format() = DateFormat.getDateTimeInstance(DateFormat.MEDIUM, DateFormat.SHORT)

    private fun words(id: Int, vararg with: Any): String = context.getString(id, *with)

    private companion object {
        const val MINUTE_MILLIS = 60_000
    }
}
