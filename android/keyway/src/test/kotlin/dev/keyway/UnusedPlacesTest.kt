package dev.keyway

import dev.keyway.stage.JvmPlaces
import dev.keyway.stage.root
import org.junit.jupiter.api.Test
import kotlin.io.path.extension
import kotlin.io.path.readLines
import kotlin.io.path.walk
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

/**
 * The sign-out report says that a shell on a plain JVM does not use these places, and names these tests: each fails when what it is about appears in the
 * library's sources. Then the place needs an answer that erases and reads back.
 */
class UnusedPlacesTest {
    @Test
    fun place_16_no_notifications() = unused("Notification")

    @Test
    fun place_21_no_password_saving() = unused("CredentialManager", "Autofill", "AccountManager")

    @Test
    fun place_22_no_preferences() = unused("Preferences", "DataStore")

    @Test
    fun place_24_no_app_switcher_image() = unused("java.awt", "javax.swing", "javafx", "setContentView")

    @Test
    fun place_25_no_clipboard() = unused("Clipboard")

    @Test
    fun place_26_no_keyboard_learning() = unused("InputMethod", "EditText")

    @Test
    fun place_35_no_app_pin() = unused("Biometric", "Keyguard", "AppPin")

    @Test
    fun place_36_no_login_memory() = unused("lastEmail", "rememberMe")

    /** Place 11 is used: digits that are shown. */
    @Test
    fun shown_digits_are_wiped_and_looked_at_again() {
        val shown = Shown()
        val places = JvmPlaces(shown)
        assertEquals(ShellAnswer.WasEmpty, places.erase(ShellPlace.SHELL_STRINGS))
        val digits = Revealed.Digits("01234567".encodeToByteArray()).also(shown::add)
        val copy = digits.toCharArray()
        assertEquals("01234567", copy.concatToString())
        assertEquals(ShellAnswer.Gone, places.erase(ShellPlace.SHELL_STRINGS))
        assertTrue(digits.isWiped)
        assertEquals("Digits(..)", digits.toString())
        assertTrue(runCatching { digits.toCharArray() }.isFailure)
    }

    @Test
    fun every_place_that_is_not_used_names_one_of_these_tests() {
        val tests = UnusedPlacesTest::class.java.declaredMethods.map { it.name }.filter { it.startsWith("place_") }
        val guards = ShellPlace.entries.minus(ShellPlace.SHELL_STRINGS).map { assertIs<ShellAnswer.NotUsed>(JvmPlaces().erase(it)).guard }
        assertEquals(tests.toSet(), guards.toSet())
        assertEquals(guards.size, guards.toSet().size)
    }

    @Test
    fun the_search_finds_what_is_there() {
        assertFalse(users("CancellationException").isEmpty())
    }

    private fun unused(vararg words: String) = assertEquals(emptyList(), users(*words), "now used: erase it and read it back")

    /** Files of the library that have one of [words] in their code; comments may speak of what is not used. */
    private fun users(vararg words: String): List<String> {
        val files = root.resolve("android/keyway/src/main/kotlin").walk().filter { it.extension == "kt" }.toList()
        assertTrue(files.size > 3, "the sources were not found")
        return files.filter { file ->
            val code = file.readLines().map(String::trim).filterNot { it.startsWith("*") || it.startsWith("/") }
            code.any { line -> words.any { it.lowercase() in line.lowercase() } }
        }.map { it.fileName.toString() }
    }
}
