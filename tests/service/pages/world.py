"""What the tests stand on: buildings, a browser in front of each, and a folder for what is to be seen afterwards."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from .browser import Screen, Visit, launched, visit
from .building import Building


@dataclass(frozen=True)
class Place:
    """A building and the browser that trusts it."""

    building: Building
    browser: Browser
    # Per cent, as in `Screen`.
    text: int


@dataclass(eq=False)
class World:
    """Leads each test to a building where somebody lives whom no test knows yet, in a browser window without memory."""

    playwright: Playwright
    open_building: Callable[[], Building]
    folder: Path
    # The test that runs.
    test: str = ""
    _place: Place | None = None
    _standing: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def visit(self, screen: Screen, *, scripts: bool = False, newly_built: bool = False) -> Iterator[Visit]:
        place = self._place
        if newly_built or place is None or place.text != screen.text or not place.building.has_strangers:
            place = self._build(screen)
        with visit(place.browser, place.building, screen, scripts=scripts) as visiting:
            try:
                yield visiting
            except Exception:
                picture = self.folder / "failed" / f"{file_name(self.test)}.png"
                visiting.page.screenshot(path=picture, full_page=True)
                raise

    def close(self) -> None:
        self._standing.close()

    def _build(self, screen: Screen) -> Place:
        self.close()
        building = self._standing.enter_context(closing(self.open_building()))
        browser = self._standing.enter_context(launched(self.playwright, building, screen))
        self._place = Place(building, browser, screen.text)
        return self._place


def file_name(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
