"""Hints, advertisements, hellos, and hellos that a phone must not believe."""

from dataclasses import replace

from .. import hello
from ..edits import edits
from ..faults import refuses
from ..generator import Generator
from ..hello import Hello, Known
from ..primitives import exclusive_or, high_form, public_key, require, sign, x25519_public


def _hints(generator: Generator) -> list[dict]:
    cases = []
    for _ in range(8):
        key, random = generator.octets(32), generator.octets(4)
        seen = hello.hint(key, random)
        cases.append({"hint_key": key, "random": random, "hint": seen, "service_data": hello.service_data(seen)})
    return cases


def _foreign(generator: Generator) -> list[dict]:
    """Service data that says nothing to the holder of this hint key."""
    key = generator.octets(32)
    seen = hello.hint(key, generator.octets(4))
    spoiled = seen[:-1] + bytes([seen[-1] ^ 1])
    cases = [
        ("another key", hello.service_data(hello.hint(generator.octets(32), generator.octets(4)))),
        ("one bit", hello.service_data(spoiled)),
        ("another version", b"\x02" + seen),
        ("too short", hello.service_data(seen)[:-1]),
        ("too long", hello.service_data(seen) + b"\x00"),
        ("empty", b""),
    ]
    return [{"why": why, "hint_key": key, "service_data": data} for why, data in cases]


class Lock:
    """What a hello needs of a lock."""

    def __init__(self, generator: Generator):
        self.lock_id = generator.octets(16)
        self.identity = generator.signing_key()
        self.hint_key = generator.octets(32)

    def says(self, generator: Generator) -> tuple[Hello, bytes]:
        one_time = generator.octets(32)
        said = Hello(
            challenge=generator.octets(16),
            hint=hello.hint(self.hint_key, generator.octets(4)),
            one_time_key=x25519_public(one_time),
            root_version=generator.integer(1, 2**32 - 1),
            key_epoch=generator.integer(0, 1024),
            crit_seq=generator.integer(0, 2**64 - 1),
            bulk_seq=generator.integer(0, 300),
            clock_quality=generator.integer(0, 2),
            clock_width=generator.one_of([0, 2, 61, 86_400, hello.UNBOUNDED]),
        )
        return said, one_time

    def known(self, suite: int = hello.SUITE) -> Known:
        return Known(self.lock_id, public_key(self.identity), suite, self.hint_key)


def described(known: Known) -> dict:
    return {
        "lock_id": known.lock_id,
        "identity": known.identity,
        "suite": known.suite,
        "hint_key": known.hint_key,
    }


def _hellos(generator: Generator) -> list[dict]:
    cases = []
    for index in range(8):
        lock = Lock(generator)
        said, one_time = lock.says(generator)
        sent = said.encode(lock.lock_id, lock.identity, lock.hint_key)
        require(hello.read(sent, lock.known()) == said, "a hello reads as something else")
        case = {
            "known": described(lock.known()),
            "identity_private": lock.identity,
            "one_time_private": one_time,
            "challenge": said.challenge,
            "hint": said.hint,
            "root_version": said.root_version,
            "key_epoch": said.key_epoch,
            "crit_seq": said.crit_seq,
            "bulk_seq": said.bulk_seq,
            "clock_quality": said.clock_quality,
            "clock_width": said.clock_width,
            "hello": sent,
            "hello_hash": hello.hello_hash(sent),
        }
        if index < 2:
            sizes = (20, 512)
            case["fragments"] = [[size, index + 1, hello.fragments(sent, index + 1, size)] for size in sizes]
        cases.append(case)
    return cases


def _refused(generator: Generator) -> dict:
    lock, other = Lock(generator), Lock(generator)
    said, _ = lock.says(generator)
    known = lock.known()
    sent = said.encode(lock.lock_id, lock.identity, lock.hint_key)

    def encoded(changed: Hello, by: Lock = lock) -> bytes:
        return changed.encode(by.lock_id, by.identity, by.hint_key)

    def flipped(at: int) -> bytes:
        return exclusive_or(sent, bytes(1 if i == at else 0 for i in range(len(sent))))

    unmasked = hello.mask(sent, lock.hint_key)
    high = hello.mask(unmasked[:88] + high_form(unmasked[88:]), lock.hint_key)
    unlabelled = sign(lock.identity, lock.lock_id + said.clear() + said.fields())
    without_label = hello.mask(unmasked[:88] + unlabelled, lock.hint_key)
    cases = [
        ("version", "version 2", encoded(replace(said, version=2)), known),
        ("suite", "suite 2", encoded(replace(said, suite=2)), known),
        ("suite", "the descriptor pins another suite", sent, lock.known(suite=2)),
        ("hint", "another lock's descriptor", sent, other.known()),
        ("hint", "hint of another key", encoded(replace(said, hint=hello.hint(other.hint_key, b"1234"))), known),
        ("hint", "one bit of the hint", flipped(20), known),
        ("signature", "one bit of the challenge", flipped(5), known),
        ("signature", "one bit of the one-time key", flipped(27), known),
        ("signature", "one bit of the clock's width", flipped(87), known),
        ("signature", "one bit of the signature", flipped(151), known),
        ("signature", "high form of the signature", high, known),
        ("signature", "signed without the label", without_label, known),
        ("signature", "not masked", unmasked, known),
        ("signature", "signed for another lock id", said.encode(other.lock_id, lock.identity, lock.hint_key), known),
        ("signature", "signed by another lock", said.encode(lock.lock_id, other.identity, lock.hint_key), known),
        ("fields", "clock quality 3", encoded(replace(said, clock_quality=3)), known),
        ("length", "a byte less", sent[:-1], known),
        ("length", "a byte more", sent + b"\x00", known),
        ("length", "the clear part only", sent[:27], known),
        ("length", "empty", b"", known),
    ]
    for _, why, data, under in cases:
        require(refuses(hello.read, data, under), f"{why}: the reference believes it")
    told = []
    for step, why, data, under in cases:
        case = {"step": step, "why": why, "edits": edits(sent, data)}
        told.append(case if under == known else case | {"known": described(under)})
    return {"known": described(known), "base": sent, "cases": told}


def vectors(generator: Generator) -> dict:
    return {
        "hints": _hints(generator),
        "foreign": _foreign(generator),
        "hellos": _hellos(generator),
        "refused": _refused(generator),
    }
