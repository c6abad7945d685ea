"""Bytes and choices that look random and are the same on every run."""

from .primitives import ORDER, sha256, u64


class Generator:
    def __init__(self, seed: str):
        self.seed = seed.encode()
        self.counter = 0
        self.spare = b""

    def octets(self, length: int) -> bytes:
        while len(self.spare) < length:
            self.spare += sha256(self.seed + u64(self.counter))
            self.counter += 1
        taken, self.spare = self.spare[:length], self.spare[length:]
        return taken

    def integer(self, least: int, most: int) -> int:
        return least + int.from_bytes(self.octets(12)) % (most - least + 1)

    def one_of(self, items: list) -> object:
        return items[self.integer(0, len(items) - 1)]

    def shuffled(self, items: list) -> list:
        rest, mixed = list(items), []
        while rest:
            mixed.append(rest.pop(self.integer(0, len(rest) - 1)))
        return mixed

    def signing_key(self) -> bytes:
        """A private key of P-256."""
        while not 0 < int.from_bytes(candidate := self.octets(32)) < ORDER:
            pass
        return candidate
