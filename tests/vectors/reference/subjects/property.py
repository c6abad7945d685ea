"""A property with its keys: what documents are made with."""

from .. import documents
from ..documents import Kind
from ..generator import Generator
from ..primitives import public_key, x25519_public

NOW = 1_795_521_600
DAY = 86_400
LONGEST = (605_700, 87_300, 1_800)


class Property:
    """Root version 1 lists a policy key for all roles, one for grants only and one for time only."""

    def __init__(self, generator: Generator):
        self.generator = generator
        self.property_id, self.lock_id = generator.octets(16), generator.octets(16)
        self.root_key = generator.signing_key()
        roles = (documents.ALL_ROLES, documents.ROLE_GRANT, documents.ROLE_TIME)
        self.policy = {role: generator.signing_key() for role in roles}
        self.log_private, self.origin = generator.octets(32), generator.octets(32)
        self.identity, self.holder = generator.signing_key(), generator.signing_key()
        self.root = self.root_payload(1, self.root_key)
        self.signed_root = documents.ROOT.sign(self.root, self.root_key)

    def root_payload(self, version: int, root_key: bytes, **changed) -> dict:
        policy = [(public_key(key), roles) for roles, key in self.policy.items()]
        fields = {
            "version": version,
            "property_id": self.property_id,
            "root_key": public_key(root_key),
            "policy_keys": policy,
            "longest": LONGEST,
            "log_key": x25519_public(self.log_private),
            "unlock_without_time": True,
        }
        return documents.root_payload(**(fields | changed))

    def all_roles(self) -> bytes:
        return self.policy[documents.ALL_ROLES]

    def key_without(self, role: int) -> bytes:
        """A policy key that the root lists, but not for this."""
        return self.policy[next(other for other in self.policy if not other & role)]

    def described(self) -> dict:
        return {
            "root": self.signed_root,
            "root_public": public_key(self.root_key),
            "lock_id": self.lock_id,
            "identity_public": public_key(self.identity),
            "holder_public": public_key(self.holder),
            "identity_private": self.identity,
            "log_private": self.log_private,
            "policy_private": self.all_roles(),
        }

    def opened(self, kind: Kind, signed: bytes) -> dict:
        return kind.open(signed, self.root)
