"""Tests by name: each runs, says how it went in one line, and is counted."""

import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

from .browser import DESK, PHONE, Screen, Visit
from .world import World


@dataclass(frozen=True)
class Test:
    name: str
    run: Callable[[World], None]


class Outcome(NamedTuple):
    passed: int
    failed: int


# Every test, in the order in which it was declared.
TESTS: list[Test] = []


def test(*screens: Screen, scripts: bool = False) -> Callable[[Callable[[Visit], None]], Callable[[Visit], None]]:
    """Declares a test that visits the pages once on each of `screens`: a small phone and a desk if none is named."""

    def declare(body: Callable[[Visit], None]) -> Callable[[Visit], None]:
        for screen in screens or (PHONE, DESK):

            def run(world: World, screen: Screen = screen) -> None:
                with world.visit(screen, scripts=scripts) as visit:
                    body(visit)

            TESTS.append(Test(f"{body.__module__.rpartition('.')[2]}::{body.__name__} ({screen})", run))
        return body

    return declare


def names(modules: Iterable[ModuleType], wanted: str) -> list[str]:
    """The names of the tests in these modules that have `wanted` in them."""
    own = {module.__name__.rpartition(".")[2] for module in modules}
    return [test.name for test in TESTS if test.name.partition("::")[0] in own and wanted in test.name]


def run(world: World, names: list[str]) -> Outcome:
    chosen = [test for test in TESTS if test.name in names]
    passed = sum(passes(test, world) for test in chosen)
    return Outcome(passed, len(chosen) - passed)


def passes(one: Test, world: World) -> bool:
    world.test = one.name
    begun = time.monotonic()
    try:
        one.run(world)
    except Exception:
        print(f"test {one.name} ... FAILED\n{traceback.format_exc()}", flush=True)
        return False
    print(f"test {one.name} ... ok ({time.monotonic() - begun:.1f} s)", flush=True)
    return True
