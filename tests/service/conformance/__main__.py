"""`python -m conformance KEYWAY-BUILDING`: every operation of openapi.json, tried at a served building by everybody who may ask."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from schemathesis import APIOperation

from .building import Building
from .cases import Tally, Trial, operations, secured_by
from .known import Known
from .who import Browser, Nobody, Person

DOCUMENT = Path("openapi.json")
# What ends sessions comes after what needs one, and what locks an account out for wrong passwords comes last.
LAST = [
    "endSession",
    "endSessionByTicket",
    "revokeToken",
    "endEverySession",
    "submitEnd",
    "submitSignOut",
    "resetPage",
    "submitReset",
    "token",
    "submitSignIn",
    "authorizeChallenge",
    "changePassword",
]
FAULTS_SHOWN = 3


def name_of(operation: APIOperation) -> str:
    return operation.definition.raw["operationId"]


def in_order(all_operations: list[APIOperation]) -> list[APIOperation]:
    return sorted(all_operations, key=lambda one: LAST.index(name_of(one)) + 1 if name_of(one) in LAST else 0)


class Everybody:
    def __init__(self, building: Building) -> None:
        self._nobody = Nobody(building)
        self._browser = Browser(building, building.partner)
        self._people = [
            Person("resident", building, building.resident),
            Person("guest", building, building.guest),
            Person("staff", building, building.staff),
        ]

    def who_may_try(self, operation: APIOperation) -> Iterator[Nobody]:
        needs = secured_by(operation)
        yield self._nobody
        if "webSession" in needs:
            yield self._browser
        if "accessToken" in needs:
            yield from self._people


def row(operation: str, who: str, tally: Tally) -> str:
    others = " ".join(f"{status}:{times}" for status, times in sorted(tally.answered.items()) if status >= 400)
    return f"{operation:24} {who:9} {tally.cases:5} {tally.as_asked:8}  {others}{'  FAULTY' if tally.faults else ''}"


def try_out(building: Building, operation: APIOperation, known: Known, everybody: Everybody) -> bool:
    name = name_of(operation)
    tallies = []
    for who in everybody.who_may_try(operation):
        tally = Trial(building, known, operation, who).run()
        tallies.append(tally)
        print(row(name, who.name, tally), flush=True)
        for fault in tally.faults[:FAULTS_SHOWN]:
            print(fault)
    verdicts = [not tally.faults for tally in tallies]
    if not any(tally.as_asked for tally in tallies):
        print(f"nobody was answered as asked by {name}")
        verdicts = [False]
    word = "ok" if all(verdicts) else "FAILED"
    print(f"test result: {word}. {verdicts.count(True)} passed; {verdicts.count(False)} failed")
    return all(verdicts)


def main() -> int:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("program", type=Path, metavar="KEYWAY-BUILDING")
    parser.add_argument("--only", metavar="OPERATION", help="one operation, by its operationId")
    arguments = parser.parse_args()
    begun = time.monotonic()
    all_operations = in_order(operations(json.loads(DOCUMENT.read_text(encoding="utf-8"))))
    chosen = [one for one in all_operations if arguments.only in (None, name_of(one))]
    program = arguments.program.resolve()
    with TemporaryDirectory(prefix="keyway-contract-") as folder, Building(program, Path(folder)) as building:
        building.sync_all(building.resident)
        known = Known(building)
        everybody = Everybody(building)
        print(f"{'operation':24} {'who':9} cases as asked  others")
        outcomes = [try_out(building, one, known, everybody) for one in chosen]
    print(f"{sum(outcomes)} of {len(outcomes)} operations keep the contract, {time.monotonic() - begun:.0f} s")
    return 0 if outcomes and all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
