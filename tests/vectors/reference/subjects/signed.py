"""What all kinds of signed documents are tried with."""

from .. import documents, faults
from ..documents import Kind
from ..edits import against
from ..form import encode
from ..primitives import require
from .property import Property


def signed_faults(owner: Property, kind: Kind, payload: dict, wrong: list[tuple[str, dict]], everything: bool) -> dict:
    """Malformed documents of a kind, all well signed unless the signature is what is wrong."""
    private, role = owner.all_roles(), kind.role
    label = documents.GRANT.label if kind is not documents.GRANT else documents.DESCRIPTOR.label
    around = faults.of_envelope(kind, encode(payload), private, owner.key_without(role), label)
    inside = faults.of_map(payload)
    if not everything:
        around, inside = faults.few_of_envelope(around), faults.few_of_map(inside)
    else:
        inside += faults.of_integer(payload, 4) + faults.of_octets(payload, 2)
    inside += [(why, encode(changed)) for why, changed in wrong]
    cases = around + [(why, documents.envelope(kind.label, data, private)) for why, data in inside]
    for why, signed in cases:
        require(faults.refuses(kind.open, signed, owner.root), f"{kind.label.decode()}, {why}: the reference reads it")
    return against(documents.envelope(kind.label, encode(payload), private), cases)


def with_reserved(owner: Property, kind: Kind, payload: dict) -> dict:
    """Documents with additions that an old lock may ignore."""
    private = owner.all_roles()
    cases = [(why, documents.envelope(kind.label, data, private)) for why, data in faults.with_reserved(payload)]
    for why, signed in cases:
        require(kind.open(signed, owner.root).items() >= payload.items(), f"{why}: something else is read")
    return against(documents.envelope(kind.label, encode(payload), private), cases)
