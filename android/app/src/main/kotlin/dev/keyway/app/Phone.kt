package dev.keyway.app

import android.app.Application
import dev.keyway.Change
import dev.keyway.Keyway
import dev.keyway.KeywayException
import dev.keyway.Notice
import dev.keyway.SetUp
import dev.keyway.Shell
import dev.keyway.Shown
import dev.keyway.SignOutReport
import dev.keyway.advice
import dev.keyway.android.AndroidPlaces
import dev.keyway.android.Bluetooth
import dev.keyway.android.KeystoreKeys
import dev.keyway.android.Owner
import dev.keyway.android.Screens
import dev.keyway.android.SensitiveClipboard
import dev.keyway.android.Surroundings
import dev.keyway.text
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.io.File
import java.io.IOException

/** The core and what this phone does for it. Everything here happens on the main thread. */
internal class Phone(private val application: Application) {
    private val scope = CoroutineScope(SupervisorJob() + MainThread)
    private val opening = Mutex()
    private var opened: Keyway? = null

    /** What happened around the phone before the core could hear it. */
    private val unheard = mutableListOf<Change>()

    /** The activity that is on the screen or was last. */
    var front: MainActivity? = null
    val shown = Shown()
    val clipboard = SensitiveClipboard(application) { front?.hasWindowFocus() == true }
    val owner = Owner(application, application.getString(R.string.owner_title)) { front }

    private val screens = object : Screens {
        override fun holdAnything(): Boolean = front?.holdsAccount ?: false

        override fun clear() {
            front?.clear()
        }
    }

    val bluetooth = Bluetooth(application) { opened?.bluetoothChanged(it) }

    init {
        Surroundings(application) { change -> scope.launch { tell(change) } }
    }

    /** The report of a wipe that an earlier process began, if this one finished it and nobody has seen it. */
    var finishedWipe: SignOutReport? = null

    /** The core, put together at the first call and after a failure again. */
    suspend fun keyway(): Keyway = opening.withLock {
        opened?.let { return@withLock it }
        val keyway = Keyway.open(setUp(), shell())
        finishedWipe = started(keyway)
        opened = keyway
        keyway.bluetoothChanged(bluetooth.state())
        unheard.forEach(keyway::surroundingsChanged)
        unheard.clear()
        scope.launch { keyway.notices.collect { heard(keyway, it) } }
        keyway
    }

    /** What did not start is let go of: its home would be in use at the next try. */
    private suspend fun started(keyway: Keyway): SignOutReport? = try {
        keyway.start().finishedWipe
    } catch (error: KeywayException) {
        keyway.shutDown()
        throw error
    }

    /** Signs out and shows the report; it outlives the screen that asked, which is one of the places. */
    fun signOut() {
        scope.launch {
            try {
                val report = keyway().signOut()
                front?.showReport(report)
            } catch (error: KeywayException) {
                front?.showError(error.advice().text)
            }
        }
    }

    private fun tell(change: Change) {
        val keyway = opened
        if (keyway == null) unheard += change else keyway.surroundingsChanged(change)
    }

    /** A session that ended by itself is reported like one that was signed out of. */
    private fun heard(keyway: Keyway, notice: Notice) {
        if (notice is Notice.SignedOut) keyway.lastReport?.let { front?.showReport(it) }
    }

    private fun setUp() = SetUp(
        home = File(application.noBackupFilesDir, "keyway").path,
        origin = application.getString(R.string.service_origin),
        roots = roots(),
    )

    /** The service's certificate authorities: `assets/roots.pem`. Without them the core refuses to open and says so. */
    private fun roots(): String = try {
        application.assets.open("roots.pem").bufferedReader().use { it.readText() }
    } catch (_: IOException) {
        ""
    }

    private fun shell() = Shell(
        places = AndroidPlaces(application, screens, shown, clipboard),
        owner = owner,
        keys = KeystoreKeys(application),
    )
}
