"""The bulk lane: manifest, sealed sections, chunks, and what the sections hold."""

from .documents import LONGEST_ENVELOPE, ROLE_MANIFEST, SCHEDULE, Kind
from .form import (
    COUNTED,
    SECONDS,
    array,
    ascending,
    choice,
    decode,
    encode,
    mapping,
    octets,
    octets_up_to,
    one_of,
    record,
    signed,
    unsigned,
)
from .noise import open_sealed, seal
from .primitives import require, sha256, u8, u32, u64

CODES, SCHEDULES, CONFIGURATION = 1, 2, 3
SET, DELETE = 0, 1
MOST_CHUNKS = 320
SMALLEST_CHUNK, LARGEST_CHUNK = 64, 1024
FIFTEEN_HOURS = 15 * 3600
LONGEST_PLAINTEXT = 65_487
MOST_ROWS = 4_096


def _manifest_rules(payload: dict) -> None:
    ascending(payload[7], lambda section: section[0], "sections")
    require(4 not in payload or payload[4] < payload[3], "base is not below seq")
    require(payload[5] <= payload[6], "expires before it is issued")
    length = sum(section[1] for section in payload[7])
    require(len(payload[9]) == -(-length // payload[8]), "chunks do not cover the body")


MANIFEST = Kind(
    b"keyway/1 manifest",
    mapping(
        {
            0: octets(16),
            1: unsigned(COUNTED, least=1),
            2: unsigned(COUNTED),
            3: unsigned(64),
            5: unsigned(SECONDS),
            6: unsigned(SECONDS),
            7: array(record(one_of(CODES, SCHEDULES, CONFIGURATION), unsigned(COUNTED), octets(32)), most=3),
            8: unsigned(16, least=SMALLEST_CHUNK, most=LARGEST_CHUNK),
            9: array(octets(32), most=MOST_CHUNKS),
        },
        optional={4: unsigned(64)},
        outermost=True,
    ),
    most=12_288,
    role=ROLE_MANIFEST,
    rules=_manifest_rules,
)


def section_context(lock_id: bytes, root_version: int, key_epoch: int, seq: int, kind: int) -> bytes:
    return b"section" + lock_id + u32(root_version) + u32(key_epoch) + u64(seq) + u8(kind)


def chunks(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def seal_sections(
    lock_id: bytes,
    root_version: int,
    key_epoch: int,
    seq: int,
    sections: dict[int, bytes],
    recipient: bytes,
    ephemeral: dict[int, bytes],
) -> dict[int, bytes]:
    """The sealed bytes of each section by kind."""
    sealed = {}
    for kind in sorted(sections):
        context = section_context(lock_id, root_version, key_epoch, seq, kind)
        sealed[kind] = seal(recipient, context, sections[kind], ephemeral[kind])
    return sealed


def manifest_payload(
    lock_id: bytes,
    root_version: int,
    key_epoch: int,
    seq: int,
    base: int | None,
    issued: int,
    expires: int,
    sealed: dict[int, bytes],
    chunk_size: int,
) -> dict:
    body = b"".join(sealed[kind] for kind in sorted(sealed))
    payload = {
        0: lock_id,
        1: root_version,
        2: key_epoch,
        3: seq,
        5: issued,
        6: expires,
        7: [[kind, len(sealed[kind]), sha256(sealed[kind])] for kind in sorted(sealed)],
        8: chunk_size,
        9: [sha256(chunk) for chunk in chunks(body, chunk_size)],
    }
    if base is not None:
        payload[4] = base
    return payload


def bundle(manifest: bytes, body: bytes) -> bytes:
    return encode([manifest, body])


def split_bundle(data: bytes) -> tuple[bytes, bytes]:
    manifest, body = decode(data, record(octets_up_to(LONGEST_ENVELOPE), octets_up_to(MOST_CHUNKS * LARGEST_CHUNK)))
    return manifest, body


def open_body(manifest: dict, body: bytes, sealing_private: bytes) -> dict[int, object]:
    """Checks chunks and sections against the manifest, opens and decodes every section."""
    require([sha256(chunk) for chunk in chunks(body, manifest[8])] == manifest[9], "chunk digest")
    opened, at = {}, 0
    for kind, length, digest in manifest[7]:
        sealed = body[at : at + length]
        at += length
        require(len(sealed) == length and sha256(sealed) == digest, "section digest")
        context = section_context(manifest[0], manifest[1], manifest[2], manifest[3], kind)
        opened[kind] = decode_section(kind, open_sealed(sealing_private, context, sealed))
    require(at == len(body), "body longer than its sections")
    return opened


# --- plaintexts ---

CODE_ENTRY = mapping(
    {0: one_of(1, 2, 3), 1: unsigned(8, least=4, most=12), 2: octets(16)},
    optional={3: unsigned(SECONDS), 4: unsigned(SECONDS), 5: unsigned(COUNTED)},
)


def changes(entry) -> object:
    row_id, version = unsigned(COUNTED), unsigned(COUNTED)
    return array(choice({SET: (row_id, version, entry), DELETE: (row_id, version)}), most=LONGEST_PLAINTEXT)


def _local_time(value: object) -> None:
    moment = signed(-(2**63), 2**63 - 1)
    change = record(moment, signed(-FIFTEEN_HOURS, FIFTEEN_HOURS))
    record(array(change, most=32, least=1), moment)(value)
    ascending(value[0], lambda change: change[0], "changes of local time")


def _daily_digits(value: object) -> None:
    one_of(0, 8, 9, 10)(value)


SECTIONS = {
    CODES: changes(CODE_ENTRY),
    SCHEDULES: changes(SCHEDULE),
    CONFIGURATION: mapping({0: _daily_digits}, optional={1: _local_time}, outermost=True),
}


def decode_section(kind: int, plaintext: bytes) -> object:
    require(len(plaintext) <= LONGEST_PLAINTEXT, "section too long")
    return decode(plaintext, SECTIONS[kind])


def code_entry(
    kind: int,
    digits: int,
    tag: bytes,
    not_before: int | None = None,
    expires: int | None = None,
    schedule: int | None = None,
) -> dict:
    entry = {0: kind, 1: digits, 2: tag}
    for key, value in ((3, not_before), (4, expires), (5, schedule)):
        if value is not None:
            entry[key] = value
    return entry


def apply_changes(table: dict[int, tuple[int, object]], changed: list) -> dict[int, tuple[int, object]]:
    """The table after the changes: rows by id, each a version and an entry."""
    after = dict(table)
    for number, (row_id, version, *entry) in changed:
        if row_id in after and after[row_id][0] > version:
            continue
        after.pop(row_id, None)
        if number == SET:
            after[row_id] = (version, entry[0])
    require(len(after) <= MOST_ROWS, "too many rows")
    return after


def set_row(row_id: int, version: int, entry: object) -> list:
    return [SET, [row_id, version, entry]]


def delete_row(row_id: int, version: int) -> list:
    return [DELETE, [row_id, version]]
