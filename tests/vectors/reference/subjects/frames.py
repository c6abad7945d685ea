"""Frames: cutting, putting together, acknowledging, repeating, and what ends a link."""

from .. import frames
from ..frames import Acknowledgement, Frame, Part, Receiver, Sender
from ..generator import Generator
from ..primitives import require, sha256

SIZES = (20, 512)


def counting(length: int) -> bytes:
    """Byte i is i modulo 251: long messages need not be spelled out."""
    return bytes(i % 251 for i in range(length))


def encoded(parts: list[Part]) -> list[bytes]:
    return [Frame(part).encode() for part in parts]


def _cut(generator: Generator) -> list[dict]:
    lengths = {20: (1, 17, 18, 19, 36, 37, 120), 512: (1, 509, 510, 511)}
    cases = []
    for size in SIZES:
        for length in lengths[size]:
            message = generator.octets(length)
            parts = frames.cut(message, size)
            cases.append({"frame_size": size, "message": message, "frames": encoded(parts)})
    return cases


def _long(_: Generator) -> list[dict]:
    cases = []
    for size in SIZES:
        for length in (3_000, frames.LONGEST_MESSAGE):
            data = encoded(frames.cut(counting(length), size))
            cases.append(
                {"frame_size": size, "counting": length, "count": len(data), "frames_sha256": sha256(b"".join(data))}
            )
    return cases


def _reassembly(generator: Generator) -> list[dict]:
    cases = []
    for size, lengths in ((20, (5, 180)), (20, (40, 1, 18, 90)), (20, (150,)), (100, (500, 300))):
        parts, messages = [], [generator.octets(length) for length in lengths]
        for message in messages:
            parts += frames.cut(message, size, len(parts))
        receiver, steps, got = Receiver(), [], []
        for part in _mixed(generator, parts):
            completed = receiver.take(part)
            got += completed
            ack = Frame(acknowledgement=receiver.acknowledge()).encode() if receiver.at_once else None
            steps.append({"frame": Frame(part).encode(), "completes": len(completed), "acknowledgement": ack})
        require(got == messages, "the receiver puts together something else")
        waits = receiver.unacknowledged > 0
        later = Frame(acknowledgement=receiver.acknowledge()).encode() if waits else None
        cases.append({"frame_size": size, "messages": messages, "steps": steps, "after_30_ms": later})
    return cases


def _mixed(generator: Generator, parts: list[Part]) -> list[Part]:
    """In blocks that fit the window: some in order, some not, some twice."""
    received, rest = [], list(parts)
    while rest:
        size = generator.integer(1, 12)
        block, rest = rest[:size], rest[size:]
        if generator.integer(0, 2):
            block = generator.shuffled(block + block[: generator.integer(0, 2)])
        received += block
    return received


def _acknowledgements(generator: Generator) -> list[dict]:
    given = [(0, 0b1), (16, 0), (3, 0), (0, 0b101_0000), (5, 0b11), (1, 0x3FFF), (15, 0), (8, 0b1000_0001)]
    given += [(generator.integer(0, 12), generator.integer(0, 7)) for _ in range(4)]
    cases = []
    for expected, bitmap in given:
        sender = Sender(frames.cut(counting(18 * 40), 20))
        first = sender.fill()
        # Nothing but frames that were sent can have arrived.
        bitmap &= (1 << max(len(first) - expected - 1, 0)) - 1
        ack = Acknowledgement(expected, bitmap)
        then = [part.sequence for part in sender.acknowledged(ack)]
        cases.append(
            {
                "counting": 18 * 40,
                "frame_size": 20,
                "sent": len(first),
                "acknowledgement": Frame(acknowledgement=ack).encode(),
                "then": then,
            }
        )
    return cases


def _resend(_: Generator) -> list[dict]:
    trips = ([], [80], [80, 160], [80, 160, 170], [8], [45], [46], [270], [271], [500], [80, 80, 80, 80])
    cases = [{"round_trips": list(t), "repeats": 0, "after_ms": frames.resend_after_ms(list(t))} for t in trips]
    for repeats in (1, 2, 3):
        for t in ([], [8], [80]):
            cases.append({"round_trips": t, "repeats": repeats, "after_ms": frames.resend_after_ms(t, repeats)})
    return cases


def _malformed(_: Generator) -> list[dict]:
    whole = Frame(Part(0, True, True, b"x")).encode()
    begun = Frame(Part(0, True, False, b"x")).encode()
    over = encoded(frames.cut(counting(frames.LONGEST_MESSAGE), 512))
    over[-1] = over[-1][:1].replace(b"\x90", b"\x80") + over[-1][1:]
    cases = [
        ("empty", [b""]),
        ("neither data nor acknowledgement", [b"\x00"]),
        ("neither, but first and last", [b"\x30\x00x"]),
        ("a flag that is zero", [b"\xb1\x00x"]),
        ("another flag that is zero", [b"\xb8\x00x"]),
        ("data without sequence", [b"\xb0"]),
        ("data without part", [b"\xb0\x00"]),
        ("data and acknowledgement without part", [b"\xf0\x00\x00\x00\x00"]),
        ("acknowledgement too short", [b"\x40\x00\x00"]),
        ("bit 15 of a bitmap", [b"\x40\x00\x80\x00"]),
        ("bit 15 of a bitmap, with a part", [b"\xf0\x00\x00\x80\x00x"]),
        ("acknowledgement with a part", [b"\x40\x00\x00\x00x"]),
        ("first without data", [b"\x60\x00\x00\x00"]),
        ("last without data", [b"\x50\x00\x00\x00"]),
        ("continues no message", [b"\x80\x00x"]),
        ("ends no message", [b"\x90\x00x"]),
        ("begins inside a message", [begun, b"\xa0\x01x"]),
        ("a whole message inside a message", [begun, b"\xb0\x01x"]),
        ("continues after the end", [whole, b"\x90\x01x"]),
    ]
    for why, data in [*cases, ("message over the limit", [*over, b"\x90\x21x"])]:
        require(frames.ends_link(data), f"{why}: the reference goes on")
    over_limit = {"why": "message over the limit", "counting": frames.LONGEST_MESSAGE, "then": b"\x90\x21x"}
    return [{"why": why, "frames": data} for why, data in cases] + [over_limit]


def vectors(generator: Generator) -> dict:
    return {
        "cut": _cut(generator),
        "cut_long": _long(generator),
        "reassembly": _reassembly(generator),
        "acknowledgements": _acknowledgements(generator),
        "resend": _resend(generator),
        "malformed": _malformed(generator),
    }
