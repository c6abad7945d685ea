"""Conventions of the text: hashes, keys, signatures, fields of bytes, and one way to refuse."""

import hashlib
import hmac as keyed_hash
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNATURE_LENGTH = 64
PUBLIC_KEY_LENGTH = 33
_ES256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class Refused(Exception):
    """A decoder, a check or the judge says no; the text of the exception says why."""


def require(holds: bool, why: str) -> None:
    if not holds:
        raise Refused(why)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hmac(key: bytes, data: bytes) -> bytes:
    return keyed_hash.digest(key, data, "sha256")


def hkdf(key: bytes, info: bytes, length: int = 32) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(key)


def chacha20_stream(key: bytes, length: int) -> bytes:
    """The key stream from counter 0 under nonce 0."""
    cipher = Cipher(algorithms.ChaCha20(key, bytes(16)), mode=None)
    return cipher.encryptor().update(bytes(length))


def exclusive_or(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def x25519_public(private: bytes) -> bytes:
    return x25519.X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def x25519_shared(private: bytes, public: bytes) -> bytes:
    key = x25519.X25519PrivateKey.from_private_bytes(private)
    try:
        return key.exchange(x25519.X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise Refused("X25519 gave zero") from error


def _signing_key(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private), ec.SECP256R1())


def public_key(private: bytes) -> bytes:
    """The compressed point of a P-256 private key."""
    form = serialization.PublicFormat.CompressedPoint
    return _signing_key(private).public_key().public_bytes(serialization.Encoding.X962, form)


def sign(private: bytes, data: bytes) -> bytes:
    """ES256 with the nonce of RFC 6979, `s` brought to its low form."""
    r, s = utils.decode_dss_signature(_signing_key(private).sign(data, _ES256))
    return r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)


def high_form(signature: bytes) -> bytes:
    """The other signature that plain ECDSA would take as well, and this protocol does not."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:])).to_bytes(32)


def check_public_key(public: bytes) -> ec.EllipticCurvePublicKey:
    require(len(public) == PUBLIC_KEY_LENGTH and public[0] in (2, 3), "not a compressed point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError as error:
        raise Refused("not a point of the curve") from error


def verify(public: bytes, data: bytes, signature: bytes) -> None:
    require(len(signature) == SIGNATURE_LENGTH, "signature length")
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    require(0 < s <= ORDER // 2, "signature is not in its low form")
    key = check_public_key(public)
    try:
        key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Refused("signature") from error


def key_id(public: bytes) -> bytes:
    return sha256(public)[:8]


def holder_hash(public: bytes) -> bytes:
    return sha256(public)


def u8(value: int) -> bytes:
    return value.to_bytes(1)


def u16(value: int) -> bytes:
    return value.to_bytes(2)


def u32(value: int) -> bytes:
    return value.to_bytes(4)


def u64(value: int) -> bytes:
    return value.to_bytes(8)


def prefixed(data: bytes) -> bytes:
    return u16(len(data)) + data


@dataclass
class Reader:
    """Takes fields off the front; what is left at the end is refused."""

    data: bytes
    at: int = 0

    def take(self, length: int) -> bytes:
        require(self.at + length <= len(self.data), "too short")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length))

    def one_of(self, allowed: tuple[int, ...], what: str) -> int:
        value = self.number(1)
        require(value in allowed, f"{what} out of range")
        return value

    def flag(self, what: str) -> bool:
        return bool(self.one_of((0, 1), what))

    def prefixed(self) -> bytes:
        return self.take(self.number(2))

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.at)

    def end(self) -> None:
        require(self.at == len(self.data), "bytes left over")
