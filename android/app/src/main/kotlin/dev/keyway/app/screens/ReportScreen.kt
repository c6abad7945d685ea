package dev.keyway.app.screens

import dev.keyway.PlaceResult
import dev.keyway.SignOutReport
import dev.keyway.app.MainActivity
import dev.keyway.app.R

/** What became of every place: what remains first, what is not used last. */
internal class ReportScreen(main: MainActivity, private val report: SignOutReport) : Screen(main) {
    private val labels = Labels(main)

    override val title: String get() = words(R.string.report)

    override fun fill(page: Page) {
        page.heading(title, large = true)
        page.live().text = words(if (report.complete) R.string.report_complete else R.string.report_open)
        page.text(labels.of(report.server))
        val undelivered = report.undelivered.toInt()
        if (undelivered > 0) page.text(words(R.string.undelivered, undelivered))
        report.places.sortedBy { rank(it.result) }.forEach {
            page.text(words(R.string.place_line, it.place, labels.of(it.result)))
        }
        page.button(words(R.string.done)) { main.reset(WhosePhoneScreen(main)) }
    }

    private fun rank(result: PlaceResult): Int = when (result) {
        is PlaceResult.Remains -> 0
        is PlaceResult.Gone -> 1
        is PlaceResult.WasEmpty -> 2
        is PlaceResult.NotUsed -> 3
    }
}
