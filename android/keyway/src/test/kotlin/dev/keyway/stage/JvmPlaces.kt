package dev.keyway.stage

import dev.keyway.ShellAnswer
import dev.keyway.ShellPlace
import dev.keyway.ShellPlaces
import dev.keyway.Shown

/** The places of a shell on a plain JVM: it shows codes and keeps nothing else. `UnusedPlacesTest` fails when that changes. */
class JvmPlaces(private val shown: Shown = Shown()) : ShellPlaces {
    override fun erase(place: ShellPlace): ShellAnswer = when (place) {
        ShellPlace.SHELL_STRINGS -> shown.erase()
        ShellPlace.NOTIFICATIONS -> unused("place_16_no_notifications")
        ShellPlace.PASSWORD_SAVING -> unused("place_21_no_password_saving")
        ShellPlace.PREFERENCES -> unused("place_22_no_preferences")
        ShellPlace.APP_SWITCHER_IMAGE -> unused("place_24_no_app_switcher_image")
        ShellPlace.CLIPBOARD -> unused("place_25_no_clipboard")
        ShellPlace.KEYBOARD_LEARNING -> unused("place_26_no_keyboard_learning")
        ShellPlace.APP_PIN -> unused("place_35_no_app_pin")
        ShellPlace.LOGIN_MEMORY -> unused("place_36_no_login_memory")
    }

    private fun unused(guard: String) = ShellAnswer.NotUsed(guard)
}
