"""The hint, the advertisement, and the hello with its mask."""

from dataclasses import dataclass

from .primitives import (
    Reader,
    chacha20_stream,
    exclusive_or,
    hmac,
    require,
    sha256,
    sign,
    u8,
    u32,
    u64,
    verify,
)

VERSION = 1
SUITE = 1
LENGTH = 152
CLEAR_LENGTH = 27
SIGNATURE_AT = 88
UNBOUNDED = 2**32 - 1


def hint(hint_key: bytes, random: bytes) -> bytes:
    return random + hmac(hint_key, b"keyway/1 hint" + random)[:5]


def hint_matches(hint_key: bytes, seen: bytes) -> bool:
    return hint(hint_key, seen[:4]) == seen


def service_data(seen: bytes) -> bytes:
    """What the advertisement carries under the service's UUID."""
    return u8(VERSION) + seen


@dataclass(frozen=True)
class Hello:
    challenge: bytes
    hint: bytes
    one_time_key: bytes
    root_version: int
    key_epoch: int
    crit_seq: int
    bulk_seq: int
    clock_quality: int
    clock_width: int
    version: int = VERSION
    suite: int = SUITE

    def clear(self) -> bytes:
        return u8(self.version) + u8(self.suite) + self.challenge + self.hint

    def fields(self) -> bytes:
        return b"".join(
            (
                self.one_time_key,
                u32(self.root_version),
                u32(self.key_epoch),
                u64(self.crit_seq),
                u64(self.bulk_seq),
                u8(self.clock_quality),
                u32(self.clock_width),
            )
        )

    def to_sign(self, lock_id: bytes) -> bytes:
        return b"keyway/1 hello" + lock_id + self.clear() + self.fields()

    def encode(self, lock_id: bytes, identity_private: bytes, hint_key: bytes) -> bytes:
        signature = sign(identity_private, self.to_sign(lock_id))
        return mask(self.clear() + self.fields() + signature, hint_key)


def mask(hello: bytes, hint_key: bytes) -> bytes:
    """Masks or unmasks all after the clear part; doing it twice gives the hello back."""
    challenge = hello[2:18]
    key = hmac(hint_key, b"keyway/1 mask" + challenge)
    stream = chacha20_stream(key, LENGTH - CLEAR_LENGTH)
    return hello[:CLEAR_LENGTH] + exclusive_or(hello[CLEAR_LENGTH:], stream)


def hello_hash(hello: bytes) -> bytes:
    return sha256(hello)


@dataclass(frozen=True)
class Known:
    """What a phone takes from the lock's descriptor to read a hello."""

    lock_id: bytes
    identity: bytes
    suite: int
    hint_key: bytes


def read(hello: bytes, known: Known) -> Hello:
    """The phone's checks, in the order of the text."""
    require(len(hello) == LENGTH, "length")
    require(hello[0] == VERSION, "version")
    require(hello[1] == known.suite, "suite")
    require(hint_matches(known.hint_key, hello[18:27]), "hint")
    unmasked = mask(hello, known.hint_key)
    signed = b"keyway/1 hello" + known.lock_id + unmasked[:SIGNATURE_AT]
    verify(known.identity, signed, unmasked[SIGNATURE_AT:])
    return _fields(unmasked)


def _fields(unmasked: bytes) -> Hello:
    reader = Reader(unmasked)
    version, suite = reader.number(1), reader.number(1)
    challenge, seen_hint = reader.take(16), reader.take(9)
    one_time_key = reader.take(32)
    root_version, key_epoch = reader.number(4), reader.number(4)
    crit_seq, bulk_seq = reader.number(8), reader.number(8)
    quality, width = reader.one_of((0, 1, 2), "clock quality"), reader.number(4)
    return Hello(
        challenge, seen_hint, one_time_key, root_version, key_epoch, crit_seq, bulk_seq, quality, width, version, suite
    )


def fragments(hello: bytes, serial: int, frame_size: int) -> list[bytes]:
    """As notified: `serial ‖ index ‖ bytes`, each but the last filling a frame."""
    room = frame_size - 2
    pieces = [hello[at : at + room] for at in range(0, len(hello), room)]
    last = len(pieces) - 1
    return [u8(serial) + u8(i | (0x80 if i == last else 0)) + piece for i, piece in enumerate(pieces)]
