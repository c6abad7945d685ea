"""Noise revision 34, as far as the protocol goes: NK, NKpsk0 and the one-way N."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .primitives import Refused, hmac, require, sha256, x25519_public, x25519_shared

TAG = 16
KEY = 32


def derive_keys(chaining_key: bytes, material: bytes, count: int) -> list[bytes]:
    """Noise's own HKDF; HKDF of RFC 5869 with the chaining key as salt."""
    temporary = hmac(chaining_key, material)
    outputs, previous = [], b""
    for index in range(1, count + 1):
        previous = hmac(temporary, previous + bytes([index]))
        outputs.append(previous)
    return outputs


@dataclass
class CipherState:
    key: bytes
    nonce: int = 0

    def _next_nonce(self) -> bytes:
        nonce = bytes(4) + self.nonce.to_bytes(8, "little")
        self.nonce += 1
        return nonce

    def encrypt(self, plaintext: bytes, associated: bytes = b"") -> bytes:
        return ChaCha20Poly1305(self.key).encrypt(self._next_nonce(), plaintext, associated)

    def decrypt(self, ciphertext: bytes, associated: bytes = b"") -> bytes:
        require(len(ciphertext) >= TAG, "ciphertext too short")
        try:
            return ChaCha20Poly1305(self.key).decrypt(self._next_nonce(), ciphertext, associated)
        except InvalidTag as error:
            raise Refused("does not decrypt") from error


class SymmetricState:
    def __init__(self, name: str, prologue: bytes):
        label = name.encode()
        self.hash = label.ljust(32, b"\0") if len(label) <= 32 else sha256(label)
        self.chaining_key = self.hash
        self.cipher: CipherState | None = None
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        self.hash = sha256(self.hash + data)

    def mix_key(self, material: bytes) -> None:
        self.chaining_key, key = derive_keys(self.chaining_key, material, 2)
        self.cipher = CipherState(key)

    def mix_key_and_hash(self, material: bytes) -> None:
        self.chaining_key, hashed, key = derive_keys(self.chaining_key, material, 3)
        self.mix_hash(hashed)
        self.cipher = CipherState(key)

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        assert self.cipher, "every payload of these patterns is encrypted"
        ciphertext = self.cipher.encrypt(plaintext, self.hash)
        self.mix_hash(ciphertext)
        return ciphertext

    def decrypt_and_hash(self, ciphertext: bytes) -> bytes:
        assert self.cipher, "every payload of these patterns is encrypted"
        plaintext = self.cipher.decrypt(ciphertext, self.hash)
        self.mix_hash(ciphertext)
        return plaintext

    def split(self) -> tuple[CipherState, CipherState]:
        first, second = derive_keys(self.chaining_key, b"", 2)
        return CipherState(first), CipherState(second)


@dataclass
class Transport:
    """Both directions after the handshake, and the hash that names it."""

    sending: CipherState
    receiving: CipherState
    handshake_hash: bytes


@dataclass
class Handshake:
    """NK, or NKpsk0 when there is a psk. One object plays one end."""

    prologue: bytes
    responder_static: bytes
    ephemeral_private: bytes
    psk: bytes | None = None
    responder_static_private: bytes | None = None
    state: SymmetricState = field(init=False)
    remote_ephemeral: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        pattern = "NK" if self.psk is None else "NKpsk0"
        self.state = SymmetricState(f"Noise_{pattern}_25519_ChaChaPoly_SHA256", self.prologue)
        self.state.mix_hash(self.responder_static)

    def _begin(self) -> None:
        if self.psk is not None:
            self.state.mix_key_and_hash(self.psk)

    def _mix_ephemeral(self, public: bytes) -> None:
        self.state.mix_hash(public)
        if self.psk is not None:
            self.state.mix_key(public)

    def _read_ephemeral(self, message: bytes) -> bytes:
        require(len(message) >= KEY + TAG, "Noise message too short")
        self.remote_ephemeral = message[:KEY]
        self._mix_ephemeral(self.remote_ephemeral)
        return message[KEY:]

    def write_message_1(self, payload: bytes) -> bytes:
        """Initiator: [psk], e, es."""
        self._begin()
        public = x25519_public(self.ephemeral_private)
        self._mix_ephemeral(public)
        self.state.mix_key(x25519_shared(self.ephemeral_private, self.responder_static))
        return public + self.state.encrypt_and_hash(payload)

    def read_message_1(self, message: bytes) -> bytes:
        assert self.responder_static_private, "this end is the responder"
        self._begin()
        ciphertext = self._read_ephemeral(message)
        self.state.mix_key(x25519_shared(self.responder_static_private, self.remote_ephemeral))
        return self.state.decrypt_and_hash(ciphertext)

    def write_message_2(self, payload: bytes) -> bytes:
        """Responder: e, ee."""
        public = x25519_public(self.ephemeral_private)
        self._mix_ephemeral(public)
        self.state.mix_key(x25519_shared(self.ephemeral_private, self.remote_ephemeral))
        return public + self.state.encrypt_and_hash(payload)

    def read_message_2(self, message: bytes) -> bytes:
        ciphertext = self._read_ephemeral(message)
        self.state.mix_key(x25519_shared(self.ephemeral_private, self.remote_ephemeral))
        return self.state.decrypt_and_hash(ciphertext)

    def transport(self) -> Transport:
        up, down = self.state.split()
        if self.responder_static_private is None:
            return Transport(up, down, self.state.hash)
        return Transport(down, up, self.state.hash)


_ONE_WAY = "Noise_N_25519_ChaChaPoly_SHA256"
_SEAL = b"keyway/1 seal"


def seal(recipient: bytes, context: bytes, plaintext: bytes, ephemeral_private: bytes) -> bytes:
    """One message of pattern N: e, es."""
    state = SymmetricState(_ONE_WAY, _SEAL + context)
    state.mix_hash(recipient)
    public = x25519_public(ephemeral_private)
    state.mix_hash(public)
    state.mix_key(x25519_shared(ephemeral_private, recipient))
    return public + state.encrypt_and_hash(plaintext)


def open_sealed(recipient_private: bytes, context: bytes, sealed: bytes) -> bytes:
    require(len(sealed) >= KEY + TAG, "sealed bytes too short")
    state = SymmetricState(_ONE_WAY, _SEAL + context)
    state.mix_hash(x25519_public(recipient_private))
    state.mix_hash(sealed[:KEY])
    state.mix_key(x25519_shared(recipient_private, sealed[:KEY]))
    return state.decrypt_and_hash(sealed[KEY:])
