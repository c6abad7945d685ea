"""Every state of the pages looked at: what it must keep to is one test for each rule and screen."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from . import axe, focus, layout
from .browser import DESK, LARGE_TEXT, PHONE, Screen, Visit
from .gallery import photograph
from .runner import TESTS, Test
from .tree import Tree
from .walk import STATES, walk
from .world import World, file_name

SCREENS = (PHONE, DESK, LARGE_TEXT)
# Its rules do not ask for the size of text.
AXE_SCREENS = (PHONE, DESK)
NAMES = "fields, buttons and links have names, errors are announced"
FOCUS = "the focus goes in reading order and is always seen"
AXE = "axe finds nothing"


@dataclass
class Seen:
    """What a walk has seen."""

    states: list[str] = field(default_factory=list)
    # What breaks each rule, beginning with the state.
    faults: dict[str, list[str]] = field(default_factory=dict)
    # What each state's page says, to eyes and to a screen reader, without what is new each time.
    said: dict[str, str] = field(default_factory=dict)

    def note(self, rule: str, faults: list[str]) -> None:
        self.faults.setdefault(rule, []).extend(f"{self.states[-1]}: {fault}" for fault in faults)


@dataclass(frozen=True)
class Observer:
    """Looks at each state of one walk."""

    visit: Visit
    world: World
    scripts: bool
    seen: Seen

    def look(self, state: str) -> None:
        self.seen.states.append(state)
        tree = Tree(self.visit.page)
        self.seen.said[state] = lasting(self.visit.page.content() + tree.dump())
        if self.scripts:
            return
        if self.visit.screen in AXE_SCREENS:
            self.seen.note(AXE, axe.faults(self.visit.page))
        self.seen.note(NAMES, tree.faults(self.visit.watch.status))
        for rule, faults in layout.faults(self.visit.page).items():
            self.seen.note(layout.RULES[rule], faults)
        photograph(self.visit, self.world.folder, state)
        dump = self.world.folder / "trees" / f"{file_name(state)}.txt"
        dump.write_text(tree.dump() + "\n", encoding="utf-8")
        # Last: it takes the focus from where the page has put it.
        self.seen.note(FOCUS, focus.faults(self.visit.page))


@cache
def seen(world: World, screen: Screen, *, scripts: bool) -> Seen:
    """One walk for all tests that ask for it."""
    with world.visit(screen, scripts=scripts, newly_built=True) as visit:
        observer = Observer(visit, world, scripts, Seen())
        walk(visit, observer.look)
    return observer.seen


def lasting(text: str) -> str:
    """Without tokens, ids and times."""
    text = re.sub(r"[\w-]{43}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ \w+ \d{4}, \d\d:\d\d \w+", "…", text)
    return re.sub(r"\d+ (seconds|minutes)", "…", text)


def keeps(rule: str, screen: Screen) -> Callable[[World], None]:
    def run(world: World) -> None:
        walked = seen(world, screen, scripts=False)
        assert walked.states == STATES
        assert not walked.faults[rule], "\n".join(walked.faults[rule])

    return run


def differs_in_nothing(world: World) -> None:
    without, with_scripts = (seen(world, PHONE, scripts=scripts) for scripts in (False, True))
    for state in STATES:
        assert with_scripts.said[state] == without.said[state], state


for screen in SCREENS:
    for rule in [*layout.RULES.values(), NAMES, FOCUS]:
        TESTS.append(Test(f"states::{rule} ({screen})", keeps(rule, screen)))
for screen in AXE_SCREENS:
    TESTS.append(Test(f"states::{AXE} ({screen})", keeps(AXE, screen)))
TESTS.append(Test(f"states::a browser that runs scripts shows and says the same ({PHONE})", differs_in_nothing))
