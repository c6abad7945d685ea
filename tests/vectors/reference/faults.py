"""What can be wrong with a document: with its CBOR, with its envelope, with what it says."""

from collections.abc import Callable

import cbor2

from . import documents
from .documents import Kind, protected_header, signed_bytes
from .form import encode
from .primitives import Refused, high_form, key_id, public_key, sign

Named = tuple[str, bytes]


def refuses(read: Callable, *arguments: object) -> bool:
    try:
        read(*arguments)
    except Refused:
        return True
    return False


# --- CBOR ---


def _head(count: int) -> bytes:
    """The head of a map of less than 24 entries."""
    return bytes([0xA0 + count])


def _longer_head(count: int) -> bytes:
    """The head of a map in two bytes where one is enough."""
    return bytes([0xB8, count])


def _map(pairs: list[tuple[bytes, bytes]], head: bytes | None = None) -> bytes:
    start = _head(len(pairs)) if head is None else head
    return start + b"".join(key + value for key, value in pairs)


def _pairs(payload: dict) -> list[tuple[bytes, bytes]]:
    return sorted((encode(key), encode(value)) for key, value in payload.items())


def with_reserved(payload: dict) -> list[Named]:
    """Additions that an old lock may ignore."""
    return [
        ("a reserved key", encode(payload | {-1: 0})),
        ("two reserved keys", encode(payload | {-1: b"later", -2: [1, {0: True}]})),
        ("a reserved key far below zero", encode(payload | {-300: None})),
        ("the lowest reserved key", encode(payload | {-(2**31): 0})),
        ("a reserved value not the shortest", _map([*_pairs(payload), (encode(-1), b"\x18\x00")])),
        ("a reserved value of indefinite length", _map([*_pairs(payload), (encode(-1), b"\x9f\x00\xff")])),
    ]


def of_map(payload: dict) -> list[Named]:
    """Faults that any document's outermost map can have."""
    pairs, whole = _pairs(payload), encode(payload)
    first, last = pairs[0], pairs[-1]
    below = (encode(-1), encode(0))
    further = (encode(-2), encode(0))
    return [
        ("empty", b""),
        ("cut off", whole[:-1]),
        ("a byte left over", whole + b"\x00"),
        ("an array instead of a map", encode([payload[key] for key in sorted(payload)])),
        ("a text instead of a map", encode("map")),
        ("map of indefinite length", b"\xbf" + b"".join(key + value for key, value in pairs) + b"\xff"),
        ("head of the map not the shortest", _map(pairs, _longer_head(len(pairs)))),
        ("keys swapped", _map([pairs[1], first, *pairs[2:]])),
        ("a key twice", _map([first, first, *pairs[1:]])),
        ("the first key missing", _map(pairs[1:])),
        ("the last key missing", _map(pairs[:-1])),
        ("a key that is not known", encode(payload | {99: 0})),
        ("a key that is not known, at the end", encode(payload | {70_000: 0})),
        ("a key that is a text", _map([*pairs, (encode("later"), encode(0))])),
        ("a key not the shortest", _map([(b"\x18" + first[0], first[1]), *pairs[1:]])),
        ("a value that is null", _map([(first[0], b"\xf6"), *pairs[1:]])),
        ("a value that is undefined", _map([(first[0], b"\xf7"), *pairs[1:]])),
        ("a value that is a text", _map([*pairs[:-1], (last[0], encode("text"))])),
        ("a reserved key before the others", _map([below, *pairs])),
        ("a reserved key twice", _map([*pairs, below, below])),
        ("reserved keys swapped", _map([*pairs, further, below])),
        ("a reserved key below the lowest", encode(payload | {-(2**31) - 1: 0})),
        ("a reserved value cut off", _map([*pairs, (encode(-1), b"\x82\x00")])),
        ("a reserved key not the shortest", _map([*pairs, (b"\x38\x00", encode(0))])),
        (
            "a reserved key, and the head of the map not the shortest",
            _map([*pairs, below], _longer_head(len(pairs) + 1)),
        ),
    ]


def of_integer(payload: dict, key: int) -> list[Named]:
    """Faults of one integer."""
    value = payload[key]
    longer = b"\x1b" + value.to_bytes(8) if value < 2**32 else b"\xc2\x48" + value.to_bytes(8)
    pairs = _pairs(payload)
    at = [name for name, _ in pairs].index(encode(key))

    def replaced(written: bytes) -> bytes:
        return _map([*pairs[:at], (pairs[at][0], written), *pairs[at + 1 :]])

    return [
        (f"key {key} not the shortest integer", replaced(longer)),
        (f"key {key} negative", encode(payload | {key: -1})),
        (f"key {key} a float", replaced(b"\xfa" + b"\x3f\x80\x00\x00")),
        (f"key {key} a tagged number", replaced(b"\xc1" + encode(value))),
        (f"key {key} over 64 bits", replaced(b"\xc2\x49\x01" + bytes(8))),
    ]


def over_32_bits(payload: dict, *keys: int) -> list[Named]:
    return [(f"key {key} over 32 bits", encode(payload | {key: 2**32})) for key in keys]


def of_octets(payload: dict, key: int) -> list[Named]:
    """Faults of one byte string."""
    value = payload[key]
    pairs = _pairs(payload)
    at = [name for name, _ in pairs].index(encode(key))
    pieces = b"\x5f" + encode(value[:1]) + encode(value[1:]) + b"\xff"
    head = b"\x59" + len(value).to_bytes(2)
    texts = b"".join((b"\x78" + bytes([len(value)]), b"a" * len(value)))
    return [
        (f"key {key} a byte short", encode(payload | {key: value[:-1]})),
        (f"key {key} a byte long", encode(payload | {key: value + b"\x00"})),
        *(
            (f"key {key} {what}", _map([*pairs[:at], (pairs[at][0], written), *pairs[at + 1 :]]))
            for what, written in (
                ("of indefinite length", pieces),
                ("with a length not the shortest", head + value),
                ("a text", texts),
            )
        ),
    ]


# --- envelope ---


def _envelope(protected: bytes, unprotected: object, payload: object, signature: bytes) -> bytes:
    return encode(cbor2.CBORTag(documents.COSE_SIGN1, [protected, unprotected, payload, signature]))


def of_envelope(kind: Kind, payload: bytes, private: bytes, other_private: bytes, other_label: bytes) -> list[Named]:
    """Faults around a good payload. `other_private` may not sign such a document."""
    named = key_id(public_key(private))
    protected = protected_header(named)
    good = documents.envelope(kind.label, payload, private)
    signature = sign(private, signed_bytes(kind.label, named, payload))

    def signed_under(header: bytes, label: bytes = kind.label) -> bytes:
        structure = encode(["Signature1", header, label, payload])
        return _envelope(header, {}, payload, sign(private, structure))

    forged = _envelope(protected, {}, payload, sign(other_private, signed_bytes(kind.label, named, payload)))
    return [
        ("envelope cut off", good[:-1]),
        ("a byte after the envelope", good + b"\x00"),
        ("not tagged", good[1:]),
        ("tag 17", b"\xd1" + good[1:]),
        ("tag not the shortest", b"\xd8\x12" + good[1:]),
        ("array of indefinite length", good[:1] + b"\x9f" + good[2:] + b"\xff"),
        ("an element too many", good[:1] + b"\x85" + good[2:] + b"\x00"),
        ("no signature", encode(cbor2.CBORTag(18, [protected, {}, payload]))),
        ("payload not present", _envelope(protected, {}, None, signature)),
        ("unprotected header not empty", _envelope(protected, {4: named}, payload, signature)),
        ("unprotected header a byte string", _envelope(protected, b"", payload, signature)),
        ("protected header not a byte string", _envelope({1: -7, 4: named}, {}, payload, signature)),
        ("protected header empty", signed_under(b"")),
        ("protected header without algorithm", signed_under(encode({4: named}))),
        ("protected header without key id", signed_under(encode({1: -7}))),
        ("protected header with more", signed_under(encode({1: -7, 3: 60, 4: named}))),
        ("protected header with a reserved key", signed_under(encode({1: -7, 4: named, -1: 0}))),
        ("protected header with keys swapped", signed_under(b"\xa2" + protected[3:] + protected[1:3])),
        ("another algorithm", signed_under(encode({1: -35, 4: named}))),
        ("key id of 7 bytes", signed_under(encode({1: -7, 4: named[:7]}))),
        ("key id of 9 bytes", signed_under(encode({1: -7, 4: named + b"\x00"}))),
        ("signed under another label", signed_under(protected, other_label)),
        ("signed without a label", signed_under(protected, b"")),
        ("signed by a key that may not", documents.envelope(kind.label, payload, other_private)),
        ("signed by another key than it names", forged),
        ("signature of 63 bytes", _envelope(protected, {}, payload, signature[:-1])),
        ("signature of 65 bytes", _envelope(protected, {}, payload, signature + b"\x00")),
        ("signature of zeros", _envelope(protected, {}, payload, bytes(64))),
        ("high form of the signature", _envelope(protected, {}, payload, high_form(signature))),
        ("payload changed", _envelope(protected, {}, payload[:-1] + bytes([payload[-1] ^ 1]), signature)),
    ]


def few_of_envelope(named: list[Named]) -> list[Named]:
    """What every kind of document is tried with; the rest is the same code for all."""
    wanted = (
        "not tagged",
        "payload not present",
        "another algorithm",
        "signed under another label",
        "signed by a key that may not",
        "high form of the signature",
    )
    return [(why, data) for why, data in named if why in wanted]


def few_of_map(named: list[Named]) -> list[Named]:
    wanted = (
        "a byte left over",
        "keys swapped",
        "the first key missing",
        "a key that is not known",
        "map of indefinite length",
        "a reserved key before the others",
    )
    return [(why, data) for why, data in named if why in wanted]
