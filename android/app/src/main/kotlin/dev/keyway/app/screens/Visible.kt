package dev.keyway.app.screens

import android.view.View

/** Seen and read aloud, or neither. */
internal fun View.isVisible(visible: Boolean) {
    visibility = if (visible) View.VISIBLE else View.GONE
}
