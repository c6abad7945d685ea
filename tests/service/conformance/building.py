"""A served building: real processes over HTTPS, its mail, and what its locks signed."""

import json
import re
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import Condition, Thread
from typing import Self

import cbor2
import requests

STARTS_WITHIN = 60
MAIL_WITHIN = 15
SYNC_WITHIN = 60


@dataclass(frozen=True)
class Account:
    email: str
    password: str


@dataclass(frozen=True)
class Carried:
    """What a phone carried from a lock: its newest receipt, and its log as one segment."""

    door: str
    receipt: bytes
    log: bytes


class Building:
    """Elm Court, served by `keyway-building` for as long as this lives."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._said: list[str] = []
        self._more = Condition()
        self._process = subprocess.Popen(
            [program, "serve", "--dir", folder], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        self.wait_for(lambda text: re.search("Ctrl-C ends it", text), STARTS_WITHIN)
        description = json.loads(self._file.read_text(encoding="utf-8"))
        self.origin: str = description["service"]["origin"]
        self._authority = self._folder / "authority.pem"
        self._authority.write_text(description["service"]["caPem"], encoding="utf-8")
        accounts = [Account(one["email"], one["password"]) for one in description["accounts"]]
        self.resident, self.partner, self.guest, _inactive, self.staff = accounts
        self._lock_of = {lock["doorUuid"]: bytes.fromhex(lock["lockId"]) for lock in description["locks"]}
        self.doors: list[str] = list(self._lock_of)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(STARTS_WITHIN)

    @property
    def _file(self) -> Path:
        return self._folder / "building.json"

    def connection(self) -> requests.Session:
        """Trusts this building alone, whatever the environment says, and keeps no cookies by itself."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self._authority)
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._more:
                self._said.append(line)
                self._more.notify_all()

    def wait_for(self, find: Callable[[str], re.Match[str] | None], seconds: float, start: int = 0) -> re.Match[str]:
        """The first match in what the building says from line `start` on."""
        until = time.monotonic() + seconds
        with self._more:
            while not (match := find("".join(self._said[start:]))):
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the building did not say it in time")
                self._more.wait(left)
        return match

    def mailed(self, address: str, pattern: str, cause: Callable[[], object]) -> str:
        """What `pattern` finds in the mail that `cause` has sent to `address`."""
        start = len(self._said)
        cause()
        mail = rf"mail for {re.escape(address)}:(?:.*\n  \|)*?.*?{pattern}"
        return self.wait_for(lambda text: re.search(mail, text), MAIL_WITHIN, start)[1]

    def sync_all(self, account: Account) -> None:
        """A phone with the real core signs in and carries everything between the service and the locks."""
        line: list[str | Path] = [self._program, "keyway", "--home", self._folder / "phone", "--building", self._file]
        line += ["--development-keychain"]
        signs_in = [*line, "sign-in", "--email", account.email, "--password-stdin"]
        for order, said in ((signs_in, account.password), ([*line, "sync", "--all"], "")):
            subprocess.run(order, input=said, text=True, check=True, capture_output=True, timeout=SYNC_WITHIN)

    def carried(self, door: str) -> Carried:
        """What the service keeps of `door`, as it came; the segment is made of its entries again."""
        rows = sqlite3.connect(f"file:{self._folder}/service/service.db?mode=ro", uri=True)
        key = uuid.UUID(door).bytes
        newest = "SELECT sealed FROM receipts WHERE door_id = ? ORDER BY counter DESC LIMIT 1"
        (receipt,) = rows.execute(newest, [key]).fetchone()
        every = "SELECT sealed FROM log_entries WHERE door_id = ? ORDER BY number"
        entries = [sealed for (sealed,) in rows.execute(every, [key])]
        rows.close()
        return Carried(door, receipt, cbor2.dumps(segment(self._lock_of[door], entries)))


def segment(lock_id: bytes, entries: list[bytes]) -> dict[int, object]:
    """PROTOCOL.md, the log: the lock, the first entry's index, the head before it, the sealed entries."""
    return {0: lock_id, 1: 0, 2: bytes(32), 3: entries}
