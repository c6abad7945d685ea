"""Chromium as a resident would use it, trusting one building's certificate authority and no other."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, Playwright

from .building import Building
from .watch import Watch

PROGRAM = "/usr/bin/chromium"
# A page is there, and what is waited for has happened, within this many milliseconds.
PATIENCE = 10_000
# CSS pixels of text whose size nobody has set.
USUAL_TEXT = 16


@dataclass(frozen=True)
class Screen:
    """How somebody looks at the pages."""

    width: int
    height: int
    # Per cent of the usual size of text.
    text: int = 100

    def __str__(self) -> str:
        return f"{self.width} x {self.height}" + (f", text {self.text} %" if self.text != 100 else "")


PHONE = Screen(320, 568)
DESK = Screen(1280, 800)
LARGE_TEXT = Screen(320, 568, text=200)


@dataclass(frozen=True)
class Visit:
    """Somebody in front of a building's pages."""

    building: Building
    screen: Screen
    page: Page
    watch: Watch

    def open(self, path: str) -> None:
        self.page.goto(self.building.origin + path)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """What is done inside leads to another page; ends when that page is there, with the focus where it wants it."""
        with self.page.expect_navigation():
            yield
        if self.page.locator("[autofocus]").count():
            self.page.locator("[autofocus]:focus").wait_for()

    @property
    def path(self) -> str:
        """Where the browser is, without the origin."""
        return self.page.url.removeprefix(self.building.origin)


@contextmanager
def launched(playwright: Playwright, building: Building, screen: Screen) -> Iterator[Browser]:
    """A browser with a new profile and a certificate store of its own."""
    text = USUAL_TEXT * screen.text // 100
    with TemporaryDirectory(prefix="keyway-pages-") as home:
        trust(Path(home), building.authority)
        browser = playwright.chromium.launch(
            executable_path=PROGRAM,
            env={**os.environ, "HOME": home},
            # Residents' browsers keep pages for the back button; what they keep is looked at here.
            ignore_default_args=["--disable-back-forward-cache"],
            args=[
                # A name would be asked for at a server elsewhere; the building has an address.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                f"--blink-settings=defaultFontSize={text},defaultFixedFontSize={text}",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, building: Building, screen: Screen, *, scripts: bool) -> Iterator[Visit]:
    """A window without cookies. Whatever the pages did that they must not do fails at its end."""
    context = browser.new_context(
        java_script_enabled=scripts,
        viewport={"width": screen.width, "height": screen.height},
        locale="en-US",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watch = Watch(page, building.origin)
    try:
        yield Visit(building, screen, page, watch)
        watch.assert_clean()
    finally:
        context.close()


def trust(home: Path, authority: str) -> None:
    """Makes the certificate store that Chromium reads at its start, with this authority in it."""
    store = home / ".pki/nssdb"
    store.mkdir(parents=True)
    certificate = home / "authority.pem"
    certificate.write_text(authority, encoding="ascii")
    certutil("-N", "--empty-password", "-d", f"sql:{store}")
    certutil("-A", "-d", f"sql:{store}", "-n", "Keyway building", "-t", "C,,", "-i", str(certificate))


def certutil(*line: str) -> None:
    subprocess.run(["certutil", *line], check=True, capture_output=True, timeout=10)
