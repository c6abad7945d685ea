"""Key epochs: what lock and service derive from the origin secret."""

from .primitives import hkdf, x25519_public


def root_seed(origin: bytes, root_version: int) -> bytes:
    seed = origin
    for _ in range(root_version - 1):
        seed = hkdf(seed, b"keyway/1 next root")
    return seed


def epoch_seed(origin: bytes, root_version: int, epoch: int) -> bytes:
    seed = hkdf(root_seed(origin, root_version), b"keyway/1 epoch base")
    for _ in range(epoch):
        seed = hkdf(seed, b"keyway/1 epoch step")
    return seed


def hint_key(origin: bytes, root_version: int, epoch: int) -> bytes:
    return hkdf(epoch_seed(origin, root_version, epoch), b"keyway/1 epoch hint")


def sealing_key(origin: bytes, root_version: int, epoch: int) -> bytes:
    return hkdf(epoch_seed(origin, root_version, epoch), b"keyway/1 epoch sealing")


def sealing_public(origin: bytes, root_version: int, epoch: int) -> bytes:
    return x25519_public(sealing_key(origin, root_version, epoch))
