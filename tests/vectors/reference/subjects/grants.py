"""Descriptors, grants, attests, and access records, which put them together."""

from .. import documents
from ..documents import Grant
from ..edits import against
from ..form import encode
from ..generator import Generator
from ..primitives import holder_hash, public_key, require
from .lanes import lane_payload
from .property import DAY, NOW, Property
from .signed import signed_faults, with_reserved


def _descriptors(owner: Property) -> tuple[list[dict], dict]:
    generator, kind = owner.generator, documents.DESCRIPTOR
    payload = documents.descriptor_payload(owner.lock_id, public_key(owner.identity), 3, generator.octets(32), 1)
    other = documents.descriptor_payload(generator.octets(16), public_key(owner.holder), 2**32 - 1, bytes(32), 1)
    cases = []
    for body in (payload, other):
        signed = kind.sign(body, owner.all_roles())
        require(owner.opened(kind, signed) == body, "a descriptor reads otherwise")
        cases.append(
            {
                "lock_id": body[0],
                "identity": body[1],
                "suite": body[2],
                "key_epoch": body[3],
                "hint_key": body[4],
                "root_version": body[5],
                "signed": signed,
            }
        )
    wrong = [
        ("lock id of 15 bytes", payload | {0: owner.lock_id[:-1]}),
        ("identity not on the curve", payload | {1: b"\x02" + b"\xff" * 32}),
        ("hint key of 31 bytes", payload | {4: bytes(31)}),
        ("key epoch a text", payload | {3: "3"}),
        ("payload too long", payload | {-1: bytes(64)}),
    ]
    return cases, signed_faults(owner, kind, payload, wrong, everything=False)


def described_grant(grant: Grant) -> dict:
    return {**vars(grant), "schedule": grant.schedule}


def base_grant(owner: Property, **changed) -> Grant:
    fields = {
        "subject_id": owner.generator.octets(16),
        "lock_id": owner.lock_id,
        "expires": NOW + 7 * DAY,
        "not_before": NOW - 900,
        "issued": NOW,
        "grant_id": owner.generator.octets(16),
        "holder_hash": holder_hash(public_key(owner.holder)),
        "root_version": 1,
        "operations": documents.UNLOCK | documents.SYNC,
        "flags": 0,
        "least_crit_seq": 2,
        "schedule": (),
    }
    return Grant(**(fields | changed))


def _grants(owner: Property) -> tuple[list[dict], dict, dict]:
    kind, generator = documents.GRANT, owner.generator
    windows = tuple((generator.integer(0, 127), 60 * n, 60 * n + 1 + n) for n in range(21))
    grants = [
        base_grant(owner),
        base_grant(owner, flags=documents.PRESENCE | documents.BORROWED | documents.GUEST),
        base_grant(owner, operations=documents.SYNC, flags=documents.GUEST, schedule=((0b1111100, 480, 1440),)),
        base_grant(owner, schedule=windows),
        base_grant(owner, expires=2**64 - 1, not_before=0, issued=2**63, least_crit_seq=2**64 - 1),
        base_grant(owner, not_before=0, issued=0, expires=23, least_crit_seq=24, schedule=((0, 0, 1),)),
    ]
    cases = []
    for grant in grants:
        signed = kind.sign(grant.payload(), owner.all_roles())
        require(owner.opened(kind, signed) == grant.payload(), "a grant reads otherwise")
        cases.append({**described_grant(grant), "signed": signed})
    payload = grants[0].payload()
    wrong = [
        ("flag 8", payload | {102: 8}),
        ("flags 15", payload | {102: 15}),
        ("no operation", payload | {101: 0}),
        ("operation 4", payload | {101: 4}),
        ("operations 7", payload | {101: 7}),
        ("ends when it begins", payload | {4: NOW, 5: NOW}),
        ("ends before it begins", payload | {4: NOW, 5: NOW + 1}),
        ("22 windows", payload | {104: [[1, 0, 1]] * 22}),
        ("a window that ends where it begins", payload | {104: [[1, 60, 60]]}),
        ("a window that ends before it begins", payload | {104: [[1, 61, 60]]}),
        ("a window past midnight", payload | {104: [[1, 0, 1441]]}),
        ("an eighth day", payload | {104: [[128, 0, 1]]}),
        ("a window of two fields", payload | {104: [[1, 0]]}),
        ("a window of four fields", payload | {104: [[1, 0, 1, 0]]}),
        ("schedule a map", payload | {104: {}}),
        ("no holder hash", payload | {8: {}}),
        ("holder hash of 31 bytes", payload | {8: {3: bytes(31)}}),
        ("another key beside the holder hash", payload | {8: {3: bytes(32), 4: 0}}),
        ("a reserved key in the inner map", payload | {8: {3: bytes(32), -1: 0}}),
        ("holder hash not in a map", payload | {8: bytes(32)}),
        ("payload too long", payload | {-1: bytes(512 - 3 - len(encode(payload)))}),
    ]
    malformed = signed_faults(owner, kind, payload, wrong, everything=True)
    return cases, with_reserved(owner, kind, payload), malformed


def _attests(owner: Property) -> tuple[list[dict], dict, dict]:
    kind, generator = documents.ATTEST, owner.generator
    payloads = [
        documents.attest_payload(owner.lock_id, generator.octets(16), utc) for utc in (NOW, 0, 2**32, 2**64 - 1)
    ]
    cases = []
    for payload in payloads:
        signed = kind.sign(payload, owner.policy[documents.ROLE_TIME])
        require(owner.opened(kind, signed) == payload, "an attest reads otherwise")
        cases.append({"lock_id": payload[0], "nonce": payload[1], "utc": payload[2], "signed": signed})
    payload = payloads[0]
    wrong = [
        ("nonce of 15 bytes", payload | {1: bytes(15)}),
        ("nonce of 17 bytes", payload | {1: bytes(17)}),
        ("time a text", payload | {2: "now"}),
        ("payload too long", payload | {-1: bytes(64 - 1 - len(encode(payload)))}),
    ]
    return cases, with_reserved(owner, kind, payload), signed_faults(owner, kind, payload, wrong, everything=False)


def _scoped(owner: Property) -> list[dict]:
    """Well signed, but about another root version or another lock: nothing that this lock takes."""
    elsewhere = owner.generator.octets(16)
    cases = [
        ("grant", "another root version", documents.GRANT, base_grant(owner, root_version=2).payload()),
        ("grant", "another lock", documents.GRANT, base_grant(owner, lock_id=elsewhere).payload()),
        ("lane", "another root version", documents.LANE, lane_payload(owner, root_version=2)),
        ("lane", "another lock", documents.LANE, lane_payload(owner) | {0: elsewhere}),
        ("attest", "another lock", documents.ATTEST, documents.attest_payload(elsewhere, bytes(16), NOW)),
    ]
    return [
        {"kind": kind, "why": why, "signed": document.sign(payload, owner.all_roles())}
        for kind, why, document, payload in cases
    ]


def _records(owner: Property) -> tuple[dict, dict]:
    all_roles, pin = owner.all_roles(), public_key(owner.root_key)
    lane = documents.LANE.sign(lane_payload(owner), all_roles)
    described = documents.descriptor_payload(owner.lock_id, public_key(owner.identity), 0, bytes(32), 1)
    descriptor = documents.DESCRIPTOR.sign(described, all_roles)
    grant = documents.GRANT.sign(base_grant(owner).payload(), all_roles)
    chain = [owner.signed_root]
    record = documents.access_record(chain, lane, descriptor, grant)
    require(documents.split_access_record(record) == ([chain, lane], descriptor, grant), "a record reads otherwise")
    elsewhere = documents.GRANT.sign(base_grant(owner, lock_id=bytes(16)).payload(), all_roles)
    old_lane = documents.LANE.sign(lane_payload(owner, root_version=2), all_roles)
    forged = documents.GRANT.sign(base_grant(owner).payload(), owner.key_without(documents.ROLE_GRANT))
    malformed = [
        ("section in a byte string", encode([encode([chain, lane]), descriptor, grant])),
        ("grant not in a byte string", b"\x83" + encode([chain, lane]) + encode(descriptor) + grant),
        ("no grant", encode([[chain, lane], descriptor])),
        ("a byte left over", record + b"\x00"),
        ("a fourth field", encode([[chain, lane], descriptor, grant, 0])),
        ("descriptor and grant swapped", documents.access_record(chain, lane, grant, descriptor)),
        ("grant for another lock", documents.access_record(chain, lane, descriptor, elsewhere)),
        ("lane of another root version", documents.access_record(chain, old_lane, descriptor, grant)),
        ("grant signed by a key that may not", documents.access_record(chain, lane, descriptor, forged)),
    ]
    return {"pinned": pin, "record": record}, against(record, malformed)


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    descriptors, descriptors_malformed = _descriptors(owner)
    grants, grants_reserved, grants_malformed = _grants(owner)
    attests, attests_reserved, attests_malformed = _attests(owner)
    record, records_malformed = _records(owner)
    return {
        "property": owner.described(),
        "time_private": owner.policy[documents.ROLE_TIME],
        "descriptors": descriptors,
        "descriptors_malformed": descriptors_malformed,
        "grants": grants,
        "grants_reserved": grants_reserved,
        "grants_malformed": grants_malformed,
        "attests": attests,
        "attests_reserved": attests_reserved,
        "attests_malformed": attests_malformed,
        "scoped": _scoped(owner),
        "access_record": record,
        "access_records_malformed": records_malformed,
    }
