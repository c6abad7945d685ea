"""Plaintexts of requests and replies, and some that do not decode."""

from .. import channel, session
from ..channel import Command, Error, pad
from ..generator import Generator
from ..primitives import require, u32
from ..session import Condition
from .channel import described_command, described_error, faulty_errors, malformed


def requests(generator: Generator) -> list[dict]:
    """Every request, described and as content."""
    command_id, signature = generator.octets(16), generator.octets(64)
    number = generator.integer(1, 2**32 - 1)
    unlock, status = channel.unlock(command_id, True), channel.status(command_id)
    manifest, chunk, attest = generator.octets(242), generator.octets(64), generator.octets(128)
    return [
        {"number": 1, "type": "command", **described_command(status), "content": session.command(1, status)},
        {
            "number": number,
            "type": "signed command",
            "signature": signature,
            **described_command(unlock),
            "content": session.signed_command(number, signature, unlock),
        },
        {
            "number": 3,
            "type": "manifest",
            "body": manifest,
            "content": session.Message(3, session.MANIFEST, manifest),
        },
        {
            "number": 4,
            "type": "chunk",
            "index": 319,
            "body": chunk,
            "content": session.chunk(4, 319, chunk),
        },
        {"number": 5, "type": "receipts", "content": session.Message(5, session.RECEIPTS)},
        {"number": 6, "type": "log", "from": 2**40 + 3, "content": session.log(6, 2**40 + 3)},
        {"number": 7, "type": "time nonce", "content": session.Message(7, session.TIME_NONCE)},
        {"number": 8, "type": "attest", "body": attest, "content": session.Message(8, session.ATTEST, attest)},
        {"number": 2**32 - 1, "type": "condition", "content": session.Message(2**32 - 1, session.CONDITION)},
    ]


def _request_cases(generator: Generator) -> list[dict]:
    cases = []
    for case in requests(generator):
        content = case.pop("content")
        require(session.decode_request(content.encode()) == content, "a request reads otherwise")
        require(session.refusal(content) is None, "a good request is refused")
        cases.append({**case, "plaintext": pad(content.encode())})
    return cases


def _replies(generator: Generator) -> list[dict]:
    command_id, error = generator.octets(16), Error(33, 4, 0, True)
    receipt, segment, nonce = generator.octets(262), generator.octets(132), generator.octets(16)
    condition = Condition(100, True, 86_400, 2, 61, 12, 3)
    fresh = Condition(0, False, 0, 0, 2**32 - 1, 0, 0)
    missing = session.bitmap([0, 3, 8, 9, 17], 18)
    outcomes = [
        {"number": n, "type": "outcome", "command_id": command_id, "outcome": what, "content": content}
        for n, what, content in (
            (0, "executed", session.outcome(0, command_id, session.EXECUTED)),
            (9, "not executed", session.outcome(9, command_id, session.NOT_EXECUTED)),
            (9, "unknown", session.outcome(9, command_id, session.UNKNOWN)),
        )
    ]
    failed = session.outcome(0, command_id, session.NOT_EXECUTED_BECAUSE, error)
    return [
        {"number": 1, "type": "done", "content": session.Message(1, session.DONE)},
        {
            "number": 2,
            "type": "refused",
            "error": described_error(Error(21, 3)),
            "content": session.Message(2, session.REFUSED, Error(21, 3).encode()),
        },
        *outcomes,
        {
            "number": 0,
            "type": "outcome",
            "command_id": command_id,
            "outcome": "not executed",
            "error": described_error(error),
            "content": failed,
        },
        {"number": 3, "type": "missing", "body": missing, "content": session.Message(3, session.MISSING, missing)},
        {"number": 0, "type": "receipt", "body": receipt, "content": session.Message(0, session.RECEIPT, receipt)},
        {
            "number": 4,
            "type": "log",
            "next": 2**33,
            "more": True,
            "body": segment,
            "content": session.log_reply(4, 2**33, True, segment),
        },
        {
            "number": 5,
            "type": "log",
            "next": 7,
            "more": False,
            "body": b"",
            "content": session.log_reply(5, 7, False, b""),
        },
        {"number": 6, "type": "nonce", "body": nonce, "content": session.Message(6, session.NONCE, nonce)},
        *(
            {
                "number": 7,
                "type": "condition",
                "condition": vars(said),
                "content": session.Message(7, session.CONDITION_REPLY, said.encode()),
            }
            for said in (condition, fresh)
        ),
    ]


def _reply_cases(generator: Generator) -> list[dict]:
    cases = []
    for case in _replies(generator):
        content = case.pop("content")
        require(session.decode_reply(content.encode()) == content, "a reply reads otherwise")
        cases.append({**case, "plaintext": pad(content.encode())})
    return cases


def _malformed_requests(generator: Generator) -> list[dict]:
    command_id, signature = generator.octets(16), generator.octets(64)
    moves = channel.unlock(command_id)
    contents = [
        ("number 0", session.Message(0, session.RECEIPTS).encode()),
        ("no type", u32(1)),
        ("number cut off", b"\x00\x00\x01"),
        ("command 9", u32(1) + b"\x01\x09" + command_id),
        ("a byte left over after a status", session.command(1, channel.status(command_id)).encode() + b"\x00"),
        ("signature cut off", u32(1) + b"\x02" + signature[:-1]),
        ("signed command without presence", session.signed_command(1, signature, moves).encode()[:-1]),
        ("presence 2", session.signed_command(1, signature, moves).encode()[:-1] + b"\x02"),
        ("index of a chunk cut off", u32(1) + b"\x11\x00"),
        ("receipts with a body", session.Message(1, session.RECEIPTS, b"\x00").encode()),
        ("log without `from`", u32(1) + b"\x13" + bytes(7)),
        ("a byte left over after `from`", session.log(1, 0).encode() + b"\x00"),
        ("time nonce with a body", session.Message(1, session.TIME_NONCE, b"\x00").encode()),
        ("condition with a body", session.Message(1, session.CONDITION, b"\x00").encode()),
    ]
    return malformed(session.decode_request, contents)


def _refused_requests(generator: Generator) -> list[dict]:
    """Requests that decode, and are refused whoever asks."""
    signature, nothing = generator.octets(64), Command(channel.SESSION)
    requests = [
        ("an unlock, unsigned", session.command(1, channel.unlock(generator.octets(16)))),
        ("session as a command", session.command(2, nothing)),
        ("session as a signed command", session.signed_command(3, signature, nothing)),
    ]
    cases = []
    for why, request in requests:
        require(session.decode_request(request.encode()) == request, f"{why}: reads otherwise")
        require(session.refusal(request) == channel.BAD_MESSAGE, f"{why}: the reference does not refuse it")
        cases.append({"why": why, "plaintext": pad(request.encode())})
    return cases


def _malformed_replies(generator: Generator) -> list[dict]:
    command_id = generator.octets(16)
    outcome = session.outcome(0, command_id, session.EXECUTED).encode()
    condition = session.Message(1, session.CONDITION_REPLY, Condition(80, False, 1, 2, 3, 4, 5).encode()).encode()
    contents = [
        ("type 0x88", u32(1) + b"\x88"),
        ("type of a request", u32(1) + b"\x10"),
        ("done with a body", u32(1) + b"\x80\x00"),
        ("outcome 4", outcome[:-1] + b"\x04"),
        ("outcome missing", outcome[:-1]),
        ("a byte left over after an outcome", outcome + b"\x00"),
        ("outcome 2 without an error", outcome[:-1] + b"\x02"),
        ("more 2", session.log_reply(1, 5, True, b"").encode()[:-1] + b"\x02"),
        ("log without more", u32(1) + b"\x85" + bytes(8)),
        ("battery 101 percent", condition[:5] + b"\x65" + condition[6:]),
        ("nonce of 15 bytes", session.Message(1, session.NONCE, bytes(15)).encode()),
        ("nonce of 17 bytes", session.Message(1, session.NONCE, bytes(17)).encode()),
        ("deadbolt 2", condition[:6] + b"\x02" + condition[7:]),
        ("clock quality 3", condition[:11] + b"\x03" + condition[12:]),
        ("condition cut off", condition[:-1]),
        ("a byte left over after a condition", condition + b"\x00"),
    ]
    contents += [(why, u32(1) + b"\x81" + error) for why, error in faulty_errors()]
    return malformed(session.decode_reply, contents)


def vectors(generator: Generator) -> dict:
    return {
        "requests": _request_cases(generator),
        "requests_malformed": _malformed_requests(generator),
        "requests_refused": _refused_requests(generator),
        "replies": _reply_cases(generator),
        "replies_malformed": _malformed_replies(generator),
    }
