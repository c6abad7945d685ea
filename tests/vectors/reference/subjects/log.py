"""Log entries, their chain and segments, and receipts."""

from .. import documents, faults, log
from ..edits import against
from ..form import encode
from ..generator import Generator
from ..log import CODE, DATED_CODE, HOLDER, KEYPAD, LOCK
from ..primitives import public_key, require, sha256
from .property import NOW, Property

BY = {HOLDER: "holder", CODE: "code", DATED_CODE: "dated code", KEYPAD: "keypad", LOCK: "lock"}
OCCASIONS = {log.LANE_APPLIED: "critical lane", log.BUNDLE_APPLIED: "bulk bundle", log.COMMAND: "command"}


def described_time(time: list) -> dict:
    return {"interval": time[1][0]} if time[0] == log.INTERVAL else {"floor": time[1][0]}


def described_entry(entry: dict) -> dict:
    described = {
        "kind": entry[0],
        "by": [BY[entry[1][0]], *entry[1][1]],
        "time": described_time(entry[2]),
        "boots": entry[3],
    }
    for key, name in ((4, "subject_id"), (5, "grant_id"), (6, "command_id"), (7, "result")):
        if key in entry:
            described[name] = entry[key]
    if 8 in entry:
        described["coalesced"] = [described_time(entry[8][0]), entry[8][1]]
    return described


def _entries(generator: Generator) -> list[dict]:
    sure, late = log.interval(NOW, NOW + 2), log.floor(NOW + 60)
    holder = [HOLDER, [generator.octets(32)]]
    subject, grant, command = (generator.octets(16) for _ in range(3))
    return [
        {0: 5, 1: [LOCK, []], 2: late, 3: 1},
        {0: 3, 1: [LOCK, []], 2: sure, 3: 1},
        {0: 4, 1: [LOCK, []], 2: sure, 3: 2**32 - 1},
        {0: 0, 1: holder, 2: sure, 3: 1, 4: subject, 5: grant, 6: command, 7: 0},
        {0: 1, 1: holder, 2: late, 3: 2, 4: subject, 5: grant, 6: command, 7: 2},
        {0: 0, 1: [CODE, [2**32 - 1]], 2: sure, 3: 2, 7: 0},
        {0: 0, 1: [DATED_CODE, [1, 9, 20_781]], 2: sure, 3: 2, 7: 1},
        {0: 0, 1: [DATED_CODE, [2, 0, 0]], 2: sure, 3: 2, 7: 0},
        {0: 2, 1: [KEYPAD, []], 2: sure, 3: 2, 8: [log.interval(NOW + 900, NOW + 902), 31]},
        {0: 2, 1: [KEYPAD, []], 2: log.floor(0), 3: 2, 8: [log.floor(5), 2]},
    ]


def _chain(owner: Property) -> tuple[list[dict], list[dict]]:
    """Entries one after the other, and segments of them."""
    generator, log_public = owner.generator, owner.root[6]
    head, sealed, heads, cases = log.EMPTY_HEAD, [], [log.EMPTY_HEAD], []
    for index, entry in enumerate(_entries(generator)):
        ephemeral, plaintext = generator.octets(32), encode(entry)
        sealed.append(log.seal_entry(log_public, owner.lock_id, index, plaintext, ephemeral))
        require(
            log.open_entry(owner.log_private, owner.lock_id, index, sealed[-1]) == entry, "an entry reads otherwise"
        )
        head = log.head_after(head, index, sealed[-1])
        heads.append(head)
        described = {"index": index, **described_entry(entry), "plaintext": plaintext, "ephemeral": ephemeral}
        cases.append({**described, "sealed": sealed[-1], "head_after": head})
    segments = []
    for first, after in ((0, 3), (3, 5), (9, 10), (4, 4)):
        segment = log.segment(owner.lock_id, first, heads[first], sealed[first:after])
        require(log.head_of(log.decode_segment(segment)) == heads[after], "a segment ends elsewhere")
        segments.append(
            {
                "first": first,
                "head_before": heads[first],
                "after": after,
                "head_after": heads[after],
                "segment": segment,
            }
        )
    return cases, segments


def _entries_malformed(owner: Property) -> dict:
    """Each sealed as entry 0, so that only the plaintext is wrong; and well made ones that are not opened so."""
    generator, log_public = owner.generator, owner.root[6]
    entry = _entries(generator)[3]
    optional = entry | {8: [log.interval(NOW, NOW), 2]}
    wrong = [
        ("kind 6", entry | {0: 6}),
        ("kind a choice", entry | {0: [0, []]}),
        ("by 5", entry | {1: [5, []]}),
        ("by a number only", entry | {1: 4}),
        ("a lock with fields", entry | {1: [LOCK, [0]]}),
        ("a holder of 31 bytes", entry | {1: [HOLDER, [bytes(31)]]}),
        ("a dated code without its day", entry | {1: [DATED_CODE, [1, 3]]}),
        ("a dated code of kind 0", entry | {1: [DATED_CODE, [0, 3, 20_781]]}),
        ("a dated code of kind 3", entry | {1: [DATED_CODE, [3, 3, 20_781]]}),
        ("a dated code of slot 10", entry | {1: [DATED_CODE, [1, 10, 20_781]]}),
        ("a dated code's day over 32 bits", entry | {1: [DATED_CODE, [1, 3, 2**32]]}),
        ("a code's id over 32 bits", entry | {1: [CODE, [2**32]]}),
        ("time a number", entry | {2: NOW}),
        ("an interval that ends before it begins", entry | {2: log.interval(NOW + 1, NOW)}),
        ("time 2", entry | {2: [2, [NOW]]}),
        ("an interval not in an array of its own", entry | {2: [0, [NOW, NOW]]}),
        ("a floor in an array of its own", entry | {2: [1, [[NOW]]]}),
        ("an interval of one end", entry | {2: [0, [[NOW]]]}),
        ("result 3", entry | {7: 3}),
        ("result null", entry | {7: None}),
        ("result a choice", entry | {7: [0, []]}),
        ("subject id of 15 bytes", entry | {4: bytes(15)}),
        ("coalesced into an interval that ends first", optional | {8: [log.interval(NOW + 1, NOW), 2]}),
        ("count over 32 bits", optional | {8: [log.floor(NOW), 2**32]}),
        ("entry too long", entry | {-1: bytes(256 - 2 - len(encode(entry)))}),
        ("coalesced without a count", optional | {8: [log.floor(NOW)]}),
        ("coalesced with a time that is a number", optional | {8: [NOW, 2]}),
    ]
    inside = faults.few_of_map(faults.of_map(entry)) + [(why, encode(changed)) for why, changed in wrong]
    good, ephemeral = encode(entry), generator.octets(32)
    cases = [(why, log.seal_entry(log_public, owner.lock_id, 0, data, ephemeral)) for why, data in inside]
    other_lock = log.seal_entry(log_public, generator.octets(16), 0, good, ephemeral)
    cases += [
        ("sealed as another index", log.seal_entry(log_public, owner.lock_id, 1, good, ephemeral)),
        ("sealed for another lock", other_lock),
        ("sealed as a receipt", log.seal_receipt(log_public, owner.lock_id, good, ephemeral)),
        ("sealed to another key", log.seal_entry(generator.octets(32), owner.lock_id, 0, good, ephemeral)),
        ("47 bytes", bytes(47)),
        ("empty", b""),
    ]
    for why, sealed in cases:
        refused = faults.refuses(log.open_entry, owner.log_private, owner.lock_id, 0, sealed)
        require(refused, f"entry, {why}: the reference reads it")
    return against(log.seal_entry(log_public, owner.lock_id, 0, good, ephemeral), cases)


def _entries_reserved(owner: Property) -> dict:
    log_public, ephemeral = owner.root[6], owner.generator.octets(32)
    entry = _entries(owner.generator)[0]

    def sealed(data: bytes) -> bytes:
        return log.seal_entry(log_public, owner.lock_id, 0, data, ephemeral)

    cases = [(why, sealed(data)) for why, data in faults.with_reserved(entry)]
    for why, data in cases:
        read = log.open_entry(owner.log_private, owner.lock_id, 0, data)
        require(read == entry, f"{why}: something else is read")
    return against(sealed(encode(entry)), cases)


def _segments_reserved(owner: Property) -> dict:
    payload = {0: owner.lock_id, 1: 3, 2: owner.generator.octets(32), 3: [owner.generator.octets(60)]}
    cases = faults.with_reserved(payload)
    for why, data in cases:
        require(log.decode_segment(data) == payload, f"{why}: something else is read")
    return against(encode(payload), cases)


def _segments_malformed(owner: Property) -> dict:
    payload = {0: owner.lock_id, 1: 3, 2: owner.generator.octets(32), 3: [owner.generator.octets(60)]}
    wrong = [
        ("head of 31 bytes", payload | {2: bytes(31)}),
        ("an entry that is a text", payload | {3: ["entry"]}),
        ("entries in a byte string", payload | {3: bytes(60)}),
        ("index a text", payload | {1: "3"}),
    ]
    cases = faults.of_map(payload) + faults.of_integer(payload, 1) + [(w, encode(changed)) for w, changed in wrong]
    for why, data in cases:
        require(faults.refuses(log.decode_segment, data), f"segment, {why}: the reference reads it")
    return against(encode(payload), cases)


# --- receipts ---

RECEIPT_NAMES = (
    "lock_id",
    "number",
    "previous",
    "root_version",
    "key_epoch",
    "crit_seq",
    "bulk_seq",
    "log_entries",
    "log_head",
    "boots",
)


def described_receipt(payload: dict) -> dict:
    described = {name: payload[key] for key, name in enumerate(RECEIPT_NAMES)}
    return described | {
        "time": described_time(payload[10]),
        "volatile": payload[11],
        "obsolete": payload[12],
        "battery_percent": payload[13],
        "occasion": [OCCASIONS[payload[14][0]], *payload[14][1]],
    }


def _receipt(owner: Property, number: int, previous: bytes, **changed) -> dict:
    generator = owner.generator
    fields = {
        "time": log.interval(NOW, NOW + 2),
        "volatile": False,
        "obsolete": False,
        "battery": 80,
        "occasion": [log.LANE_APPLIED, []],
    } | changed
    heads = generator.octets(32)
    payload = dict(enumerate((owner.lock_id, number, previous, 1, 0, 2 + number, 4, 10 + number, heads, 3)))
    values = ("time", "volatile", "obsolete", "battery", "occasion")
    return payload | {10 + place: fields[name] for place, name in enumerate(values)}


def _receipts(owner: Property) -> list[dict]:
    generator, log_public = owner.generator, owner.root[6]
    command = [log.COMMAND, [generator.octets(32), generator.octets(16), 2]]
    variants = [
        {},
        {"occasion": [log.BUNDLE_APPLIED, []], "time": log.floor(NOW), "obsolete": True},
        {"occasion": command, "battery": 100, "volatile": True},
        {"occasion": command, "battery": 0},
    ]
    previous, cases = bytes(32), []
    for number, changed in enumerate(variants, 1):
        payload = _receipt(owner, number, previous, **changed)
        previous = sha256(encode(payload))
        signed, ephemeral = log.RECEIPT.sign(payload, owner.identity), generator.octets(32)
        sealed = log.seal_receipt(log_public, owner.lock_id, signed, ephemeral)
        opened = log.open_receipt(owner.log_private, owner.lock_id, public_key(owner.identity), sealed)
        require(opened == payload, "a receipt reads otherwise")
        cases.append({**described_receipt(payload), "ephemeral": ephemeral, "sealed": sealed})
    return cases


def _receipts_malformed(owner: Property) -> dict:
    generator, log_public, identity = owner.generator, owner.root[6], owner.identity
    payload, kind = _receipt(owner, 2, generator.octets(32)), log.RECEIPT
    wrong = [
        ("number 0", payload | {1: 0}),
        ("number 1 that follows another", payload | {1: 1}),
        ("an interval that ends before it begins", payload | {10: log.interval(NOW + 1, NOW)}),
        ("payload too long", payload | {-1: bytes(512 - 3 - len(encode(payload)))}),
        ("battery 101 percent", payload | {13: 101}),
        ("time a number", payload | {10: NOW}),
        ("volatile a number", payload | {11: 1}),
        ("occasion 3", payload | {14: [3, []]}),
        ("occasion a number only", payload | {14: 0}),
        ("a critical lane with fields", payload | {14: [0, [0]]}),
        ("a command without fields", payload | {14: [2, []]}),
        ("a command without a result", payload | {14: [2, [bytes(32), bytes(16)]]}),
        ("result 3", payload | {14: [2, [bytes(32), bytes(16), 3]]}),
        ("result a choice", payload | {14: [2, [bytes(32), bytes(16), [0, []]]]}),
        ("head of 31 bytes", payload | {8: bytes(31)}),
    ]
    around = faults.of_envelope(kind, encode(payload), identity, owner.holder, documents.GRANT.label)
    inside = faults.few_of_map(faults.of_map(payload)) + faults.over_32_bits(payload, 3, 4, 9)
    inside += [(why, encode(changed)) for why, changed in wrong]
    signed = faults.few_of_envelope(around)
    signed += [(why, documents.envelope(kind.label, data, identity)) for why, data in inside]
    good, ephemeral = kind.sign(payload, identity), generator.octets(32)
    cases = [(why, log.seal_receipt(log_public, owner.lock_id, data, ephemeral)) for why, data in signed]
    elsewhere = kind.sign(payload | {0: generator.octets(16)}, identity)
    cases += [
        ("sealed for another lock", log.seal_receipt(log_public, bytes(16), good, ephemeral)),
        ("sealed to another key", log.seal_receipt(generator.octets(32), owner.lock_id, good, ephemeral)),
        ("about another lock", log.seal_receipt(log_public, owner.lock_id, elsewhere, ephemeral)),
        ("not sealed", good),
        ("47 bytes", bytes(47)),
    ]
    for why, sealed in cases:
        refused = faults.refuses(log.open_receipt, owner.log_private, owner.lock_id, public_key(identity), sealed)
        require(refused, f"receipt, {why}: the reference reads it")
    return against(log.seal_receipt(log_public, owner.lock_id, good, ephemeral), cases)


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    entries, segments = _chain(owner)
    return {
        "property": owner.described(),
        "entries": entries,
        "entries_reserved": _entries_reserved(owner),
        "entries_malformed": _entries_malformed(owner),
        "segments": segments,
        "segments_reserved": _segments_reserved(owner),
        "segments_malformed": _segments_malformed(owner),
        "receipts": _receipts(owner),
        "receipts_malformed": _receipts_malformed(owner),
    }
