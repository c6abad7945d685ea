package dev.keyway.android

import android.os.Build
import android.text.InputType
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText

/** No service that fills forms sees this view or what is in it, and none offers to save it. */
public fun View.keepFromAutofill() {
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
        importantForAutofill = View.IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS
    }
}

/** What is typed here is not learned by the keyboard, not suggested, not saved with the window and not filled or saved by others. */
public fun EditText.keepToItself() {
    inputType = inputType or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
        imeOptions = imeOptions or EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING
    }
    // Full-screen keyboards show the text in a window of their own.
    imeOptions = imeOptions or EditorInfo.IME_FLAG_NO_EXTRACT_UI or EditorInfo.IME_FLAG_NO_FULLSCREEN
    isSaveEnabled = false
    keepFromAutofill()
}
