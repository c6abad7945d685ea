"""Plaintexts of the channel as they are encrypted, alerts, and plaintexts that do not decode."""

from collections.abc import Callable

from .. import channel
from ..channel import Command, Error, Message1, Message2, Slot, pad
from ..edits import against
from ..generator import Generator
from ..primitives import Refused, public_key, require

COMMANDS = {channel.UNLOCK: "unlock", channel.STATUS: "status", channel.SESSION: "session"}
PROOFS = {channel.SLOT: "slot", channel.GRANT: "grant", channel.REFERENCE: "reference"}


def described_command(command: Command) -> dict:
    described = {"command": COMMANDS[command.kind]}
    if command.kind != channel.SESSION:
        described["command_id"] = command.command_id
    if command.kind == channel.UNLOCK:
        described["presence"] = command.presence
    return described


def described_error(error: Error) -> list:
    return [error.code, error.retry, error.after_ms, error.may_have_executed]


def _commands(generator: Generator) -> list[Command]:
    return [
        channel.unlock(generator.octets(16)),
        channel.unlock(generator.octets(16), presence=True),
        channel.status(generator.octets(16)),
        Command(channel.SESSION),
    ]


def _messages_1(generator: Generator) -> list[tuple[bool, Message1]]:
    commands, holder = _commands(generator), public_key(generator.signing_key())
    messages = []
    for index, command in enumerate(commands):
        lane = generator.octets(20 * index)
        grant, signature = generator.octets(40 + index), generator.octets(64)
        messages.append((False, Message1(command, lane, channel.GRANT, grant, holder, signature)))
        messages.append((False, Message1(command, b"", channel.REFERENCE, grant[:16], b"", signature)))
        messages.append((True, Message1(command, lane)))
    # A content that fills its block exactly: nothing is added.
    messages.append((True, Message1(commands[0], generator.octets(30 - 1 - 2 - 18))))
    return messages


def _message_1_cases(generator: Generator) -> list[dict]:
    cases = []
    for resumed, message in _messages_1(generator):
        plaintext = pad(message.encode())
        require(channel.decode_message_1(channel.unpad(plaintext), resumed) == message, "message 1 reads otherwise")
        cases.append(
            {
                "resumed": resumed,
                "lane": message.lane,
                "proof": PROOFS[message.proof],
                "grant": message.grant,
                "holder_key": message.holder_key,
                "signature": message.signature,
                **described_command(message.command),
                "plaintext": plaintext,
            }
        )
    return cases


def errors() -> list[Error]:
    usual = {6: (2, 1000), 8: (2, 1000), 10: (3, 0), 32: (4, 0), 19: (0, 0)}
    listed = [Error(code, *usual.get(code, (1, 0))) for code in channel.ERROR_CODES]
    return [*listed, Error(33, 4, 0, True), Error(6, 2, 2**32 - 1), Error(6, 2, 0)]


def _message_2_cases(generator: Generator) -> list[dict]:
    slot = Slot(generator.octets(8), generator.octets(32))
    messages = [Message2(channel.ACCEPTED), Message2(channel.ACCEPTED, slot=slot)]
    messages += [Message2(channel.ADMITTED, error, slot) for error in errors()[:3]]
    messages += [Message2(channel.ADMITTED, error) for error in errors()[3:12]]
    messages += [Message2(channel.REFUSED, error) for error in errors()[12:]]
    messages.append(Message2(channel.REFUSED, Error(9, 1), next_hello=generator.octets(152)))
    cases = []
    for message in messages:
        plaintext = pad(message.encode())
        require(channel.decode_message_2(channel.unpad(plaintext)) == message, "message 2 reads otherwise")
        case = {"verdict": message.verdict, "plaintext": plaintext, "next_hello": message.next_hello}
        if message.error:
            case["error"] = described_error(message.error)
        if message.slot:
            case["slot_id"], case["psk"] = message.slot.slot_id, message.slot.psk
        cases.append(case)
    return cases


def _alerts(generator: Generator) -> list[dict]:
    cases = []
    for error in (Error(1, 1), Error(3, 1), Error(4, 1)):
        for hello in (b"", generator.octets(152)):
            message = channel.alert(error, hello)
            require(channel.decode_alert(message) == (error, hello), "an alert reads otherwise")
            cases.append({"error": described_error(error), "next_hello": hello, "message": message})
    return cases


def _refuses(decode: Callable, plaintext: bytes) -> bool:
    try:
        decode(channel.unpad(plaintext))
    except Refused:
        return True
    return False


def _paddings(content: bytes) -> list[tuple[str, bytes]]:
    padded = pad(content)
    return [
        ("empty", b""),
        ("length cut off", padded[:1]),
        ("not a multiple of 32", padded[:-1]),
        ("padding is not zero", padded[:-1] + b"\x01"),
        ("a block too many", padded + bytes(32)),
        ("content longer than the plaintext", b"\xff\xff" + padded[2:]),
        ("not padded", content),
    ]


def _malformed_message_1(generator: Generator) -> dict:
    command, lane = channel.unlock(generator.octets(16)), generator.octets(20)
    holder, signature, grant = public_key(generator.signing_key()), generator.octets(64), generator.octets(60)
    full = Message1(command, lane, channel.GRANT, grant, holder, signature).encode()
    resumed = Message1(command, lane).encode()
    reference = Message1(command, lane, channel.REFERENCE, grant[:16], b"", signature).encode()
    proof_at = 2 + len(lane)
    contents = [
        (False, "proof 3", full[:proof_at] + b"\x03" + full[proof_at + 1 :]),
        (False, "proof slot in a full handshake", resumed),
        (True, "proof grant in a resumed handshake", full),
        (True, "proof reference in a resumed handshake", reference),
        (False, "command 0", full[:-18] + b"\x00" + full[-17:]),
        (False, "command 4", full[:-18] + b"\x04" + full[-17:]),
        (False, "presence 2", full[:-1] + b"\x02"),
        (False, "no presence", full[:-1]),
        (False, "no command", full[:-18]),
        (False, "a byte left over", full + b"\x00"),
        (True, "a byte left over after a session", Message1(Command(channel.SESSION)).encode() + b"\x00"),
        (False, "lane longer than the content", b"\xff\xff" + full[2:]),
        (False, "grant longer than the content", full[: proof_at + 1] + b"\xff\xff" + full[proof_at + 3 :]),
        (True, "empty content", b""),
    ]
    cases = [(r, why, pad(content)) for r, why, content in contents]
    cases += [(True, why, plaintext) for why, plaintext in _paddings(resumed)]
    for in_resumed, why, plaintext in cases:
        refused = _refuses(lambda c, r=in_resumed: channel.decode_message_1(c, r), plaintext)
        require(refused, f"message 1, {why}: the reference reads it")
    return {
        name: against(pad(base), [(why, plaintext) for r, why, plaintext in cases if r == in_resumed])
        for name, base, in_resumed in (("full", full, False), ("resumed", resumed, True))
    }


def _longest() -> list[list]:
    """Lengths of lane section and grant, and whether an unlock with both is a message that frames carry."""
    grants = (1, 200, 612)
    return [
        [section, grant, channel.fits_message_1(section, grant)]
        for grant in grants
        for section in (16_198 - grant - 1, 16_198 - grant, 16_198 - grant + 1, 16_198 - grant + 32, 60_000)
    ]


def faulty_errors() -> list[tuple[str, bytes]]:
    good = Error(6, 2, 1000, False).encode()
    return [
        ("error code 0", b"\x00" + good[1:]),
        ("error code 12", b"\x0c" + good[1:]),
        ("error code 50", b"\x32" + good[1:]),
        ("retry 5", good[:1] + b"\x05" + bytes(4) + good[6:]),
        ("milliseconds with retry now", good[:1] + b"\x01" + good[2:]),
        ("milliseconds with retry never", good[:1] + b"\x00" + good[2:]),
        ("may have executed 2", good[:6] + b"\x02"),
        ("error cut off", good[:6]),
    ]


def malformed(decode: Callable, contents: list[tuple[str, bytes]]) -> list[dict]:
    cases = [(why, pad(content)) for why, content in contents]
    for why, plaintext in cases:
        require(_refuses(decode, plaintext), f"{why}: the reference reads it")
    return [{"why": why, "plaintext": plaintext} for why, plaintext in cases]


def _malformed_message_2(generator: Generator) -> list[dict]:
    slot = Slot(generator.octets(8), generator.octets(32))
    good = Message2(channel.ACCEPTED, slot=slot).encode()
    contents = [
        ("verdict 3", b"\x03" + good[1:]),
        ("slot flag 2", good[:1] + b"\x02" + good[2:]),
        ("psk cut off", good[:-1]),
        ("a byte left over", good + b"\x00"),
        ("no slot flag", good[:1]),
        ("slot announced and missing", b"\x00\x01"),
        ("next hello longer than the content", b"\x02" + Error(9, 1).encode() + b"\x00\x98"),
        ("empty content", b""),
    ]
    contents += [(why, b"\x01" + error + b"\x00") for why, error in faulty_errors()]
    return malformed(channel.decode_message_2, contents)


def _malformed_alerts(generator: Generator) -> dict:
    good = channel.alert(Error(3, 1), generator.octets(152))
    cases = [
        ("a byte left over", good + b"\x00"),
        ("hello cut off", good[:-1]),
        ("no hello field", good[:8]),
        ("type only", good[:1]),
    ]
    cases += [(why, good[:1] + error + good[8:]) for why, error in faulty_errors()]
    for why, message in cases:
        try:
            channel.decode_alert(message)
        except Refused:
            continue
        raise AssertionError(f"alert, {why}: the reference reads it")
    others = [("empty", b""), ("type 0", b"\x00"), ("type 0x04", b"\x04x"), ("slot id cut off", b"\x02" + bytes(7))]
    return against(good, cases + others)


def vectors(generator: Generator) -> dict:
    return {
        "message_1": _message_1_cases(generator),
        "message_1_malformed": _malformed_message_1(generator),
        "message_1_longest": _longest(),
        "message_2": _message_2_cases(generator),
        "message_2_malformed": _malformed_message_2(generator),
        "alerts": _alerts(generator),
        "messages_malformed": _malformed_alerts(generator),
    }
