package dev.keyway

import dev.keyway.stage.JvmPlaces
import dev.keyway.stage.inBuilding
import dev.keyway.stage.onPhone
import dev.keyway.stage.phone
import dev.keyway.stage.signIn
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs

/** A shell that throws whatever it likes is answered like one that failed, and what it threw goes no further. */
class ForeignTraitTest {
    /** An exception of the shell's own, and an error that no Kotlin program catches. */
    private val thrown = listOf(IllegalArgumentException(TEXT), StackOverflowError(TEXT), NotImplementedError(TEXT))

    private fun each(what: String, test: (Throwable) -> Unit): List<DynamicTest> =
        thrown.map { dynamicTest("$what ${it::class.simpleName}") { test(it) } }

    @TestFactory
    fun places() = each("a_place_that_throws") { thrown ->
        onPhone(Shell(ThrowingPlaces(thrown))) {
            val report = app.signOut()
            val clipboard = report.places.single { it.number == 25u.toUByte() }.result
            assertEquals(Remains.SHELL_REFUSED, assertIs<PlaceResult.Remains>(clipboard).reason)
            assertFalse(report.complete)
            assertEquals(ServerEnd.Ended, report.server)
            assertFalse(TEXT in report.toString())
        }
    }

    @TestFactory
    fun owner() = each("an_owner_that_throws") { thrown ->
        onPhone(Shell(JvmPlaces(), owner = ThrowingOwner(thrown))) {
            app.hide()
            val error = assertFailsWith<KeywayException.DeviceAuthenticationFailed> { app.show() }
            assertFalse(TEXT in error.toString())
            app.signOut()
        }
    }

    @TestFactory
    fun keys() = each("keys_that_throw") { thrown ->
        inBuilding { building, home ->
            val app = phone(building, home, Shell(JvmPlaces(), keys = ThrowingKeys(thrown)))
            app.start()
            val error = assertFailsWith<KeywayException> { app.signIn(building) }
            assertFalse(TEXT in error.toString())
            assertEquals(Phase.SignedOut, app.status.phase)
            app.shutDown()
        }
    }

    @TestFactory
    fun key_store() = each("a_key_store_that_throws") { thrown ->
        inBuilding { building, home ->
            val app = phone(building, home, Shell(JvmPlaces(), keys = ThrowingKeyStore(thrown)))
            val error = assertFailsWith<KeywayException.KeychainUnavailable> { app.start() }
            assertFalse(TEXT in error.toString())
            app.shutDown()
        }
    }
}

private const val TEXT = "what the shell threw"

private class ThrowingPlaces(private val thrown: Throwable) : ShellPlaces {
    override fun erase(place: ShellPlace) = throw thrown
}

private class ThrowingOwner(private val thrown: Throwable) : DeviceOwner {
    override fun isSetUp() = true

    override fun confirm() = throw thrown

    override fun dismiss() = throw thrown
}

private class ThrowingKeys(private val thrown: Throwable) : HardwareKeys {
    override fun create(purpose: KeyPurpose) = throw thrown

    override fun publicKey(purpose: KeyPurpose) = throw thrown

    override fun sign(purpose: KeyPurpose, message: ByteArray) = throw thrown

    override fun delete(purpose: KeyPurpose) = Unit

    override fun list() = emptyList<KeyPurpose>()
}

private class ThrowingKeyStore(private val thrown: Throwable) : HardwareKeys by ThrowingKeys(thrown) {
    override fun list() = throw thrown
}
