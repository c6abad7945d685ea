"""Signed documents that say who may do what: envelope, root, descriptor, grant, critical lane, attest."""

from collections.abc import Callable
from dataclasses import dataclass

import cbor2

from .channel import fits_message_1
from .form import (
    COUNTED,
    SECONDS,
    Schema,
    array,
    ascending,
    choice,
    decode,
    encode,
    exactly,
    flag,
    mapping,
    octets,
    octets_up_to,
    record,
    unsigned,
)
from .primitives import Refused, check_public_key, key_id, public_key, require, sign, verify

COSE_SIGN1 = 18
ES256 = -7
LONGEST_ENVELOPE = 16_384
LONGEST_SECTION = 60_000
LONGEST_RECORD = 64_000

ROLE_DESCRIPTOR = 0x01
ROLE_GRANT = 0x02
ROLE_CRITICAL = 0x04
ROLE_MANIFEST = 0x08
ROLE_TIME = 0x10
ALL_ROLES = 0x1F


def point(value: object) -> None:
    octets(33)(value)
    check_public_key(value)


@dataclass(frozen=True)
class Kind:
    """What sets one signed document apart from the others."""

    label: bytes
    schema: Schema
    most: int
    role: int | None = None
    rules: Callable[[dict], None] = lambda payload: None

    def decode_payload(self, data: bytes) -> dict:
        require(len(data) <= self.most, "payload too long")
        payload = decode(data, self.schema)
        self.rules(payload)
        return payload

    def sign(self, payload: dict, private: bytes) -> bytes:
        return envelope(self.label, encode(payload), private)

    def open(self, data: bytes, root: dict) -> dict:
        """Verifies under the key of the root document that the envelope names."""
        assert self.role, "this kind is not signed by a policy key"
        named, payload, signature = split(data)
        keys = [key for key, roles in root[4] if key_id(key) == named and roles & self.role]
        require(bool(keys), "no key of that id and role")
        verify(keys[0], signed_bytes(self.label, named, payload), signature)
        return self.decode_payload(payload)

    def open_under(self, data: bytes, public: bytes) -> dict:
        named, payload, signature = split(data)
        require(named == key_id(public), "signed by another key")
        verify(public, signed_bytes(self.label, named, payload), signature)
        return self.decode_payload(payload)


def protected_header(named: bytes) -> bytes:
    return encode({1: ES256, 4: named})


def signed_bytes(label: bytes, named: bytes, payload: bytes) -> bytes:
    """RFC 9052's Sig_structure; the label is the external data."""
    return encode(["Signature1", protected_header(named), label, payload])


def envelope(label: bytes, payload: bytes, private: bytes) -> bytes:
    named = key_id(public_key(private))
    signature = sign(private, signed_bytes(label, named, payload))
    return encode(cbor2.CBORTag(COSE_SIGN1, [protected_header(named), {}, payload, signature]))


def _envelope_schema(value: object) -> None:
    require(isinstance(value, cbor2.CBORTag) and value.tag == COSE_SIGN1, "not a tagged COSE_Sign1")
    record(octets(13), mapping({}), octets_up_to(LONGEST_ENVELOPE), octets(64))(value.value)


def split(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Key id, payload, signature; nothing verified."""
    protected, _, payload, signature = decode(data, _envelope_schema).value
    header = decode(protected, mapping({1: exactly(ES256), 4: octets(8)}))
    return header[4], payload, signature


def unverified(kind: Kind, data: bytes) -> dict:
    """What a courier reads: the payload, whoever signed it."""
    return kind.decode_payload(split(data)[1])


# --- root document ---


def _root_rules(payload: dict) -> None:
    keys = [key for key, _ in payload[4]]
    require(len(set(keys)) == len(keys), "a policy key listed twice")


ROOT = Kind(
    b"keyway/1 root",
    mapping(
        {
            0: unsigned(COUNTED, least=1),
            1: octets(16),
            2: exactly(ES256),
            3: point,
            4: array(record(point, unsigned(8, least=1, most=ALL_ROLES)), most=16),
            5: record(unsigned(SECONDS), unsigned(SECONDS), unsigned(SECONDS)),
            6: octets(32),
            7: flag,
        },
        outermost=True,
    ),
    most=1024,
    rules=_root_rules,
)


def root_payload(
    version: int,
    property_id: bytes,
    root_key: bytes,
    policy_keys: list[tuple[bytes, int]],
    longest: tuple[int, int, int],
    log_key: bytes,
    unlock_without_time: bool,
) -> dict:
    keys = [list(pair) for pair in policy_keys]
    return {
        0: version,
        1: property_id,
        2: ES256,
        3: root_key,
        4: keys,
        5: list(longest),
        6: log_key,
        7: unlock_without_time,
    }


def open_first_root(data: bytes) -> dict:
    """Version 1 is signed by the key it lists."""
    payload = unverified(ROOT, data)
    require(payload[0] == 1, "not the first version")
    return ROOT.open_under(data, payload[3])


def follow(chain: list[bytes], believed: dict) -> dict:
    """From the believed root document along the chain to the newest."""
    require(1 <= len(chain) <= 16, "root chain length")
    for data in chain:
        if unverified(ROOT, data)[0] <= believed[0]:
            continue
        payload = ROOT.open_under(data, believed[3])
        require(payload[0] == believed[0] + 1, "root versions do not rise by one")
        require(payload[1] == believed[1], "root of another property")
        believed = payload
    return believed


def follow_pinned(chain: list[bytes], pinned: bytes) -> dict:
    """From the first version that the pinned root key has signed."""
    for at, data in enumerate(chain):
        try:
            first = ROOT.open_under(data, pinned)
        except Refused:
            continue
        return follow(chain[at:], first)
    raise Refused("the pinned key signed none of them")


# --- descriptor ---

DESCRIPTOR = Kind(
    b"keyway/1 descriptor",
    mapping(
        {0: octets(16), 1: point, 2: unsigned(8), 3: unsigned(COUNTED), 4: octets(32), 5: unsigned(COUNTED, least=1)},
        outermost=True,
    ),
    most=160,
    role=ROLE_DESCRIPTOR,
)


def descriptor_payload(lock_id: bytes, identity: bytes, key_epoch: int, hint_key: bytes, root_version: int) -> dict:
    return {0: lock_id, 1: identity, 2: 1, 3: key_epoch, 4: hint_key, 5: root_version}


# --- grant ---

UNLOCK, SYNC = 1, 2
PRESENCE, BORROWED, GUEST = 1, 2, 4
MINUTES = 1440


def window(value: object) -> None:
    record(unsigned(7), unsigned(16, most=MINUTES), unsigned(16, most=MINUTES))(value)
    require(value[1] < value[2], "window does not end after it begins")


SCHEDULE = array(window, most=21)


def _grant_rules(payload: dict) -> None:
    require(payload[5] < payload[4], "ends before it begins")


GRANT = Kind(
    b"keyway/1 grant",
    mapping(
        {
            2: octets(16),
            3: octets(16),
            4: unsigned(SECONDS),
            5: unsigned(SECONDS),
            6: unsigned(SECONDS),
            7: octets(16),
            8: mapping({3: octets(32)}),
            100: unsigned(COUNTED, least=1),
            101: unsigned(8, least=1, most=UNLOCK | SYNC),
            102: unsigned(8, most=PRESENCE | BORROWED | GUEST),
            103: unsigned(64),
            104: SCHEDULE,
        },
        outermost=True,
    ),
    most=512,
    role=ROLE_GRANT,
    rules=_grant_rules,
)


@dataclass(frozen=True)
class Grant:
    subject_id: bytes
    lock_id: bytes
    expires: int
    not_before: int
    issued: int
    grant_id: bytes
    holder_hash: bytes
    root_version: int
    operations: int
    flags: int
    least_crit_seq: int
    schedule: tuple[tuple[int, int, int], ...] = ()

    def payload(self) -> dict:
        return {
            2: self.subject_id,
            3: self.lock_id,
            4: self.expires,
            5: self.not_before,
            6: self.issued,
            7: self.grant_id,
            8: {3: self.holder_hash},
            100: self.root_version,
            101: self.operations,
            102: self.flags,
            103: self.least_crit_seq,
            104: [list(window) for window in self.schedule],
        }


# --- critical lane ---

SUBJECT, HOLDER = 0, 1


def _lane_rules(payload: dict) -> None:
    require(payload[4] <= payload[5], "expires before it is issued")
    ascending(payload[8], lambda revocation: encode(revocation[0]), "revocations")


LANE = Kind(
    b"keyway/1 critical",
    mapping(
        {
            0: octets(16),
            1: unsigned(COUNTED, least=1),
            2: unsigned(COUNTED),
            3: unsigned(64),
            4: unsigned(SECONDS),
            5: unsigned(SECONDS),
            6: unsigned(SECONDS),
            7: unsigned(SECONDS),
            8: array(record(choice({SUBJECT: (octets(16),), HOLDER: (octets(32),)}), unsigned(SECONDS)), most=12_288),
        },
        optional={9: record(unsigned(64), octets(32), unsigned(64))},
        outermost=True,
    ),
    most=12_288,
    role=ROLE_CRITICAL,
    rules=_lane_rules,
)


def revoked_subject(subject_id: bytes, until: int) -> list:
    return [[SUBJECT, [subject_id]], until]


def revoked_holder(holder_hash: bytes, until: int) -> list:
    return [[HOLDER, [holder_hash]], until]


def lane_section(chain: list[bytes], lane: bytes) -> bytes:
    return encode([chain, lane])


_SECTION = record(array(octets_up_to(LONGEST_ENVELOPE), most=16, least=1), octets_up_to(LONGEST_ENVELOPE))


def open_lane_section(data: bytes, believed: dict) -> tuple[dict, dict]:
    """The newest root document of the chain, and the lane under it."""
    require(len(data) <= LONGEST_SECTION, "lane section too long")
    chain, lane = decode(data, _SECTION)
    newest = follow(chain, believed)
    payload = LANE.open(lane, newest)
    require(payload[1] == newest[0], "lane of another root version")
    return newest, payload


def access_record(chain: list[bytes], lane: bytes, descriptor: bytes, grant: bytes) -> bytes:
    return encode([[chain, lane], descriptor, grant])


def split_access_record(data: bytes) -> tuple[list, bytes, bytes]:
    require(len(data) <= LONGEST_RECORD, "access record too long")
    document = octets_up_to(LONGEST_RECORD)
    section, descriptor, grant = decode(data, record(_SECTION, document, document))
    require(fits_message_1(len(encode(section)), len(grant)), "its message 1 would be too long")
    return section, descriptor, grant


# --- attest ---

ATTEST = Kind(
    b"keyway/1 time",
    mapping({0: octets(16), 1: octets(16), 2: unsigned(SECONDS)}, outermost=True),
    most=64,
    role=ROLE_TIME,
)


def attest_payload(lock_id: bytes, nonce: bytes, utc: int) -> dict:
    return {0: lock_id, 1: nonce, 2: utc}
