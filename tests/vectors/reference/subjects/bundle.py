"""The bulk lane: whole bundles, manifests, plaintexts of sections."""

from .. import bundle, codes, documents, epochs, faults
from ..bundle import CODES, CONFIGURATION, SCHEDULES
from ..edits import against
from ..form import encode
from ..generator import Generator
from ..primitives import Refused, require, sha256, x25519_public
from .property import DAY, NOW, Property
from .signed import signed_faults, with_reserved

KINDS = {CODES: "codes", SCHEDULES: "schedules", CONFIGURATION: "configuration"}
LOCAL_TIME = [[[0, -14_400], [NOW, -18_000], [NOW + 100 * DAY, -14_400]], NOW + 3_000 * DAY]


def code(generator: Generator, length: int, **optional) -> dict:
    digits = f"{generator.integer(0, 10**length - 1):0{length}}"
    tag = codes.tag(generator.octets(32), generator.octets(16), digits)
    return bundle.code_entry(generator.integer(1, 3), length, tag, **optional)


def _plaintexts(generator: Generator) -> list[tuple[int, object]]:
    full = code(generator, 8, not_before=NOW, expires=NOW + DAY, schedule=2**32 - 1)
    return [
        (CODES, []),
        (CODES, [bundle.set_row(1, 1, code(generator, 7)), bundle.delete_row(2, 3)]),
        (CODES, [bundle.set_row(2**32 - 1, 2**32 - 1, full), bundle.set_row(4, 0, code(generator, 4, expires=1))]),
        (CODES, [bundle.set_row(n, n + 1, code(generator, 7 + n % 3, schedule=n)) for n in range(6)]),
        (SCHEDULES, []),
        (SCHEDULES, [bundle.set_row(8, 1, [[0b0011111, 480, 1080], [0b1100000, 0, 1440]]), bundle.delete_row(9, 2)]),
        (SCHEDULES, [bundle.set_row(0, 0, [])]),
        (CONFIGURATION, {0: 0}),
        (CONFIGURATION, {0: 8}),
        (CONFIGURATION, {0: 10, 1: LOCAL_TIME}),
        (CONFIGURATION, {0: 9, 1: [[[NOW - n, 900 * n] for n in range(32, 0, -1)], NOW + 1]}),
        (CONFIGURATION, {0: 9, 1: [[[0, 54_000]], NOW]}),
        (CONFIGURATION, {0: 9, 1: [[[-(2**63), -54_000], [-1, 0]], 2**63 - 1]}),
        (CONFIGURATION, {0: 0, 1: [[[7, 0]], -(2**63)]}),
    ]


def described_change(kind: int, change: list) -> dict:
    number, (row_id, version, *entry) = change
    described = {"id": row_id, "version": version}
    if number == bundle.DELETE:
        return described
    if kind == SCHEDULES:
        return {**described, "schedule": entry[0]}
    names = ("kind", "digits", "tag", "not_before", "expires", "schedule_id")
    return {**described, "code": {names[key]: value for key, value in entry[0].items()}}


def described_section(kind: int, value: object) -> dict:
    if kind == CONFIGURATION:
        return {"kind": KINDS[kind], "daily_digits": value[0], "local_time": value.get(1)}
    return {"kind": KINDS[kind], "changes": [described_change(kind, change) for change in value]}


def _sections(generator: Generator) -> list[dict]:
    cases = []
    for kind, value in _plaintexts(generator):
        plaintext = encode(value)
        require(bundle.decode_section(kind, plaintext) == value, "a section reads otherwise")
        cases.append({**described_section(kind, value), "plaintext": plaintext})
    return cases


def _configurations_reserved() -> dict:
    """Of the sections only this one is a map, so only this one has room for additions."""
    good = {0: 8, 1: LOCAL_TIME}
    cases = faults.with_reserved(good)
    for why, plaintext in cases:
        require(bundle.decode_section(CONFIGURATION, plaintext) == good, f"{why}: something else is read")
    return against(encode(good), cases)


def _sections_malformed(generator: Generator) -> list[dict]:
    entry = code(generator, 7)
    row = bundle.set_row(1, 1, entry)

    def codes_with(changed: object) -> tuple[int, bytes]:
        return CODES, encode([bundle.set_row(1, 1, changed)])

    def config(value: object) -> tuple[int, bytes]:
        return CONFIGURATION, encode(value)

    def local(changes: object, ends: object = NOW) -> tuple[int, bytes]:
        return config({0: 8, 1: [changes, ends]})

    good = encode([row])
    swapped = b"\xa3" + b"\x01\x07" + b"\x00" + encode(entry[0]) + b"\x02" + encode(entry[2])
    cases = [
        ("empty", (CODES, b"")),
        ("a map instead of an array", (CODES, encode({0: row}))),
        ("array of indefinite length", (CODES, b"\x9f" + good[1:] + b"\xff")),
        ("a byte left over", (CODES, good + b"\x00")),
        ("cut off", (CODES, good[:-1])),
        ("change 2", (CODES, encode([[2, [1, 1]]]))),
        ("a change that is a number only", (CODES, encode([1]))),
        ("set without an entry", (CODES, encode([[0, [1, 1]]]))),
        ("delete with an entry", (CODES, encode([[1, [1, 1, entry]]]))),
        ("an id over 32 bits", (CODES, encode([bundle.delete_row(2**32, 1)]))),
        ("a version over 32 bits", (CODES, encode([bundle.delete_row(1, 2**32)]))),
        ("schedule id over 32 bits", codes_with(entry | {5: 2**32})),
        ("code of 3 digits", codes_with(entry | {1: 3})),
        ("code of 13 digits", codes_with(entry | {1: 13})),
        ("a negative id", (CODES, encode([[1, [-1, 1]]]))),
        ("code of kind 0", codes_with(entry | {0: 0})),
        ("code of kind 4", codes_with(entry | {0: 4})),
        ("code without a tag", codes_with({0: 1, 1: 7})),
        ("tag of 15 bytes", codes_with(entry | {2: bytes(15)})),
        ("an optional value that is null", codes_with(entry | {3: None})),
        ("code with a key that is not known", codes_with(entry | {6: 0})),
        ("a reserved key in the inner map", codes_with(entry | {-1: 0})),
        ("keys of a code swapped", (CODES, b"\x81\x82\x00\x83\x01\x01" + swapped)),
        ("a code among schedules", (SCHEDULES, good)),
        ("a window of two fields", (SCHEDULES, encode([bundle.set_row(1, 1, [[1, 0]])]))),
        ("22 windows", (SCHEDULES, encode([bundle.set_row(1, 1, [[1, 0, 1]] * 22)]))),
        ("a window that ends where it begins", (SCHEDULES, encode([bundle.set_row(1, 1, [[1, 60, 60]])]))),
        ("a window past midnight", (SCHEDULES, encode([bundle.set_row(1, 1, [[1, 0, 1441]])]))),
        ("an eighth day", (SCHEDULES, encode([bundle.set_row(1, 1, [[128, 0, 1]])]))),
        ("daily codes of 7 digits", config({0: 7})),
        ("daily codes of 11 digits", config({0: 11})),
        ("daily codes of 1 digit", config({0: 1})),
        ("configuration without digits", config({1: LOCAL_TIME})),
        ("configuration with a key that is not known", config({0: 8, 2: 0})),
        ("local time null", config({0: 8, 1: None})),
        ("33 changes", local([[n, 0] for n in range(33)])),
        ("changes swapped", local([[2, 0], [1, 3600]])),
        ("two changes at once", local([[1, 0], [1, 3600]])),
        ("an offset of 15 h and a second", local([[0, 54_001]])),
        ("an offset of minus 15 h and a second", local([[0, -54_001]])),
        ("a change of three fields", local([[0, 0, 0]])),
        ("local time without an end", config({0: 8, 1: [[[0, 0]]]})),
        ("an end that is a text", local([[0, 0]], "never")),
        ("an end over 63 bits", local([[0, 0]], 2**63)),
        ("a change under 63 bits", local([[-(2**63) - 1, 0]])),
    ]
    for why, (kind, plaintext) in cases:
        require(faults.refuses(bundle.decode_section, kind, plaintext), f"section, {why}: the reference reads it")
    return [{"why": why, "kind": KINDS[kind], "plaintext": plaintext} for why, (kind, plaintext) in cases]


class Sealing:
    """What bundles of one lock are sealed with."""

    def __init__(self, owner: Property):
        self.owner, self.generator = owner, owner.generator

    def bundle(self, epoch: int, seq: int, base: int | None, sections: dict[int, object], size: int) -> dict:
        owner, root_version = self.owner, 1
        recipient = epochs.sealing_public(owner.origin, root_version, epoch)
        ephemeral = {kind: self.generator.octets(32) for kind in sorted(sections)}
        plaintexts = {kind: encode(value) for kind, value in sections.items()}
        sealed = bundle.seal_sections(owner.lock_id, root_version, epoch, seq, plaintexts, recipient, ephemeral)
        payload = bundle.manifest_payload(
            owner.lock_id, root_version, epoch, seq, base, NOW, NOW + 180 * DAY, sealed, size
        )
        signed = bundle.MANIFEST.sign(payload, owner.all_roles())
        body = b"".join(sealed.values())
        opened = bundle.open_body(payload, body, epochs.sealing_key(owner.origin, root_version, epoch))
        require(opened == sections and owner.opened(bundle.MANIFEST, signed) == payload, "a bundle reads otherwise")
        return {
            "key_epoch": epoch,
            "seq": seq,
            "base": base,
            "issued": payload[5],
            "expires": payload[6],
            "chunk_size": size,
            "ephemeral": [ephemeral[kind] for kind in sorted(sections)],
            "sections": [{"kind": KINDS[kind], "plaintext": plaintexts[kind]} for kind in sorted(sections)],
            "manifest": signed,
            "bundle": bundle.bundle(signed, body),
        }


def _bundles(owner: Property) -> list[dict]:
    generator, sealing = owner.generator, Sealing(owner)
    row = bundle.set_row(1, 1, code(generator, 7))
    many = [bundle.set_row(n, 1, code(generator, 8)) for n in range(37)]
    return [
        sealing.bundle(0, 1, None, {CODES: [row], SCHEDULES: [], CONFIGURATION: {0: 8, 1: LOCAL_TIME}}, 1024),
        sealing.bundle(3, 2**64 - 1, 2**64 - 2, {CONFIGURATION: {0: 0}}, 1024),
        sealing.bundle(0, 4, 0, {CODES: many}, 1024),
        sealing.bundle(1, 5, 3, {CODES: [row], SCHEDULES: [bundle.set_row(2, 1, [[127, 0, 1440]])]}, 64),
    ]


def _manifest(owner: Property) -> dict:
    sealed = {CODES: owner.generator.octets(150), CONFIGURATION: owner.generator.octets(51)}
    return bundle.manifest_payload(owner.lock_id, 1, 0, 4, 3, NOW, NOW + 180 * DAY, sealed, 64)


def _manifests(owner: Property) -> tuple[dict, dict]:
    kind, payload = bundle.MANIFEST, _manifest(owner)
    first, second = payload[7]
    digests = payload[9]
    wrong = [
        ("base is seq", payload | {4: 4}),
        ("base above seq", payload | {4: 5}),
        ("expires before it is issued", payload | {5: NOW, 6: NOW - 1}),
        ("key epoch over 32 bits", payload | {2: 2**32}),
        ("base null", payload | {4: None}),
        ("sections swapped", payload | {7: [second, first]}),
        ("a section twice", payload | {7: [first, first]}),
        ("section of kind 0", payload | {7: [[0, *first[1:]], second]}),
        ("section of kind 4", payload | {7: [first, [4, *second[1:]]]}),
        ("digest of 31 bytes", payload | {7: [first, [3, 51, bytes(31)]]}),
        ("a section of two fields", payload | {7: [first, [3, 51]]}),
        ("chunk size 63", payload | {8: 63, 9: [bytes(32)] * 4}),
        ("chunk size 1,025", payload | {8: 1025, 9: [bytes(32)]}),
        ("a chunk too few", payload | {9: digests[:-1]}),
        ("a chunk too many", payload | {9: [*digests, bytes(32)]}),
        ("chunk digest of 31 bytes", payload | {9: [*digests[:-1], bytes(31)]}),
    ]
    malformed = signed_faults(owner, kind, payload, wrong, everything=False)
    too_many = payload | {7: [[1, 321 * 64, bytes(32)]], 9: [bytes(32)] * 321}
    require(faults.refuses(kind.decode_payload, encode(too_many)), "321 chunks are read")
    return with_reserved(owner, kind, payload), malformed


def _torn(good: dict) -> dict:
    """Bundles that were cut or mixed on their way; whoever carries one can see it."""
    manifest, body = bundle.split_bundle(good["bundle"])
    cases = [
        ("a bit of the body", encode([manifest, body[:-1] + bytes([body[-1] ^ 1])])),
        ("body cut off", encode([manifest, body[:-1]])),
        ("a byte after the body", encode([manifest, body + b"\x00"])),
        ("no body", encode([manifest, b""])),
        ("no body field", encode([manifest])),
        ("a third field", encode([manifest, body, 0])),
        ("a byte left over", good["bundle"] + b"\x00"),
        ("manifest cut off", encode([manifest[:-1], body])),
        ("manifest not in a byte string", b"\x82" + manifest + encode(body)),
        ("empty", b""),
    ]
    for why, data in cases:
        require(faults.refuses(_carried, data), f"bundle, {why}: the reference carries it")
    return against(good["bundle"], cases)


def _carried(data: bytes) -> None:
    manifest, body = bundle.split_bundle(data)
    payload = documents.unverified(bundle.MANIFEST, manifest)
    pieces = bundle.chunks(body, payload[8])
    length = sum(section[1] for section in payload[7])
    if len(body) != length or [sha256(piece) for piece in pieces] != payload[9]:
        raise Refused("not the body that the manifest names")


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    bundles = _bundles(owner)
    reserved, malformed = _manifests(owner)
    require(x25519_public(owner.log_private) == owner.root[6], "the property is at odds with itself")
    return {
        "property": owner.described(),
        "origin": owner.origin,
        "sections": _sections(generator),
        "sections_malformed": _sections_malformed(generator),
        "configurations_reserved": _configurations_reserved(),
        "bundles": bundles,
        "bundles_malformed": _torn(bundles[1]),
        "manifests_reserved": reserved,
        "manifests_malformed": malformed,
    }
