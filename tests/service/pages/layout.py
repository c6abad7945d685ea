"""How a page lies on the screen, in light and dark; the rules themselves are in `scripts/layout.js`."""

from playwright.sync_api import Page

from .scripts import measure

# Each rule of the script, and what it promises. 44 x 44 is WCAG 2.2's 2.5.5 (AAA), which includes 2.5.8.
RULES = {
    "wide": "nothing scrolls sideways",
    "cut": "no text is cut off",
    "broken": "no word is broken",
    "overlapping": "nothing overlaps",
    "small": "everything to tap is at least 44 x 44",
    "faint": "text has a contrast of 4.5, edges of 3, in light and dark",
}


def faults(page: Page) -> dict[str, list[str]]:
    """What breaks each rule."""
    measured: dict[str, list[str]] = measure(page, "layout.js")
    page.emulate_media(color_scheme="dark")
    dark: list[str] = measure(page, "layout.js")["faint"]
    page.emulate_media(color_scheme="light")
    measured["faint"] += [f"{fault} in the dark" for fault in dark]
    return measured
