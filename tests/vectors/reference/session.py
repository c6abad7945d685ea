"""Contents of transport messages: requests up, replies down."""

from dataclasses import dataclass

from .channel import BAD_MESSAGE, SESSION, UNLOCK, Command, Error, read_command, read_error
from .primitives import Reader, require, u8, u16, u32, u64

COMMAND, SIGNED_COMMAND = 0x01, 0x02
MANIFEST, CHUNK, RECEIPTS, LOG, TIME_NONCE, ATTEST, CONDITION = 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16

DONE, REFUSED, OUTCOME, MISSING, RECEIPT, LOG_REPLY, NONCE, CONDITION_REPLY = range(0x80, 0x88)
REPLIES = (DONE, REFUSED, OUTCOME, MISSING, RECEIPT, LOG_REPLY, NONCE, CONDITION_REPLY)

EXECUTED, NOT_EXECUTED, NOT_EXECUTED_BECAUSE, UNKNOWN = range(4)


@dataclass(frozen=True)
class Message:
    """A request or a reply: number, type and body; `fields` names what stands in the body."""

    number: int
    kind: int
    body: bytes = b""

    def encode(self) -> bytes:
        return u32(self.number) + u8(self.kind) + self.body


def command(number: int, moved: Command) -> Message:
    return Message(number, COMMAND, moved.encode())


def signed_command(number: int, signature: bytes, moved: Command) -> Message:
    return Message(number, SIGNED_COMMAND, signature + moved.encode())


def chunk(number: int, index: int, data: bytes) -> Message:
    return Message(number, CHUNK, u16(index) + data)


def log(number: int, first: int) -> Message:
    return Message(number, LOG, u64(first))


def outcome(number: int, command_id: bytes, what: int, error: Error | None = None) -> Message:
    return Message(number, OUTCOME, command_id + u8(what) + (error.encode() if error else b""))


def bitmap(missing: list[int], chunks: int) -> bytes:
    """Bit `i mod 8` of byte `i div 8` is chunk i."""
    packed = bytearray(-(-chunks // 8))
    for index in missing:
        packed[index // 8] |= 1 << (index % 8)
    return bytes(packed)


def log_reply(number: int, next_index: int, more: bool, segment: bytes) -> Message:
    return Message(number, LOG_REPLY, u64(next_index) + u8(more) + segment)


@dataclass(frozen=True)
class Condition:
    battery_percent: int
    deadbolt_thrown: bool
    uptime_s: int
    clock_quality: int
    clock_width_s: int
    log_entries_unacknowledged: int
    motor_moves: int

    def encode(self) -> bytes:
        return (
            u8(self.battery_percent)
            + u8(self.deadbolt_thrown)
            + u32(self.uptime_s)
            + u8(self.clock_quality)
            + u32(self.clock_width_s)
            + u32(self.log_entries_unacknowledged)
            + u32(self.motor_moves)
        )


def decode_request(content: bytes) -> Message:
    reader = Reader(content)
    number, kind = reader.number(4), reader.number(1)
    require(number != 0, "request number 0")
    body = Reader(reader.rest())
    if kind in (COMMAND, SIGNED_COMMAND):
        _command(kind, body)
    elif kind in (MANIFEST, ATTEST):
        body.rest()
    elif kind == CHUNK:
        body.number(2)
        body.rest()
    elif kind == LOG:
        body.number(8)
    elif kind not in (RECEIPTS, TIME_NONCE, CONDITION):
        body.rest()  # A type that is not known is answered with UNKNOWN_COMMAND, so it decodes.
    body.end()
    return Message(number, kind, body.data)


def _command(kind: int, body: Reader) -> Command:
    if kind == SIGNED_COMMAND:
        body.take(64)
    return read_command(body)


def refusal(request: Message) -> int | None:
    """The error that a command is refused with wherever it comes; None when it is looked at further."""
    if request.kind not in (COMMAND, SIGNED_COMMAND):
        return None
    asked = _command(request.kind, Reader(request.body)).kind
    is_bare_unlock = asked == UNLOCK and request.kind == COMMAND
    return BAD_MESSAGE if asked == SESSION or is_bare_unlock else None


def decode_reply(content: bytes) -> Message:
    reader = Reader(content)
    number, kind = reader.number(4), reader.one_of(REPLIES, "reply")
    body = Reader(reader.rest())
    if kind == REFUSED:
        read_error(body)
    elif kind == OUTCOME:
        body.take(16)
        if body.one_of((0, 1, 2, 3), "outcome") == NOT_EXECUTED_BECAUSE:
            read_error(body)
    elif kind in (MISSING, RECEIPT):
        body.rest()
    elif kind == LOG_REPLY:
        body.number(8)
        body.flag("more")
        body.rest()
    elif kind == NONCE:
        body.take(16)
    elif kind == CONDITION_REPLY:
        _condition(body)
    body.end()
    return Message(number, kind, body.data)


def _condition(body: Reader) -> None:
    require(body.number(1) <= 100, "battery over 100 percent")
    body.flag("deadbolt")
    body.number(4)
    body.one_of((0, 1, 2), "clock quality")
    body.take(12)
