"""Root documents and chains of them."""

from .. import documents, faults
from ..edits import against
from ..form import encode
from ..generator import Generator
from ..primitives import Refused, public_key, require
from .property import LONGEST, Property


def described_root(payload: dict) -> dict:
    return {
        "version": payload[0],
        "property_id": payload[1],
        "root_key": payload[3],
        "policy_keys": payload[4],
        "longest": payload[5],
        "log_key": payload[6],
        "unlock_without_time": payload[7],
    }


def _roots(owner: Property) -> list[dict]:
    generator = owner.generator
    many = [(public_key(generator.signing_key()), generator.integer(1, 31)) for _ in range(16)]
    payloads = [
        owner.root,
        owner.root_payload(2**32 - 1, generator.signing_key(), policy_keys=many, unlock_without_time=False),
        owner.root_payload(7, owner.root_key, policy_keys=[], longest=(0, 2**64 - 1, 2**16)),
    ]
    cases = []
    for payload in payloads:
        signer = owner.root_key if payload is owner.root else generator.signing_key()
        signed = documents.ROOT.sign(payload, signer)
        require(documents.ROOT.open_under(signed, public_key(signer)) == payload, "a root reads otherwise")
        cases.append({"signer_private": signer, **described_root(payload), "signed": signed})
    return cases


def _roots_malformed(owner: Property) -> dict:
    kind, private = documents.ROOT, owner.root_key
    payload = owner.root_payload(1, private, policy_keys=[(public_key(owner.all_roles()), documents.ALL_ROLES)])
    key = payload[4][0][0]
    many = [[public_key(owner.generator.signing_key()), 1] for _ in range(17)]
    wrong = [
        ("version 0", payload | {0: 0}),
        ("another algorithm", payload | {2: -35}),
        ("17 policy keys", payload | {4: many}),
        ("a policy key twice", payload | {4: [[key, 1], [key, 2]]}),
        ("a policy key twice, with others between", payload | {4: [[key, 1], *many[:2], [key, 1]]}),
        ("no roles", payload | {4: [[key, 0]]}),
        ("a role that is none", payload | {4: [[key, 0x20]]}),
        ("every role and one that is none", payload | {4: [[key, 0x3F]]}),
        ("policy key not on the curve", payload | {4: [[b"\x02" + b"\xff" * 32, 2]]}),
        ("policy key not compressed", payload | {4: [[b"\x04" + key[1:], 2]]}),
        ("policy key without roles", payload | {4: [[key]]}),
        ("roles a flag", payload | {4: [[key, True]]}),
        ("a policy key with three fields", payload | {4: [[key, 2, 0]]}),
        ("root key of 32 bytes", payload | {3: payload[3][:-1]}),
        ("two lease terms", payload | {5: list(LONGEST[:2])}),
        ("four lease terms", payload | {5: [*LONGEST, 1]}),
        ("log key of 31 bytes", payload | {6: payload[6][:-1]}),
        ("a number instead of a flag", payload | {7: 1}),
    ]
    too_long = payload | {-1: bytes(1024 - 3 - len(encode(payload)))}
    wrong.append(("payload too long", too_long))
    around = faults.of_envelope(kind, encode(payload), private, owner.all_roles(), documents.GRANT.label)
    cases = faults.few_of_envelope(around)
    inside = faults.few_of_map(faults.of_map(payload)) + faults.of_integer(payload, 0)
    inside += faults.over_32_bits(payload, 0)
    inside += faults.of_octets(payload, 1) + [(why, encode(changed)) for why, changed in wrong]
    cases += [(why, documents.envelope(kind.label, data, private)) for why, data in inside]
    for why, signed in cases:
        require(faults.refuses(kind.open_under, signed, public_key(private)), f"root, {why}: the reference reads it")
    good = documents.envelope(kind.label, encode(payload), private)
    return {"signer": public_key(private), **against(good, cases)}


class Chains:
    """Root versions, each signed by the one before, and some that are not what they should be. Cases name them."""

    def __init__(self, owner: Property):
        self.owner = owner
        self.keys = [owner.root_key, *(owner.generator.signing_key() for _ in range(5))]
        self.named = {str(number): self.version(number) for number in range(1, 7)}
        self.named |= {
            "2, signed by a policy key": self.version(2, owner.all_roles()),
            "2, signed by its own key": self.version(2, self.keys[1]),
            "2, of another property": self.version(2, property_id=owner.generator.octets(16)),
            "2, cut off": self.named["2"][:-1],
        }

        first = documents.open_first_root(self.named["1"])
        require(first == documents.unverified(documents.ROOT, self.named["1"]), "the first version reads otherwise")

    def version(self, number: int, signer: bytes | None = None, **changed) -> bytes:
        payload = self.owner.root_payload(number, self.keys[number - 1], policy_keys=[], **changed)
        return documents.ROOT.sign(payload, signer or self.keys[max(number - 2, 0)])

    def climbs(self) -> list[dict]:
        """From a believed version along a chain: the version reached, or none when the chain does not hold."""
        cases = [
            (1, ["1", "2"]),
            (3, ["1", "2", "3"]),
            (3, ["1", "2"]),
            (2, ["1", "2", "3", "4"]),
            (1, ["2", "3", "4", "5"]),
            (1, ["1", "2", "3", "4", "5", "6"]),
            (1, ["1", "3"]),
            (2, ["1", "3"]),
            (1, ["3", "2"]),
            (1, ["1", "2, signed by a policy key"]),
            (1, ["1", "2, signed by its own key"]),
            (1, ["1", "2, of another property"]),
            (1, ["1", "2, cut off"]),
        ]
        return [{"believed": at, "chain": chain, "reaches": self._reached(at, chain)} for at, chain in cases]

    def _reached(self, at: int, chain: list[str]) -> int | None:
        believed = documents.unverified(documents.ROOT, self.named[str(at)])
        try:
            return documents.follow([self.named[name] for name in chain], believed)[0]
        except Refused:
            return None

    def starts(self) -> list[dict]:
        """A phone begins at the first version that its pinned key signed."""
        pin = [public_key(key) for key in self.keys]
        cases = [
            ("key of version 1", pin[0], ["1", "2", "3"], 3),
            ("key of version 2", pin[1], ["1", "2", "3", "4"], 4),
            ("key of version 3", pin[2], ["1", "2", "3", "4"], 4),
            ("a key that signed none of it", pin[3], ["1", "2", "3", "4"], None),
            ("a policy key", public_key(self.owner.all_roles()), ["1", "2", "3", "4"], None),
            ("a gap after the start", pin[0], ["1", "3"], None),
            ("a gap before the start", pin[2], ["1", "4"], 4),
        ]
        for why, key, chain, reaches in cases:
            require(self._start(key, chain) == reaches, f"pinned {why}: the reference is elsewhere")
        return [{"pinned": key, "why": why, "chain": chain, "reaches": reaches} for why, key, chain, reaches in cases]

    def _start(self, pinned: bytes, chain: list[str]) -> int | None:
        try:
            return documents.follow_pinned([self.named[name] for name in chain], pinned)[0]
        except Refused:
            return None


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    chains = Chains(owner)
    return {
        "roots": _roots(owner),
        "roots_malformed": _roots_malformed(owner),
        "versions": chains.named,
        "chains": chains.climbs(),
        "chains_pinned": chains.starts(),
    }
