"""Reserved entries of a map: where they begin, that they are where they may be, and where each ends. Nothing of them is understood."""

from .primitives import Reader, require

UNSIGNED, NEGATIVE, OCTETS, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)
INDEFINITE = 31
BREAK = 0xFF
LOWEST_KEY = -(2**31)


def _head(reader: Reader) -> tuple[int, int | None]:
    """Major type and argument; no argument where the length is indefinite."""
    first = reader.number(1)
    major, info = first >> 5, first & 0x1F
    if info < 24:
        return major, info
    if info < 28:
        return major, reader.number(1 << (info - 24))
    require(info == INDEFINITE and major in (OCTETS, TEXT, ARRAY, MAP), "not CBOR")
    return major, None


def _encoded_head(major: int, argument: int) -> bytes:
    """The shortest one."""
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in range(4) if argument < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + argument.to_bytes(1 << size)


def _skip(reader: Reader) -> None:
    major, argument = _head(reader)
    if major in (OCTETS, TEXT) and argument is not None:
        reader.take(argument)
    elif argument is None:
        while reader.data[reader.at : reader.at + 1] != bytes([BREAK]):
            _skip(reader)
        reader.take(1)
    elif major in (ARRAY, MAP):
        for _ in range(argument * (2 if major == MAP else 1)):
            _skip(reader)
    elif major == TAG:
        _skip(reader)


def without_reserved(data: bytes) -> bytes:
    """The same map without entries whose keys are below zero. Whatever else is wrong with it stays wrong."""
    reader = Reader(data)
    if not data or data[0] >> 5 != MAP:
        return data
    _, entries = _head(reader)
    if entries is None or _encoded_head(MAP, entries) != data[: reader.at]:
        return data
    understood, last, reserved_at = 0, 0, None
    body = reader.at
    for _ in range(entries):
        start = reader.at
        if start < len(data) and data[start] >> 5 == NEGATIVE:
            reserved_at = start if reserved_at is None else reserved_at
            key = _negative_key(reader)
            require(LOWEST_KEY <= key < last, "reserved keys do not go down")
            last = key
        else:
            require(reserved_at is None, "a key after the reserved ones")
            understood += 1
            _skip(reader)
        _skip(reader)
    if reserved_at is None:
        return data
    reader.end()
    return _encoded_head(MAP, understood) + data[body:reserved_at]


def _negative_key(reader: Reader) -> int:
    start = reader.at
    major, argument = _head(reader)
    require(reader.data[start : reader.at] == _encoded_head(major, argument), "a reserved key not the shortest")
    return -1 - argument
