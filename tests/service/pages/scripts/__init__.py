"""What is measured inside a page; the browser evaluates it beside a page that runs no script of its own."""

from importlib import resources
from typing import Any

from playwright.sync_api import Page


def source(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def measure(page: Page, script: str) -> Any:
    """What the function in `script` gives."""
    return page.evaluate(f"(() => {{ {COLOUR}\nreturn ({source(script)})(); }})()")


COLOUR = source("colour.js")
