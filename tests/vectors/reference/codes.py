"""Doorcodes: tags, daily and single-use codes, the guessing bound, the keypad's bucket."""

from dataclasses import dataclass

from .primitives import hkdf, hmac, u8, u64

DAILY, SINGLE_USE = 1, 2
DAILY_CODES_LIVE = 20
TRIES_OF_A_LIFE = 10_955
ODDS = 100
BUCKET = 5
REFILL_MS = 48 * 60 * 1000


def tag(pepper: bytes, lock_id: bytes, digits: str) -> bytes:
    return hmac(pepper, b"keyway/1 code tag" + lock_id + bytes(int(digit) for digit in digits))[:16]


def dated_code(day_key: bytes, lock_id: bytes, kind: int, slot: int, day: int, length: int) -> str:
    """The slot's code of one day, `length` digits with the slot's own in front."""
    key = hkdf(day_key, b"keyway/1 daily code" + lock_id + u8(kind) + u8(slot))
    mac = hmac(key, u64(day))
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4]) & 0x7FFF_FFFF
    return f"{slot}{number % 10 ** (length - 1):0{length - 1}}"


def within_guessing_bound(live: int, length: int) -> bool:
    return live * TRIES_OF_A_LIFE * ODDS <= 10**length


def most_live(length: int) -> int:
    return 10**length // (TRIES_OF_A_LIFE * ODDS)


def table_is_safe(lengths: list[int], daily_length: int) -> bool:
    """`lengths` has the length of each live synced code; `daily_length` is 0 when there are no daily codes."""
    live = {length: lengths.count(length) for length in set(lengths)}
    if daily_length:
        live[daily_length] = live.get(daily_length, 0) + DAILY_CODES_LIVE
    return all(within_guessing_bound(count, length) for length, count in live.items())


@dataclass
class Bucket:
    """Five tries, one more for every 48 minutes of uptime that it was not full."""

    tries: int = BUCKET
    counted_from: int = 0

    def refill(self, uptime_ms: int) -> None:
        while self.tries < BUCKET and uptime_ms - self.counted_from >= REFILL_MS:
            self.tries += 1
            self.counted_from += REFILL_MS
        if self.tries == BUCKET:
            self.counted_from = uptime_ms

    def spend(self, uptime_ms: int) -> bool:
        self.refill(uptime_ms)
        if self.tries == 0:
            return False
        self.tries -= 1
        return True

    def give_back(self) -> None:
        self.tries = min(self.tries + 1, BUCKET)
