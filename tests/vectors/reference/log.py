"""What a lock writes and nobody on the way reads: log entries, their chain, and receipts."""

from .documents import Kind
from .form import (
    COUNTED,
    SECONDS,
    array,
    choice,
    decode,
    encode,
    flag,
    mapping,
    octets,
    octets_up_to,
    one_of,
    record,
    unsigned,
)
from .noise import open_sealed, seal
from .primitives import require, sha256, u64

INTERVAL, FLOOR = 0, 1
HOLDER, CODE, DATED_CODE, KEYPAD, LOCK = range(5)
EMPTY_HEAD = bytes(32)
LONGEST_ENTRY = 256
LONGEST_SEGMENT = 65_535


def _interval(value: object) -> None:
    record(unsigned(SECONDS), unsigned(SECONDS))(value)
    require(value[0] <= value[1], "interval ends before it begins")


TIME = choice({INTERVAL: (_interval,), FLOOR: (unsigned(SECONDS),)})
RESULT = one_of(0, 1, 2)


def interval(earliest: int, latest: int) -> list:
    return [INTERVAL, [[earliest, latest]]]


def floor(seconds: int) -> list:
    return [FLOOR, [seconds]]


ENTRY = mapping(
    {
        0: one_of(0, 1, 2, 3, 4, 5),
        1: choice(
            {
                HOLDER: (octets(32),),
                CODE: (unsigned(COUNTED),),
                DATED_CODE: (one_of(1, 2), unsigned(8, most=9), unsigned(COUNTED)),
                KEYPAD: (),
                LOCK: (),
            }
        ),
        2: TIME,
        3: unsigned(COUNTED),
    },
    optional={4: octets(16), 5: octets(16), 6: octets(16), 7: RESULT, 8: record(TIME, unsigned(COUNTED))},
    outermost=True,
)


def entry_context(lock_id: bytes, index: int) -> bytes:
    return b"log" + lock_id + u64(index)


def seal_entry(log_key: bytes, lock_id: bytes, index: int, entry: bytes, ephemeral: bytes) -> bytes:
    return seal(log_key, entry_context(lock_id, index), entry, ephemeral)


def open_entry(log_private: bytes, lock_id: bytes, index: int, sealed: bytes) -> dict:
    plaintext = open_sealed(log_private, entry_context(lock_id, index), sealed)
    require(len(plaintext) <= LONGEST_ENTRY, "entry too long")
    return decode(plaintext, ENTRY)


def head_after(head_before: bytes, index: int, sealed: bytes) -> bytes:
    return sha256(b"keyway/1 log" + head_before + u64(index) + sealed)


SEGMENT = mapping(
    {0: octets(16), 1: unsigned(64), 2: octets(32), 3: array(octets_up_to(LONGEST_SEGMENT), most=LONGEST_SEGMENT)},
    outermost=True,
)


def segment(lock_id: bytes, first: int, head_before: bytes, sealed: list[bytes]) -> bytes:
    return encode({0: lock_id, 1: first, 2: head_before, 3: sealed})


def decode_segment(data: bytes) -> dict:
    require(len(data) <= LONGEST_SEGMENT, "segment too long")
    return decode(data, SEGMENT)


def head_of(decoded: dict) -> bytes:
    """The head after a segment's last entry."""
    head = decoded[2]
    for offset, sealed in enumerate(decoded[3]):
        head = head_after(head, decoded[1] + offset, sealed)
    return head


# --- receipt ---

LANE_APPLIED, BUNDLE_APPLIED, COMMAND = range(3)

RECEIPT = Kind(
    b"keyway/1 receipt",
    mapping(
        {
            0: octets(16),
            1: unsigned(64, least=1),
            2: octets(32),
            3: unsigned(COUNTED),
            4: unsigned(COUNTED),
            5: unsigned(64),
            6: unsigned(64),
            7: unsigned(64),
            8: octets(32),
            9: unsigned(COUNTED),
            10: TIME,
            11: flag,
            12: flag,
            13: unsigned(8, most=100),
            14: choice({LANE_APPLIED: (), BUNDLE_APPLIED: (), COMMAND: (octets(32), octets(16), RESULT)}),
        },
        outermost=True,
    ),
    most=512,
)


def receipt_context(lock_id: bytes) -> bytes:
    return b"receipt" + lock_id


def seal_receipt(log_key: bytes, lock_id: bytes, signed: bytes, ephemeral: bytes) -> bytes:
    return seal(log_key, receipt_context(lock_id), signed, ephemeral)


def open_receipt(log_private: bytes, lock_id: bytes, identity: bytes, sealed: bytes) -> dict:
    payload = RECEIPT.open_under(open_sealed(log_private, receipt_context(lock_id), sealed), identity)
    require(payload[0] == lock_id, "receipt of another lock")
    require(payload[1] > 1 or payload[2] == bytes(32), "the first receipt follows none")
    return payload
