"""axe-core, the rules of accessibility that a machine can check."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from playwright.sync_api import Page

SOURCE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 up to AA, and what axe calls good practice.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What breaks a rule, and what axe cannot decide.
RUN = """async (standards) => {
  const { passes, violations, incomplete } = await axe.run(document, { runOnly: standards });
  const told = ({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`);
  return { rulesKept: passes.length, faults: [...violations, ...incomplete].flatMap(told) };
}"""


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is shown."""
    with scripts_on(page):
        page.evaluate(SOURCE)
        results = page.evaluate(RUN, STANDARDS)
    assert results["rulesKept"], "axe looked at nothing"
    faults: list[str] = results["faults"]
    return faults


@contextmanager
def scripts_on(page: Page) -> Iterator[None]:
    """axe waits with timers, which a browser without scripts has none of. The page was loaded without, and its successor will be."""
    browser = page.context.new_cdp_session(page)
    try:
        # A session that has not turned them off cannot turn them on.
        for off in (True, False):
            browser.send("Emulation.setScriptExecutionDisabled", {"value": off})
        yield
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
        browser.detach()
