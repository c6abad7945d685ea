"""`python -m pages [--building PROGRAM] [--folder FOLDER] [PART OF A NAME]`."""

import argparse
import faulthandler
import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from . import controls, gallery, keyboard, reset, runner, sessions, states
from .building import stage
from .runner import Outcome
from .world import World

# Longer than this, and something hangs: where is printed.
LONGEST_RUN = 170
# Played at the same time; the walks through all states take as long as everything else.
PARTS = ((states,), (controls, reset, sessions, keyboard))


def target() -> Path:
    root = Path(__file__).resolve().parents[3]
    return Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))


def play(building: Path, folder: Path, names: list[str]) -> Outcome:
    """Runs the tests of these names in a process of their own."""
    faulthandler.dump_traceback_later(LONGEST_RUN, exit=True)
    with (
        stage(building) as open_building,
        sync_playwright() as playwright,
        closing(World(playwright, open_building, folder)) as world,
    ):
        return runner.run(world, names)


def main() -> int:
    parser = argparse.ArgumentParser(prog="pages", description=__doc__)
    parser.add_argument("--building", type=Path, default=target() / "debug/keyway-building", metavar="PROGRAM")
    parser.add_argument("--folder", type=Path, default=target() / "pages", help="where the pictures go")
    parser.add_argument("wanted", nargs="?", default="", help="runs the tests that have this in their name")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    for part in ("failed", "trees"):
        (arguments.folder / part).mkdir(parents=True)
    begun = time.monotonic()
    parts = [names for part in PARTS if (names := runner.names(part, arguments.wanted))]
    with ProcessPoolExecutor(max_workers=len(PARTS)) as processes:
        outcomes = list(processes.map(partial(play, arguments.building, arguments.folder), parts))
    gallery.hang(arguments.folder)
    passed, failed = (sum(counts) for counts in zip((0, 0), *outcomes, strict=True))
    verdict = "ok" if passed and not failed else "FAILED"
    took = time.monotonic() - begun
    print(f"test result: {verdict}. {passed} passed; {failed} failed; finished in {took:.2f}s")
    return 0 if verdict == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
