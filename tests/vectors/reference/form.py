"""Deterministic CBOR, and the small schemas that say what a document may hold.

A schema is a function that refuses a value it does not describe. Values stay what cbor2 makes of them, so that encoding
them again is encoding what was understood.
"""

from collections.abc import Callable, Mapping

import cbor2

from .primitives import Refused, require
from .reserved import without_reserved

Schema = Callable[[object], None]
SECONDS = 64
"""Times, terms, sequence numbers and indexes are unsigned integers of at most this many bits."""
COUNTED = 32
"""So are versions, epochs, boots, lengths, counts, day numbers and ids of rows of this many."""


def _ordered(value: object) -> object:
    """cbor2's own canonical order is the older one, by length first; here keys ascend bytewise."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: cbor2.dumps(pair[0]))
        return {key: _ordered(item) for key, item in pairs}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _ordered(value.value))
    return value


def encode(value: object) -> bytes:
    return cbor2.dumps(_ordered(value))


def _plain(value: object) -> object:
    """cbor2 freezes what stands inside a tag; the schemas look at one kind of array and one kind of map."""
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _plain(value.value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def decode(data: bytes, schema: Schema) -> object:
    """What the bytes say beside reserved entries, of which only the outermost map of some documents may have any."""
    if getattr(schema, "outermost", False):
        data = without_reserved(data)
    try:
        value = _plain(cbor2.loads(data, allow_indefinite=False, allow_duplicate_keys=False))
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refused("not CBOR") from error
    schema(value)
    require(encode(value) == data, "not the deterministic encoding")
    return value


def unsigned(bits: int, least: int = 0, most: int | None = None) -> Schema:
    highest = 2**bits - 1 if most is None else most

    def check(value: object) -> None:
        require(type(value) is int, "not an integer")
        require(least <= value <= highest, "integer out of range")

    return check


def signed(least: int, most: int) -> Schema:
    def check(value: object) -> None:
        require(type(value) is int, "not an integer")
        require(least <= value <= most, "integer out of range")

    return check


def octets(length: int) -> Schema:
    def check(value: object) -> None:
        require(type(value) is bytes, "not a byte string")
        require(len(value) == length, "byte string of the wrong length")

    return check


def octets_up_to(most: int) -> Schema:
    def check(value: object) -> None:
        require(type(value) is bytes, "not a byte string")
        require(len(value) <= most, "byte string too long")

    return check


def flag(value: object) -> None:
    require(type(value) is bool, "not a flag")


def exactly(wanted: int) -> Schema:
    def check(value: object) -> None:
        require(type(value) is int and value == wanted, f"not {wanted}")

    return check


def one_of(*allowed: int) -> Schema:
    def check(value: object) -> None:
        require(type(value) is int and value in allowed, "not one of the numbers")

    return check


def array(item: Schema, most: int, least: int = 0) -> Schema:
    def check(value: object) -> None:
        require(type(value) is list, "not an array")
        require(least <= len(value) <= most, "array length")
        for element in value:
            item(element)

    return check


def record(*fields: Schema) -> Schema:
    """An array of a fixed number of unlike fields."""

    def check(value: object) -> None:
        require(type(value) is list and len(value) == len(fields), "not an array of this length")
        for field, element in zip(fields, value, strict=True):
            field(element)

    return check


def choice(variants: dict[int, tuple[Schema, ...]]) -> Schema:
    """`number(fields)`: `[number, [fields…]]`."""

    def check(value: object) -> None:
        require(type(value) is list and len(value) == 2, "not a choice")
        number, fields = value
        require(type(number) is int and number in variants, "unknown choice")
        record(*variants[number])(fields)

    return check


def mapping(required: dict[int, Schema], optional: dict[int, Schema] | None = None, outermost: bool = False) -> Schema:
    """Only the outermost map may carry keys below zero; `decode` leaves them out."""
    known = required | (optional or {})

    def check(value: object) -> None:
        require(type(value) is dict, "not a map")
        for key in value:
            require(type(key) is int, "map key is not an integer")
            require(key in known, "unknown map key")
        for key in required:
            require(key in value, "map key missing")
        for key, inner in known.items():
            if key in value:
                inner(value[key])

    check.outermost = outermost
    return check


def ascending(value: list, key: Callable[[object], object], what: str) -> None:
    """Strictly: so nothing is there twice."""
    keys = [key(element) for element in value]
    require(all(a < b for a, b in zip(keys, keys[1:], strict=False)), f"{what} not ascending")
