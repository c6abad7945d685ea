"""Where the keyboard's focus is and whether one can see it."""

from dataclasses import dataclass

from playwright.sync_api import Page

from .scripts import measure

# A page has fewer places than this to go to.
FAR = 30
# The next Tab leads to the page's first place, wherever the focus was.
TO_THE_TOP = """(() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
})()"""
# CSS pixels, and WCAG 2.2's contrast for what is no text.
THINNEST_RING = 2
LEAST_CONTRAST = 3


@dataclass(frozen=True)
class Place:
    """Something that can have the focus."""

    name: str
    ring: float
    # Outline and shadow, as computed.
    look: str
    contrast: float
    left: float
    top: float
    onScreen: bool


@dataclass(frozen=True)
class Focus:
    """One moment."""

    # The index of the place that has it; -1 if none has.
    at: int
    places: list[Place]

    @classmethod
    def on(cls, page: Page) -> "Focus":
        measured = measure(page, "focus.js")
        return cls(measured["at"], [Place(**place) for place in measured["places"]])

    @property
    def place(self) -> Place | None:
        return self.places[self.at] if self.at >= 0 else None

    def faults(self) -> list[str]:
        """Why somebody who looks would not find it."""
        place = self.place
        if place is None:
            return ["nothing has the focus"]
        faults = []
        if place.ring < THINNEST_RING or place.contrast < LEAST_CONTRAST:
            faults.append(f"{place.name!r} has a ring of {place.ring} px and {place.contrast:.2f}:1")
        if any(place.look == other.look for other in self.places if other is not place):
            faults.append(f"{place.name!r} looks as if it had no focus")
        if not place.onScreen:
            faults.append(f"{place.name!r} is not on the screen")
        return faults


def faults(page: Page) -> list[str]:
    """What is wrong with the way of the focus through the whole page, there and back."""
    page.evaluate(TO_THE_TOP)
    count = len(Focus.on(page).places)
    there = way(page, "Tab", count)
    back = way(page, "Shift+Tab", count - 1)
    found = [fault for focus in there + back for fault in focus.faults()]
    in_order = list(range(count))
    if [focus.at for focus in there] != in_order:
        found.append(f"Tab goes {[focus.at for focus in there]} of {count}")
    if [focus.at for focus in back] != in_order[-2::-1]:
        found.append(f"Shift-Tab goes {[focus.at for focus in back]} of {count}")
    seen = [(place.top, place.left) for focus in there if (place := focus.place)]
    if seen != sorted(seen):
        found.append(f"the focus jumps: {seen}")
    return found


def way(page: Page, key: str, steps: int) -> list[Focus]:
    """Where the focus is after each step."""
    moments = []
    for _ in range(steps):
        page.keyboard.press(key)
        moments.append(Focus.on(page))
    return moments
