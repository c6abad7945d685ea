package dev.keyway.app.screens

import android.widget.Button
import android.widget.TextView
import dev.keyway.Door
import dev.keyway.Doors
import dev.keyway.Permission
import dev.keyway.Phase
import dev.keyway.WhosePhone
import dev.keyway.app.MainActivity
import dev.keyway.app.R

/** The doors, from the cache first, and for each the ways in that exist now. */
internal class DoorsScreen(main: MainActivity) : Screen(main) {
    private val labels = Labels(main)
    private lateinit var status: TextView
    private lateinit var bluetooth: Button
    private lateinit var doors: Page

    override val title: String get() = words(R.string.doors)
    override val holdsAccount: Boolean get() = true

    override fun fill(page: Page) {
        page.heading(title, large = true)
        status = page.live()
        bluetooth = page.button(words(R.string.allow_bluetooth)) { main.askForBluetooth() }
        page.button(words(R.string.refresh)) { refresh() }
        doors = page.part()
        val hide = page.button(words(R.string.hide)) {
            ask(status) { keyway ->
                keyway.hide()
                main.route(keyway)
            }
        }
        hide.isVisible(false)
        page.button(words(R.string.sign_out)) { signOut() }
        returned()
        ask(status) { keyway ->
            val phase = keyway.status.phase
            hide.isVisible(phase is Phase.SignedIn && phase.whose == WhosePhone.OWN)
            show(keyway.doors())
            refresh()
        }
    }

    override fun returned() {
        bluetooth.isVisible(main.phone.bluetooth.state().permission == Permission.NOT_ASKED)
    }

    private fun refresh() {
        status.text = words(R.string.refreshing)
        ask(status) { keyway ->
            val fresh = keyway.refresh()
            show(fresh)
        }
    }

    private fun show(found: Doors) {
        val told = if (found.fromCache) R.string.doors_from_cache else R.string.doors_fresh
        status.text = words(told, found.doors.size, labels.moment(found.asOf))
        doors.clear()
        found.doors.forEach(::add)
    }

    private fun add(door: Door) {
        doors.heading(door.name)
        doors.text(door.building)
        doors.text(labels.facts(door))
        doors.button(words(R.string.open_door), words(R.string.open_door_named, door.name)) {
            main.push(DoorScreen(main, door.id, door.name))
        }
        doors.button(words(R.string.locked_out), words(R.string.locked_out_named, door.name)) { button ->
            button.isEnabled = false
            ask(status) { keyway -> showOptions(door, keyway.lockoutOptions(door.id).options.map(labels::of)) }
                .invokeOnCompletion { button.isEnabled = true }
        }
    }

    /** The ladder takes the place of the list, so that nothing else is read aloud before it. */
    private fun showOptions(door: Door, options: List<String>) {
        status.text = words(R.string.options_for, door.name)
        doors.clear()
        doors.heading(words(R.string.options_for, door.name))
        options.forEach(doors::text)
        door.property.phone?.let { doors.text(words(R.string.property_phone, door.property.name, it)) }
        door.property.email?.let { doors.text(words(R.string.property_email, door.property.name, it)) }
        doors.button(words(R.string.open_door), words(R.string.open_door_named, door.name)) {
            main.push(DoorScreen(main, door.id, door.name))
        }
        doors.button(words(R.string.all_doors)) { ask(status) { keyway -> show(keyway.doors()) } }
    }

    private fun signOut() {
        status.text = words(R.string.signing_out)
        // This screen is gone before the report is there, which the phone then hears of.
        main.phone.signOut()
    }
}
