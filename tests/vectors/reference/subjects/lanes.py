"""Critical lanes, and the sections that carry them with their root chain."""

from .. import documents, faults
from ..edits import against
from ..form import encode
from ..generator import Generator
from ..primitives import require
from .property import DAY, NOW, Property
from .roots import Chains
from .signed import signed_faults, with_reserved


def lane_payload(owner: Property, **changed) -> dict:
    fields = {
        "root_version": 1,
        "key_epoch": 0,
        "seq": 2,
        "issued": NOW,
        "expires": NOW + 180 * DAY,
        "time_floor": NOW,
        "issue_floor": NOW - 8 * DAY,
        "revocations": [],
        "ack": None,
    } | changed
    names = ("root_version", "key_epoch", "seq", "issued", "expires", "time_floor", "issue_floor", "revocations")
    payload = {0: owner.lock_id} | {key: fields[name] for key, name in enumerate(names, 1)}
    return payload | ({9: fields["ack"]} if fields["ack"] else {})


def described_lane(payload: dict) -> dict:
    names = ("lock_id", "root_version", "key_epoch", "seq", "issued", "expires", "time_floor", "issue_floor")
    revocations = [[("subject", "holder")[whom[0]], whom[1][0], until] for whom, until in payload[8]]
    return {name: payload[key] for key, name in enumerate(names)} | {
        "revocations": revocations,
        "ack": payload.get(9),
    }


def revocations(generator: Generator, subjects: int, holders: int) -> list:
    people = sorted(generator.octets(16) for _ in range(subjects))
    phones = sorted(generator.octets(32) for _ in range(holders))
    return [documents.revoked_subject(one, NOW - generator.integer(0, DAY)) for one in people] + [
        documents.revoked_holder(one, NOW - generator.integer(0, DAY)) for one in phones
    ]


def _lanes(owner: Property) -> tuple[list[dict], dict, dict]:
    kind, generator = documents.LANE, owner.generator
    ack = [12, generator.octets(32), 3]
    payloads = [
        lane_payload(owner),
        lane_payload(owner, revocations=revocations(generator, 3, 4), ack=ack),
        lane_payload(owner, key_epoch=2**32 - 1, seq=2**64 - 1, expires=2**64 - 1, time_floor=0, issue_floor=0),
        lane_payload(owner, issued=NOW, expires=NOW),
    ]
    cases = []
    for payload in payloads:
        signed = kind.sign(payload, owner.all_roles())
        require(owner.opened(kind, signed) == payload, "a lane reads otherwise")
        cases.append({**described_lane(payload), "signed": signed})
    first, second = revocations(generator, 2, 0)
    holder = revocations(generator, 0, 1)[0]
    payload = lane_payload(owner, revocations=[first, second, holder], ack=ack)
    wrong = [
        ("revocations swapped", payload | {8: [second, first, holder]}),
        ("a holder before a subject", payload | {8: [first, holder, second]}),
        ("a revocation twice", payload | {8: [first, first, second]}),
        ("one subject at two times", payload | {8: [first, [first[0], first[1] + 1]]}),
        ("whom 2", payload | {8: [[[2, [bytes(32)]], NOW]]}),
        ("a subject of 32 bytes", payload | {8: [[[0, [bytes(32)]], NOW]]}),
        ("a holder of 16 bytes", payload | {8: [[[1, [bytes(16)]], NOW]]}),
        ("a choice without fields", payload | {8: [[[0, []], NOW]]}),
        ("a choice with two fields", payload | {8: [[[0, [bytes(16), 0]], NOW]]}),
        ("a choice that is a number only", payload | {8: [[0, NOW]]}),
        ("a choice in a map", payload | {8: [[{0: [bytes(16)]}, NOW]]}),
        ("a revocation without a time", payload | {8: [[first[0]]]}),
        ("expires before it is issued", payload | {4: NOW, 5: NOW - 1}),
        ("key epoch over 32 bits", payload | {2: 2**32}),
        ("ack null", payload | {9: None}),
        ("ack of two fields", payload | {9: ack[:2]}),
        ("ack with a head of 31 bytes", payload | {9: [1, bytes(31), 1]}),
        ("ack empty", payload | {9: []}),
        ("payload too long", payload | {-1: bytes(12_288)}),
    ]
    malformed = signed_faults(owner, kind, payload, wrong[:-1], everything=False)
    require(faults.refuses(kind.decode_payload, encode(wrong[-1][1])), "a lane that is too long is read")
    return cases, with_reserved(owner, kind, payload), malformed


def _sections(owner: Property) -> tuple[list[dict], dict]:
    lane = documents.LANE.sign(lane_payload(owner), owner.all_roles())
    root = owner.signed_root
    later = Chains(owner).named["2"]
    good = encode([[root], lane])
    require(documents.open_lane_section(good, owner.root)[1] == lane_payload(owner), "a section reads otherwise")
    cases = [{"chain": [root], "lane": lane, "section": good}]
    two = encode([[root, later], lane])
    cases.append({"chain": [root, later], "lane": lane, "section": two})
    malformed = [
        ("empty chain", encode([[], lane])),
        ("17 versions", encode([[b"\x00"] * 17, lane])),
        ("chain not in an array", encode([root, lane])),
        ("versions not in byte strings", b"\x82\x81" + root + encode(lane)),
        ("lane not in a byte string", b"\x82" + encode([root]) + lane),
        ("no lane", encode([[root]])),
        ("a third field", encode([[root], lane, 0])),
        ("a byte left over", good + b"\x00"),
        ("array of indefinite length", b"\x9f" + good[1:] + b"\xff"),
        ("chain of indefinite length", b"\x82\x9f" + encode(root) + b"\xff" + encode(lane)),
        ("cut off", good[:-1]),
        ("empty", b""),
    ]
    for why, data in malformed:
        require(faults.refuses(documents.open_lane_section, data, owner.root), f"section, {why}: read")
    return cases, against(good, malformed)


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    lanes, lanes_reserved, lanes_malformed = _lanes(owner)
    sections, sections_malformed = _sections(owner)
    return {
        "property": owner.described(),
        "lanes": lanes,
        "lanes_reserved": lanes_reserved,
        "lanes_malformed": lanes_malformed,
        "lane_sections": sections,
        "lane_sections_malformed": sections_malformed,
    }
