package dev.keyway.journeys

import dev.keyway.Change
import dev.keyway.CodeDay
import dev.keyway.CodeForSomeone
import dev.keyway.Doorcode
import dev.keyway.Invitation
import dev.keyway.Keyway
import dev.keyway.KeywayException
import dev.keyway.NewDoorcode
import dev.keyway.Person
import dev.keyway.Recipient
import dev.keyway.Revealed
import dev.keyway.WhosePhone
import dev.keyway.rulesLackedBy
import dev.keyway.show
import dev.keyway.stage.Account
import kotlinx.serialization.json.JsonObject
import java.time.Duration

/** From a step to the call of the app that it names. */
internal class Calls(private val app: Keyway, private val account: (String) -> Account) {
    /** The attempt that the step begins, if it begins one. */
    suspend fun attempt(step: Step): Begun? = when (step.call) {
        "unlock" -> BegunAttempt(app.beginUnlock(door(step.word("door"))), false, ::observe)
        "sync" -> BegunAttempt(app.beginSync(door(step.word("door"))), true, ::observe)
        "sync_all_in_range" -> BegunAttempt(app.beginSyncAllInRange(), true, ::observe)
        else -> null
    }

    /** Any other call, to its end. */
    suspend fun call(step: Step): Observed = try {
        revealing(step) ?: Observed(ofAccount(step) ?: ofDoors(step) ?: ofGuests(step) ?: observed("error" to "no_such_call"))
    } catch (error: KeywayException) {
        Observed(observe(error))
    }

    private suspend fun ofAccount(step: Step): JsonObject? = when (step.call) {
        "status" -> observe(app.status)
        "ways_to_sign_in" -> observeWays(app.waysToSignIn(whose(step)))
        "sign_in" -> {
            val account = account(step.word("account"))
            val code = step.text("code")
            observe(
                if (code != null) app.signInWithCode(account.email, code, whose(step))
                else app.signIn(account.email, step.text("password") ?: account.password, whose(step)),
            )
        }
        "send_one_time_code" -> done { app.sendOneTimeCode(account(step.word("account")).email) }
        "send_password_reset" -> done { app.sendPasswordReset(account(step.word("account")).email) }
        "change_password" -> changePassword(step)
        "sessions" -> observeSessions(app.sessions())
        "end_other_sessions" -> {
            val others = app.sessions().filterNot { it.current }
            others.forEach { app.endSession(it.id) }
            observed("ended" to others.size)
        }
        "end_all_sessions" -> observe(app.endAllSessions())
        "hide" -> done { app.hide() }
        "show" -> observe(app.show())
        "sign_out" -> observe(app.signOut())
        "last_report" -> app.lastReport?.let(::observe) ?: observed("none" to true)
        "diagnostics" -> observeDiagnostics(app.diagnostics())
        "surroundings" -> surroundings(step.word("change"))?.let { done { app.surroundingsChanged(it) } }
            ?: observed("error" to "no_such_change")
        else -> null
    }

    private suspend fun changePassword(step: Step): JsonObject {
        val new = step.word("new")
        val lacks = "lacks" to observe(rulesLackedBy(new))
        val current = step.text("current") ?: account(step.word("account")).password
        val changed = try {
            done { app.changePassword(current, new) }
        } catch (error: KeywayException) {
            observe(error)
        }
        return JsonObject(changed + lacks)
    }

    private suspend fun ofDoors(step: Step): JsonObject? = when (step.call) {
        "doors" -> observe(app.doors())
        "doors_in_range" -> observe(app.doorsInRange())
        "refresh" -> observe(app.refresh())
        "lockout_options" -> observe(app.lockoutOptions(door(step.word("door"))))
        "doorcodes" -> observe(app.doorcodes(door(step.word("door"))))
        "activity" -> observe(app.activity(door(step.word("door"))))
        else -> null
    }

    private suspend fun revealing(step: Step): Observed? = when (step.call) {
        "new_doorcode" -> {
            val wanted = NewDoorcode(step.flag("single_use"), day(step))
            app.newDoorcode(door(step.word("door")), wanted).let { Observed(observe(it), digits(it)) }
        }
        "reset_doorcode" -> code(step)?.let { app.resetDoorcode(it.id) }?.let { Observed(observe(it), digits(it)) }
            ?: Observed(observed("error" to "no_such_code"))
        "reveal" -> code(step)?.let { digits(it, step.flag("confirmed")) }.let { Observed(observed("shown" to (it != null)), it) }
        else -> null
    }

    private suspend fun ofGuests(step: Step): JsonObject? = when (step.call) {
        "send_doorcode" -> {
            val code = CodeForSomeone("Fay", "Friend", recipient(step), doors(step), step.flag("single_use"), day(step))
            observe(app.sendDoorcode(code))
        }
        "invite_guest" -> {
            val from = inHours(step.number("from_hours"))
            val until = inHours(step.number("until_hours"))
            observe(app.inviteGuest(Invitation("Fay", "Friend", recipient(step), doors(step), from, until)))
        }
        "people_let_in" -> observePeople(app.peopleLetIn())
        "revoke" -> done { app.revoke(person(step).id, door(step.word("door"))) }
        "change_end" -> {
            val door = door(step.word("door"))
            observe(app.changeEnd(person(step).id, door, inHours(step.number("until_hours"))))
        }
        else -> null
    }

    private suspend fun door(name: String): String =
        app.doors().doors.find { it.name == name }?.id ?: throw KeywayException.DoorUnknown()

    private suspend fun doors(step: Step): List<String> = step.words("doors").map { door(it) }

    private suspend fun code(step: Step): Doorcode? =
        app.doorcodes(door(step.word("door"))).codes.find { word(it.kind) == step.word("kind") }

    private suspend fun person(step: Step): Person = app.peopleLetIn().find { person ->
        when (val recipient = person.recipient) {
            is Recipient.Email -> recipient.address == step.word("person")
            is Recipient.Phone -> recipient.number == step.word("person")
        }
    } ?: throw KeywayException.PersonUnknown()
}

private inline fun done(call: () -> Unit): JsonObject {
    call()
    return observed()
}

private fun digits(code: Doorcode, confirmed: Boolean = false): String? = when (val shown = code.digits.show(confirmed)) {
    is Revealed.Digits -> shown.use { it.toCharArray().concatToString() }
    Revealed.AsksTwice -> null
}

private fun whose(step: Step) = if (step.word("whose") == "borrowed") WhosePhone.BORROWED else WhosePhone.OWN

private fun day(step: Step) = if (step.flag("tomorrow")) CodeDay.TOMORROW else CodeDay.TODAY

private fun recipient(step: Step): Recipient {
    val to = step.word("to")
    return if (to.startsWith('+')) Recipient.Phone(to) else Recipient.Email(to)
}

private fun inHours(hours: Long?): Long? = hours?.let { System.currentTimeMillis() + Duration.ofHours(it).toMillis() }

private fun surroundings(word: String): Change? = when (word) {
    "network" -> Change.Network(true)
    "no_network" -> Change.Network(false)
    "bluetooth" -> Change.Bluetooth
    "foreground" -> Change.Foreground
    "background" -> Change.Background
    "phone_locked" -> Change.PhoneLocked
    "phone_unlocked" -> Change.PhoneUnlocked
    else -> null
}
