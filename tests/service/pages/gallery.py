"""Pictures of every state, and a page that shows them side by side."""

from html import escape
from pathlib import Path

from .browser import DESK, LARGE_TEXT, PHONE, Screen, Visit
from .walk import STATES
from .world import file_name

COLUMNS = [*((screen, scheme) for screen in (PHONE, DESK) for scheme in ("light", "dark")), (LARGE_TEXT, "light")]
STYLE = "body{font:1rem sans-serif;background:#777}td{vertical-align:top;padding:8px}img{max-width:640px}"


def photograph(visit: Visit, folder: Path, state: str) -> None:
    for screen, scheme in COLUMNS:
        if screen == visit.screen:
            visit.page.emulate_media(color_scheme=scheme)
            visit.page.screenshot(path=folder / picture(state, screen, scheme), full_page=True)
    visit.page.emulate_media(color_scheme="light")


def picture(state: str, screen: Screen, scheme: str) -> str:
    return f"{file_name(f'{state} {screen} {scheme}')}.png"


def hang(folder: Path) -> None:
    """Writes `index.html`."""
    head = "".join(f"<th>{escape(f'{screen}, {scheme}')}</th>" for screen, scheme in COLUMNS)
    rows = "".join(f"<tr><th>{escape(state)}</th>{cells(folder, state)}</tr>" for state in STATES)
    table = f"<table><tr><th></th>{head}</tr>{rows}</table>"
    page = f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Pages</title><style>{STYLE}</style>{table}</html>"
    (folder / "index.html").write_text(page, encoding="utf-8")


def cells(folder: Path, state: str) -> str:
    names = [picture(state, screen, scheme) for screen, scheme in COLUMNS]
    return "".join(f'<td><img src="{name}" alt=""></td>' if (folder / name).exists() else "<td></td>" for name in names)
