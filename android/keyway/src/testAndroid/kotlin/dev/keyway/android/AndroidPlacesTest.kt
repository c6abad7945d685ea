package dev.keyway.android

import dev.keyway.ShellAnswer
import dev.keyway.ShellRemains
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.createDirectory
import kotlin.io.path.createFile
import kotlin.io.path.name
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/**
 * The sign-out report says that the Android shell does not use these places, and names these tests: each fails when the sources begin to. Then the place
 * needs an answer that erases and reads back.
 */
class AndroidPlacesTest {
    @Test
    fun place_21_no_password_saving() {
        assertEquals(emptyList(), users("CredentialManager", "AccountManager", "AutofillManager", "setAutofillHints"))
        assertEverywhere("setContentView(", "keepFromAutofill()")
    }

    /** Every window says before its content that no image is to be taken of it. */
    @Test
    fun place_24_no_app_switcher_image() {
        val activities = sources().filter { file -> file.code().any { ": Activity()" in it } }
        assertEquals(listOf("MainActivity.kt"), activities.map { it.name })
        val code = activities.single().code()
        val created = code.indexOfFirst { it.startsWith("override fun onCreate(") }
        // Right after the call that has to be first.
        assertEquals(listOf("super.onCreate(savedInstanceState)", "keepOffTheRecord()"), code.subList(created + 1, created + 3))
        assertEquals(emptyList(), users("clearFlags", "AlertDialog", "PopupWindow", "Toast", "WindowManager.addView"))
    }

    /** Every field is made where the keyboard is told to learn nothing. */
    @Test
    fun place_26_no_keyboard_learning() {
        assertEquals(listOf("Page.kt"), users(" EditText(", "(EditText("))
        assertEverywhere("EditText(context)", "keepToItself()")
    }

    @Test
    fun place_35_no_app_pin() = assertEquals(emptyList(), users("AppPin", "CryptoObject", "setUserAuthenticationRequired"))

    /** Nothing is put where the next window, or the next start, finds it. */
    @Test
    fun place_36_no_login_memory() {
        assertEquals(emptyList(), users("lastEmail", "rememberMe", "outState.put", "isSaveEnabled = true", "openFileOutput", "SQLite"))
        assertTrue(text("keyway/src/android/kotlin/dev/keyway/android/Fields.kt").contains("isSaveEnabled = false"))
    }

    @Test
    fun no_web_page_is_shown() = assertEquals(emptyList(), users("WebView", "CustomTabs", "CookieManager"))

    @Test
    fun nothing_is_written_to_the_system_log() = assertEquals(emptyList(), users("android.util.Log", "println(", "printStackTrace"))

    @Test
    fun every_place_that_is_not_used_names_one_of_these_tests() {
        val tests = AndroidPlacesTest::class.java.declaredMethods.map { it.name }.filter { it.startsWith("place_") }
        val answers = text("keyway/src/android/kotlin/dev/keyway/android/AndroidPlaces.kt")
        val guards = Regex("unused\\(\"(\\w+)\"\\)").findAll(answers).map { it.groupValues[1] }.toList()
        assertEquals(tests.sorted(), guards.sorted())
    }

    @Test
    fun the_search_finds_what_is_there() = assertFalse(users("ClipboardManager").isEmpty())

    @Test
    fun preferences_are_found_but_for_the_keychains_store(@TempDir folder: Path) {
        val prefs = folder.resolve("shared_prefs")
        assertEquals(emptyList(), preferencesIn(prefs.toFile()))
        prefs.createDirectory()
        listOf("settings.xml", "keyring-keyway.xml", "settings.xml.bak").forEach { prefs.resolve(it).createFile() }
        assertEquals(listOf("settings"), preferencesIn(prefs.toFile()))
    }

    @Test
    fun of_two_halves_the_worse_is_the_answer() {
        val remains = ShellAnswer.Remains(ShellRemains.CANNOT_LOOK)
        for ((first, second, both) in listOf(
            Triple(ShellAnswer.WasEmpty, ShellAnswer.WasEmpty, ShellAnswer.WasEmpty),
            Triple(ShellAnswer.WasEmpty, ShellAnswer.Gone, ShellAnswer.Gone),
            Triple(ShellAnswer.Gone, ShellAnswer.WasEmpty, ShellAnswer.Gone),
            Triple(ShellAnswer.Gone, remains, remains),
            Triple(remains, ShellAnswer.WasEmpty, remains),
        )) {
            assertEquals(both, together(first, second))
        }
    }

    /** Whoever uses [use] has [guard] in the same file. */
    private fun assertEverywhere(use: String, guard: String) {
        val files = sources().filter { file -> file.code().any { use in it } }
        assertTrue(files.isNotEmpty(), "nobody uses $use")
        files.forEach { file -> assertTrue(file.code().any { guard in it }, "${file.name}: $use without $guard") }
    }
}
