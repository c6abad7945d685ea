"""Messages of the channel: first bytes, padding, contents of both handshake messages, errors and commands."""

from dataclasses import dataclass

from .noise import Handshake
from .primitives import Reader, prefixed, require, sha256, sign, u8, u16, u32, verify

OPEN, RESUME, REQUEST = 0x01, 0x02, 0x03
ANSWER, REPLY, ALERT = 0x11, 0x12, 0x1F
LONGEST_MESSAGE = 16_384
BLOCK = 32

SLOT, GRANT, REFERENCE = 0, 1, 2
ACCEPTED, ADMITTED, REFUSED = 0, 1, 2
NEVER, NOW, AFTER, AFTER_SYNC, AFTER_THE_USER = range(5)

BAD_MESSAGE, REPLAY, UNKNOWN_COMMAND = 1, 5, 7
ERROR_CODES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23, 32, 33, 34, 48, 49)


def pad(content: bytes) -> bytes:
    plain = u16(len(content)) + content
    return plain + bytes(-len(plain) % BLOCK)


def unpad(plaintext: bytes) -> bytes:
    reader = Reader(plaintext)
    content = reader.prefixed()
    require(pad(content) == plaintext, "padding")
    return content


# --- errors ---


@dataclass(frozen=True)
class Error:
    code: int
    retry: int
    after_ms: int = 0
    may_have_executed: bool = False

    def encode(self) -> bytes:
        return u8(self.code) + u8(self.retry) + u32(self.after_ms) + u8(self.may_have_executed)


def read_error(reader: Reader) -> Error:
    code, retry = reader.one_of(ERROR_CODES, "error code"), reader.one_of((0, 1, 2, 3, 4), "retry")
    after_ms = reader.number(4)
    require(retry == AFTER or after_ms == 0, "milliseconds without `after`")
    return Error(code, retry, after_ms, reader.flag("may have executed"))


# --- commands ---

UNLOCK, STATUS, SESSION = 0x01, 0x02, 0x03


@dataclass(frozen=True)
class Command:
    kind: int
    command_id: bytes = b""
    presence: bool = False

    def encode(self) -> bytes:
        presence = u8(self.presence) if self.kind == UNLOCK else b""
        return u8(self.kind) + self.command_id + presence


def unlock(command_id: bytes, presence: bool = False) -> Command:
    return Command(UNLOCK, command_id, presence)


def status(command_id: bytes) -> Command:
    return Command(STATUS, command_id)


def read_command(reader: Reader) -> Command:
    kind = reader.one_of((UNLOCK, STATUS, SESSION), "command")
    if kind == SESSION:
        return Command(kind)
    command_id = reader.take(16)
    return Command(kind, command_id, reader.flag("presence") if kind == UNLOCK else False)


# --- message 1 ---


def to_sign(hello_hash: bytes, phone_ephemeral: bytes, grant: bytes, command: bytes) -> bytes:
    return b"keyway/1 present" + hello_hash + phone_ephemeral + sha256(grant) + command


@dataclass(frozen=True)
class Message1:
    command: Command
    lane: bytes = b""
    proof: int = SLOT
    grant: bytes = b""
    """The grant itself, or the grant id in a reference."""
    holder_key: bytes = b""
    signature: bytes = b""

    def encode(self) -> bytes:
        if self.proof == GRANT:
            proof = prefixed(self.grant) + self.holder_key + self.signature
        elif self.proof == REFERENCE:
            proof = self.grant + self.signature
        else:
            proof = b""
        return prefixed(self.lane) + u8(self.proof) + proof + self.command.encode()


def decode_message_1(content: bytes, resumed: bool) -> Message1:
    reader = Reader(content)
    lane = reader.prefixed()
    proof = reader.one_of((SLOT,) if resumed else (GRANT, REFERENCE), "proof")
    grant = holder_key = signature = b""
    if proof == GRANT:
        grant, holder_key, signature = reader.prefixed(), reader.take(33), reader.take(64)
    elif proof == REFERENCE:
        grant, signature = reader.take(16), reader.take(64)
    command = read_command(reader)
    reader.end()
    return Message1(command, lane, proof, grant, holder_key, signature)


def fits_message_1(lane_section: int, grant: int) -> bool:
    """Whether an unlock with a lane section and a grant of these lengths is a message that frames can carry."""
    command = unlock(bytes(16))
    message = Message1(command, bytes(lane_section), GRANT, bytes(grant), bytes(33), bytes(64))
    ephemeral_and_tag = 32 + 16
    return 1 + ephemeral_and_tag + len(pad(message.encode())) <= LONGEST_MESSAGE


def check_presented(
    message: Message1, hello_hash: bytes, phone_ephemeral: bytes, grant: bytes, holder_key: bytes
) -> None:
    signed = to_sign(hello_hash, phone_ephemeral, grant, message.command.encode())
    verify(holder_key, signed, message.signature)


# --- message 2 and alerts ---


@dataclass(frozen=True)
class Slot:
    slot_id: bytes
    psk: bytes


@dataclass(frozen=True)
class Message2:
    verdict: int
    error: Error | None = None
    slot: Slot | None = None
    next_hello: bytes = b""

    def encode(self) -> bytes:
        error = self.error.encode() if self.error else b""
        if self.verdict == REFUSED:
            return u8(self.verdict) + error + prefixed(self.next_hello)
        slot = u8(1) + self.slot.slot_id + self.slot.psk if self.slot else u8(0)
        return u8(self.verdict) + error + slot


def decode_message_2(content: bytes) -> Message2:
    reader = Reader(content)
    verdict = reader.one_of((ACCEPTED, ADMITTED, REFUSED), "verdict")
    error = None if verdict == ACCEPTED else read_error(reader)
    slot, hello = None, b""
    if verdict == REFUSED:
        hello = reader.prefixed()
    elif reader.flag("slot"):
        slot = Slot(reader.take(8), reader.take(32))
    reader.end()
    return Message2(verdict, error, slot, hello)


def alert(error: Error, next_hello: bytes = b"") -> bytes:
    return u8(ALERT) + error.encode() + prefixed(next_hello)


def decode_alert(message: bytes) -> tuple[Error, bytes]:
    reader = Reader(message)
    require(reader.number(1) == ALERT, "not an alert")
    error, hello = read_error(reader), reader.prefixed()
    reader.end()
    return error, hello


# --- handshakes ---


def full_prologue(suite: int, lock_id: bytes, hello_hash: bytes) -> bytes:
    return b"keyway/1 channel" + u8(suite) + lock_id + hello_hash


def resumed_prologue(suite: int, lock_id: bytes, slot_id: bytes, hello_hash: bytes) -> bytes:
    return b"keyway/1 resume" + u8(suite) + lock_id + slot_id + hello_hash


@dataclass(frozen=True)
class Meeting:
    """What phone and lock both know before message 1."""

    suite: int
    lock_id: bytes
    hello_hash: bytes
    one_time_key: bytes
    slot: Slot | None = None

    def prologue(self) -> bytes:
        if self.slot:
            return resumed_prologue(self.suite, self.lock_id, self.slot.slot_id, self.hello_hash)
        return full_prologue(self.suite, self.lock_id, self.hello_hash)

    def phone(self, ephemeral_private: bytes) -> Handshake:
        psk = self.slot.psk if self.slot else None
        return Handshake(self.prologue(), self.one_time_key, ephemeral_private, psk)

    def lock(self, ephemeral_private: bytes, one_time_private: bytes) -> Handshake:
        psk = self.slot.psk if self.slot else None
        return Handshake(self.prologue(), self.one_time_key, ephemeral_private, psk, one_time_private)

    def first_byte(self) -> bytes:
        return u8(RESUME) + self.slot.slot_id if self.slot else u8(OPEN)


def request_to_sign(handshake_hash: bytes, number: int, command: bytes) -> bytes:
    return b"keyway/1 request" + handshake_hash + u32(number) + command


def sign_request(holder_private: bytes, handshake_hash: bytes, number: int, command: Command) -> bytes:
    return sign(holder_private, request_to_sign(handshake_hash, number, command.encode()))
