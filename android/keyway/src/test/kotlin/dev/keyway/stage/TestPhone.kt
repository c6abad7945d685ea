package dev.keyway.stage

import dev.keyway.Keyway
import dev.keyway.KeywayApp
import dev.keyway.Shell
import dev.keyway.Status
import dev.keyway.WhosePhone
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.time.Duration.Companion.minutes

/** A phone on a served building: the library's real parts, with the air over loopback and a keychain in its folder. */
suspend fun phone(building: Building, home: Path, shell: Shell = Shell(JvmPlaces())): Keyway =
    shell.guarded().run { Keyway(KeywayApp.openOnBuilding(building.description, home.toString(), places, owner, keys)) }

/** Runs a test in a building of its own, with a folder for its phones; both are gone afterwards. */
@OptIn(ExperimentalPathApi::class)
fun inBuilding(test: suspend (Building, Path) -> Unit): Unit = runBlocking {
    val home = createTempDirectory("keyway-phones-")
    val building = Stage.open()
    try {
        withTimeout(2.minutes) { test(building, home) }
    } finally {
        withContext(NonCancellable) { building.close() }
        home.deleteRecursively()
    }
}

/** Runs a test on the resident's own phone, signed in, with everything fetched. */
fun onPhone(shell: Shell = Shell(JvmPlaces()), test: suspend OnPhone.() -> Unit): Unit = inBuilding { building, home ->
    val app = phone(building, home.resolve("phone"), shell)
    try {
        app.start()
        app.signIn(building)
        val door = app.refresh().doors.first { it.name == DOOR }.id
        OnPhone(app, building, home, door).test()
    } finally {
        withContext(NonCancellable) { app.shutDown() }
    }
}

/** Signs the building's resident in. */
suspend fun Keyway.signIn(building: Building, phone: WhosePhone = WhosePhone.OWN): Status {
    val resident = checkNotNull(building.account("resident"))
    return signIn(resident.email, resident.password, phone)
}

/** A phone, where it is, and the door of its resident's home. */
class OnPhone(val app: Keyway, val building: Building, val home: Path, val door: String)

/** The resident's own door. */
const val DOOR: String = "Home 4B"
