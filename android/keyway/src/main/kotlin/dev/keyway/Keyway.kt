package dev.keyway

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A resident's door app: the one object that an app holds, one per process.
 *
 * Every call may come from any thread and suspends without blocking it. A call that fails throws a [KeywayException], whose `advice` has the words for the
 * resident. Cancelling a call returns at once while what it began is carried to its end; long journeys ([unlock], [sync], [syncAllInRange]) are stopped
 * instead, and have ended once the cancelled call returns.
 *
 * A moment is milliseconds since 1970 of the service's clock. [shutDown] ends the app in order; [close] ends it in the background. After either, every
 * call throws [IllegalStateException].
 */
public class Keyway internal constructor(private val app: KeywayApp) : AutoCloseable {
    private val ended = AtomicBoolean()

    // Signing in

    /** Finishes a wipe that an earlier process did not, then restores the session, if there is one. Before anything else. */
    public suspend fun start(): Started = app.start()

    /** Where the account is now. */
    public val status: Status get() = app.status()

    /** What works on this phone before anybody is signed in, best first, and what is a dead end on it. */
    public fun waysToSignIn(phone: WhosePhone): List<SignInOption> = app.waysToSignIn(phone)

    /** Signs in. The e-mail is trimmed and lower-cased; the password is sent byte for byte. */
    public suspend fun signIn(email: String, password: CharSequence, phone: WhosePhone): Status =
        app.signIn(email, password.toString(), phone)

    /** Has a one-time code sent to the account's mailbox. The answer is the same whether or not there is such an account. */
    public suspend fun sendOneTimeCode(email: String): Unit = app.sendOneTimeCode(email)

    /** Signs in with the code that [sendOneTimeCode] had sent: valid for 10 minutes and once. */
    public suspend fun signInWithCode(email: String, code: CharSequence, phone: WhosePhone): Status =
        app.signInWithCode(email, code.toString(), phone)

    /** Has a link for a new password sent to the account's mailbox. Using it ends every session. */
    public suspend fun sendPasswordReset(email: String): Unit = app.sendPasswordReset(email)

    /** Changes the password and ends every other session; [rulesLackedBy] tells what a new one lacks while it is typed. */
    public suspend fun changePassword(current: CharSequence, new: CharSequence): Unit =
        app.changePassword(current.toString(), new.toString())

    /** The account's sessions, newest first. */
    public suspend fun sessions(): List<SessionFacts> = app.sessions()

    /** Ends one session: that phone is wiped at its next contact. For this phone's own, [signOut] gives a report. */
    public suspend fun endSession(session: SessionId): Unit = app.endSession(session)

    /** Ends every session of the account, then signs out here. */
    public suspend fun endAllSessions(): SignOutReport = app.endAllSessions()

    /** Hides everything until the phone's owner asks for it. Own phone only. */
    public suspend fun hide(): Unit = app.hide()

    /** Shows what is hidden, once the phone has recognised its owner. */
    public suspend fun show(): Status = app.show()

    /** Signs out, completely, and reports on every place. Works without network and during anything else. */
    public suspend fun signOut(): SignOutReport = app.signOut()

    /** The report of the last wipe since somebody signed in, also of one that nobody asked for. */
    public val lastReport: SignOutReport? get() = app.lastReport()

    // Doors and codes

    /** The doors: from the cache when they are there, else from the service. */
    public suspend fun doors(): Doors = app.doors()

    /** The doors, those in range first: listens for three seconds. */
    public suspend fun doorsInRange(): Doors = app.doorsInRange()

    /** Fetches doors and codes, and ahead of need the rights and bundles of each door. */
    public suspend fun refresh(): Doors = app.refresh()

    /** Every way through a door, those that exist now first, best first. */
    public suspend fun lockoutOptions(door: DoorId): LockoutOptions = app.lockoutOptions(door)

    /** A door's codes. Their digits stay behind handles: see [CodeDigits.show]. */
    public suspend fun doorcodes(door: DoorId): Doorcodes = app.doorcodes(door)

    /** Has the service make a daily code for a door. It works at once, without a sync. */
    public suspend fun newDoorcode(door: DoorId, wanted: NewDoorcode): Doorcode = app.newDoorcode(door, wanted)

    /** Resets one's own code. The old one works until the door's next sync, the new one from then on. */
    public suspend fun resetDoorcode(code: DoorcodeId): Doorcode = app.resetDoorcode(code)

    /** Who opened a door and when, as far as this account may see it; the newest page where none is named. */
    public suspend fun activity(door: DoorId, page: PageToken? = null): Activity = app.activity(door, page)

    // Getting in

    /** Unlocks a door over Bluetooth, with or without network, and tells [onPhase] how far it is. Cancelling it stops it. */
    public suspend fun unlock(door: DoorId, onPhase: suspend (UnlockPhase) -> Unit = {}): UnlockOutcome =
        beginUnlock(door).use { it.await(onPhase) }

    /** Begins to unlock a door, for whoever wants the attempt itself in hand. */
    public fun beginUnlock(door: DoorId): Attempt<UnlockPhase, UnlockOutcome> = app.unlock(door).pulled()

    /** Syncs a door: this phone is the courier between service and lock, both ways. Cancelling it stops it; the next sync goes on from there. */
    public suspend fun sync(door: DoorId, onPhase: suspend (SyncPhase) -> Unit = {}): SyncOutcome =
        beginSync(door).use { it.await(onPhase) }

    /** Begins to sync a door; see [beginUnlock]. */
    public fun beginSync(door: DoorId): Attempt<SyncPhase, SyncOutcome> = app.sync(door).pulled()

    /** Syncs every door in range, one after the other. Cancelling it stops it; doors that are done stay done. */
    public suspend fun syncAllInRange(onPhase: suspend (SyncAllPhase) -> Unit = {}): SyncAllOutcome =
        beginSyncAllInRange().use { it.await(onPhase) }

    /** Begins to sync every door in range; see [beginUnlock]. */
    public fun beginSyncAllInRange(): Attempt<SyncAllPhase, SyncAllOutcome> = app.syncAllInRange().pulled()

    // Letting others in

    /** Sends a daily or single-use code to an e-mail address or a telephone. It works at once, without a sync. */
    public suspend fun sendDoorcode(code: CodeForSomeone): LetIn = app.sendDoorcode(code)

    /** Invites a guest, with a start and, if wanted, an end. Their code works after each door's next sync. */
    public suspend fun inviteGuest(invitation: Invitation): LetIn = app.inviteGuest(invitation)

    /** The people whom this account let in, and how far each revocation has come. */
    public suspend fun peopleLetIn(): List<Person> = app.peopleLetIn()

    /** Takes a person's access to a door back: requested now, carried by the next phone there, confirmed by the lock's signature. */
    public suspend fun revoke(person: PersonId, door: DoorId): Unit = app.revoke(person, door)

    /** Moves the end of a person's access to a door; without [end] it has none. */
    public suspend fun changeEnd(person: PersonId, door: DoorId, end: Long?): Person = app.changeEnd(person, door, end)

    // The phone around it

    /** Tells the app that its surroundings changed. Returns at once. */
    public fun surroundingsChanged(change: Change): Unit = app.surroundingsChanged(change)

    /** Tells the app how Bluetooth stands now. Returns at once. */
    public fun bluetoothChanged(state: AdapterState): Unit = app.bluetoothChanged(state)

    /** What the app has to say by itself, such as that a borrowed session's time was up. One collector at a time; it completes when the app ends. */
    public val notices: Flow<Notice> = flow {
        app.notices().use { notices ->
            while (true) emit(notices.next() ?: break)
        }
    }

    /** A report for the property's support, as JSON. It holds no name, address, id, code or key. */
    public suspend fun diagnostics(): String = app.diagnostics()

    /** Ends the app: journeys under way have 8 s to finish, then its home is free for another. To end what has ended is no error. */
    public suspend fun shutDown() {
        if (ended.getAndSet(true)) return
        app.use { it.shutDown() }
    }

    override fun close() {
        if (!ended.getAndSet(true)) app.close()
    }

    /** Shows nothing of the account. */
    override fun toString(): String = "Keyway(..)"

    public companion object {
        /** Puts the phone together. Takes up to a few seconds where the keychain does not answer; [start] comes next. */
        @Throws(OpenException::class)
        public suspend fun open(setUp: SetUp, shell: Shell): Keyway =
            shell.guarded().run { Keyway(KeywayApp.open(setUp, places, owner, keys)) }
    }
}
