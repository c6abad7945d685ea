package dev.keyway.app.screens

import android.content.Context
import android.graphics.Typeface
import android.os.Build
import android.text.InputType
import android.util.TypedValue
import android.view.View
import android.view.ViewGroup.LayoutParams
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.ScrollView
import android.widget.TextView
import dev.keyway.android.keepToItself

/** A column that scrolls, so that the largest text still fits. Sizes are the theme's and grow with the resident's. */
internal class Page(private val context: Context) {
    private val column = LinearLayout(context).apply {
        orientation = LinearLayout.VERTICAL
        val edge = dp(EDGE)
        setPadding(edge, edge, edge, edge)
    }

    val view: ScrollView = ScrollView(context).apply {
        // Keeps clear of the system's bars and of the keyboard.
        fitsSystemWindows = true
        isFillViewport = true
        addView(column)
    }

    /** A part of the page that is filled anew as a whole. */
    fun part(): Page = Page(context).also { part ->
        part.view.removeView(part.column)
        part.column.setPadding(0, 0, 0, 0)
        add(part.column)
    }

    fun clear(): Unit = column.removeAllViews()

    fun heading(text: CharSequence, large: Boolean = false): TextView = text(text).apply {
        setTextSize(TypedValue.COMPLEX_UNIT_SP, if (large) TITLE else HEADING)
        typeface = Typeface.DEFAULT_BOLD
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) isAccessibilityHeading = true
    }

    fun text(text: CharSequence): TextView = add(TextView(context)).apply {
        this.text = text
        setTextSize(TypedValue.COMPLEX_UNIT_SP, BODY)
    }

    /** A text that is read aloud whenever it changes. */
    fun live(): TextView = text("").apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE }

    /** A button; [spoken] is what it is called where its label alone says too little. */
    fun button(label: CharSequence, spoken: CharSequence? = null, tapped: (Button) -> Unit): Button = add(Button(context)).apply {
        text = label
        isAllCaps = false
        contentDescription = spoken
        setOnClickListener { tapped(this) }
    }

    fun field(label: CharSequence, type: Int): EditText {
        val name = text(label)
        return add(EditText(context)).apply {
            id = View.generateViewId()
            name.labelFor = id
            inputType = InputType.TYPE_CLASS_TEXT or type
            isSingleLine = true
            keepToItself()
        }
    }

    fun progress(spoken: CharSequence): ProgressBar =
        add(ProgressBar(context, null, android.R.attr.progressBarStyleHorizontal)).apply {
            max = PROGRESS
            contentDescription = spoken
            visibility = View.GONE
        }

    private fun <V : View> add(view: V): V {
        val params = LinearLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT)
        params.topMargin = dp(GAP)
        column.addView(view, params)
        return view
    }

    private fun dp(size: Float): Int =
        TypedValue.applyDimension(TypedValue.COMPLEX_UNIT_DIP, size, context.resources.displayMetrics).toInt()

    companion object {
        /** The whole of a progress bar. */
        const val PROGRESS: Int = 1000
        private const val EDGE = 20f
        private const val GAP = 8f
        private const val TITLE = 28f
        private const val HEADING = 20f
        private const val BODY = 18f
    }
}
