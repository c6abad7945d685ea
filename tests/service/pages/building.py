"""Served buildings, and phones that sign in to them: processes of `keyway-building`."""

import json
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A phone's command ends within this many seconds.
COMMAND = 30
# The exit code of a phone whose session the service has ended (bindings/cli/README.md).
SESSION_ENDED = 13

type_of_json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    email: str
    password: str


class Building:
    """One served building: its service, its locks and its mail."""

    def __init__(self, program: Path, stage: str) -> None:
        given = ask(f"{stage}/buildings", "POST")
        self._address = f"{stage}/buildings/{given['number']}"
        self._program = program
        self._description: type_of_json = given["building"]
        self._people: type_of_json = given["people"]
        # Who may sign in and did not yet.
        self._strangers = [role for role in self._people if role != "inactive"]

    @property
    def origin(self) -> str:
        return self._description["service"]["origin"]

    @property
    def authority(self) -> str:
        """The certificate authority, PEM."""
        return self._description["service"]["caPem"]

    def person(self, role: str) -> Person:
        """Somebody by name; whoever asks has the building alone."""
        self._strangers.clear()
        return Person(**self._people[role])

    @property
    def has_strangers(self) -> bool:
        return bool(self._strangers)

    def stranger(self) -> Person:
        """Somebody whom no test has met; each can do on the pages what the others can."""
        return Person(**self._people[self._strangers.pop()])

    def mailed_link(self, person: Person) -> str:
        """The link in the newest mail; waits for one that was not looked at yet."""
        mailbox = ask(f"{self._address}/changes", "POST", {"change": "mail", "value": person.email})
        link = mailbox["found"]
        assert link, f"no mail for {person.email}"
        return link

    @contextmanager
    def phones(self) -> Iterator["Phones"]:
        with tempfile.TemporaryDirectory(prefix="keyway-pages-") as folder:
            phones = Phones(self._program, Path(folder), self._description)
            try:
                yield phones
            finally:
                phones.end()

    def close(self) -> None:
        ask(self._address, "DELETE")


class Phones:
    """The phones that residents use beside the browser, each a terminal shell of its own."""

    def __init__(self, program: Path, folder: Path, description: type_of_json) -> None:
        self._folder = folder
        self._file = folder / "building.json"
        self._file.write_text(json.dumps(description), encoding="utf-8")
        self._program = program
        self._borrowed: list[subprocess.Popen[str]] = []

    def own(self, name: str, person: Person) -> Callable[[], int]:
        """Signs in on an own phone. What comes back asks the service with it, and gives the exit code."""
        home = ["--home", str(self._folder / name), "--development-keychain"]

        def run(line: list[str], typed: str) -> int:
            command = self._line(home + line)
            return subprocess.run(command, input=typed, text=True, capture_output=True, timeout=COMMAND).returncode

        signed_in = run(["sign-in", "--email", person.email, "--password-stdin"], person.password + "\n")
        assert signed_in == 0, f"the phone ends with {signed_in}"
        return lambda: run(["sessions"], "")

    def borrowed(self, name: str, person: Person) -> None:
        """Signs in on somebody else's phone; its session lives as long as its process."""
        line = ["--home", str(self._folder / name), "sign-in", "--borrowed", "--email", person.email, "--password-stdin"]
        phone = subprocess.Popen(self._line(line), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._borrowed.append(phone)
        assert phone.stdin and phone.stdout
        phone.stdin.write(person.password + "\n")
        phone.stdin.flush()
        event = json.loads(phone.stdout.readline())
        assert event["event"] == "signed_in", event

    def end(self) -> None:
        for phone in self._borrowed:
            phone.communicate(timeout=COMMAND)

    def _line(self, rest: list[str]) -> list[str]:
        return [str(self._program), "keyway", "--building", str(self._file), "--json", "--color", "never", *rest]


@contextmanager
def stage(program: Path) -> Iterator[Callable[[], Building]]:
    """Opens buildings; all of them end with it."""
    process = subprocess.Popen([program, "stage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        address = json.loads(process.stdout.readline())["stage"]
        yield lambda: Building(program, address)
    finally:
        process.stdin.close()
        process.wait(timeout=COMMAND)


def ask(url: str, method: str, body: object = None) -> type_of_json:
    """One request of the stage; a refusal says why."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=COMMAND) as answer:
            text = answer.read()
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{method} {url}: {refused.read().decode()}") from refused
    return json.loads(text) if text else {}
