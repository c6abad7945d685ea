"""Whole conversations of a lock with a phone, and message 1 that a lock refuses."""

from dataclasses import dataclass

from .. import admission, channel, documents, hello, session
from ..channel import Command, Error, Meeting, Message1, Message2, Slot, pad
from ..documents import Grant
from ..edits import edits
from ..generator import Generator
from ..handshakes import Shaken, shake
from ..noise import Handshake
from ..primitives import (
    exclusive_or,
    high_form,
    holder_hash,
    public_key,
    require,
    sha256,
    sign,
    u8,
    x25519_public,
)
from ..session import Condition
from .channel import described_command
from .hello import Lock, described

SINCE = 1_795_521_600
BETWEEN_LINKS_S = 1
BATTERY = 80
LOG_ENTRIES = 3


@dataclass
class Greeting:
    """A hello with what the lock keeps of it."""

    one_time_private: bytes
    challenge: bytes
    sent: bytes


class Door:
    """A lock and the phone that holds a grant for it."""

    def __init__(self, generator: Generator):
        self.generator = generator
        self.lock = Lock(generator)
        self.policy, self.holder = generator.signing_key(), generator.signing_key()
        self.hint_random = generator.octets(4)
        self.key_epoch, self.crit_seq = generator.integer(0, 9), generator.integer(1, 2**40)
        self.bulk_seq, self.clock_width = generator.integer(0, 99), generator.integer(0, 200)
        self.nonce, self.segment = generator.octets(16), generator.octets(132)
        self.grant_id = generator.octets(16)
        self.grant = documents.GRANT.sign(self._grant().payload(), self.policy)
        self.moves = 0

    def _grant(self) -> Grant:
        return Grant(
            subject_id=self.generator.octets(16),
            lock_id=self.lock.lock_id,
            expires=SINCE + 604_800,
            not_before=SINCE - 900,
            issued=SINCE,
            grant_id=self.grant_id,
            holder_hash=holder_hash(public_key(self.holder)),
            root_version=1,
            operations=documents.UNLOCK | documents.SYNC,
            flags=0,
            least_crit_seq=1,
        )

    def greet(self) -> Greeting:
        one_time, challenge = self.generator.octets(32), self.generator.octets(16)
        said = hello.Hello(
            challenge=challenge,
            hint=hello.hint(self.lock.hint_key, self.hint_random),
            one_time_key=x25519_public(one_time),
            root_version=1,
            key_epoch=self.key_epoch,
            crit_seq=self.crit_seq,
            bulk_seq=self.bulk_seq,
            clock_quality=2,
            clock_width=self.clock_width,
        )
        return Greeting(one_time, challenge, said.encode(self.lock.lock_id, self.lock.identity, self.lock.hint_key))

    def meeting(self, greeting: Greeting, slot: Slot | None = None) -> Meeting:
        one_time_key = x25519_public(greeting.one_time_private)
        return Meeting(hello.SUITE, self.lock.lock_id, sha256(greeting.sent), one_time_key, slot)

    def signed(self, greeting: Greeting, ephemeral: bytes, command: Command) -> bytes:
        public = x25519_public(ephemeral)
        return channel.to_sign(sha256(greeting.sent), public, self.grant, command.encode())

    def message_1(self, command: Command, proof: int, signature: bytes) -> Message1:
        if proof == channel.SLOT:
            return Message1(command)
        if proof == channel.REFERENCE:
            return Message1(command, proof=proof, grant=self.grant_id, signature=signature)
        return Message1(command, proof=proof, grant=self.grant, holder_key=public_key(self.holder), signature=signature)

    def described(self) -> dict:
        return {
            "known": described(self.lock.known()),
            "identity_private": self.lock.identity,
            "policy_public": public_key(self.policy),
            "holder_private": self.holder,
            "hint_random": self.hint_random,
            "key_epoch": self.key_epoch,
            "crit_seq": self.crit_seq,
            "bulk_seq": self.bulk_seq,
            "clock_width": self.clock_width,
            "nonce": self.nonce,
            "segment": self.segment,
            "grant_id": self.grant_id,
            "grant": self.grant,
        }


class Talk:
    """One link: the handshake, then messages in the order in which they are sent."""

    def __init__(self, door: Door, index: int, proof: int, command: Command, slot: Slot | None):
        self.door, self.command, generator = door, command, door.generator
        self.uptime = index * BETWEEN_LINKS_S
        greeting = door.greet()
        phone_ephemeral, lock_ephemeral = generator.octets(32), generator.octets(32)
        signed = door.signed(greeting, phone_ephemeral, command) if proof != channel.SLOT else b""
        signature = sign(door.holder, signed) if signed else b""
        self.next_slot = Slot(generator.octets(8), generator.octets(32))
        plaintext_1 = pad(door.message_1(command, proof, signature).encode())
        plaintext_2 = pad(Message2(channel.ACCEPTED, slot=self.next_slot).encode())
        meeting = door.meeting(greeting, slot)
        self.shaken: Shaken = shake(
            meeting, greeting.one_time_private, phone_ephemeral, lock_ephemeral, plaintext_1, plaintext_2
        )
        self.case = {
            "proof": ("slot", "grant", "reference")[proof],
            **described_command(command),
            "one_time_private": greeting.one_time_private,
            "challenge": greeting.challenge,
            "hello": greeting.sent,
            "phone_ephemeral": phone_ephemeral,
            "lock_ephemeral": lock_ephemeral,
            "signature": signature,
            "plaintext_1": plaintext_1,
            "message_1": self.shaken.message_1,
            "slot_id": self.next_slot.slot_id,
            "psk": self.next_slot.psk,
            "message_2": self.shaken.message_2,
            "handshake_hash": self.shaken.lock.handshake_hash,
            "messages": [],
        }
        if command.kind == channel.UNLOCK:
            self.moved(0, command)
        elif command.kind == channel.STATUS:
            self.down(session.outcome(0, command.command_id, session.NOT_EXECUTED))

    def up(self, request: session.Message, phone_can_say: bool = True) -> None:
        plaintext = pad(request.encode())
        message = u8(channel.REQUEST) + self.shaken.phone.sending.encrypt(plaintext)
        read = self.shaken.lock.receiving.decrypt(message[1:])
        require(read == plaintext, "the lock reads another request")
        way = "up" if phone_can_say else "up, of a later version"
        self.case["messages"].append([way, plaintext, message])

    def down(self, reply: session.Message, after: str = "down") -> None:
        plaintext = pad(reply.encode())
        message = u8(channel.REPLY) + self.shaken.lock.sending.encrypt(plaintext)
        require(self.shaken.phone.receiving.decrypt(message[1:]) == plaintext, "the phone reads another reply")
        self.case["messages"].append([after, plaintext, message])

    def moved(self, number: int, command: Command) -> None:
        self.door.moves += 1
        executed = session.outcome(number, command.command_id, session.EXECUTED)
        self.down(executed, "down, when the motor stops")

    def signed(self, number: int, command: Command, signer: bytes | None = None) -> session.Message:
        holder, handshake_hash = signer or self.door.holder, self.shaken.phone.handshake_hash
        return session.signed_command(number, channel.sign_request(holder, handshake_hash, number, command), command)

    def signed_unlock(self, number: int, command_id: bytes) -> Command:
        command = channel.unlock(command_id, presence=True)
        self.up(self.signed(number, command))
        return command

    def refused(self, number: int, code: int, retry: int) -> None:
        self.down(session.Message(number, session.REFUSED, Error(code, retry).encode()))

    def everything(self) -> None:
        """A session that asks for a bit of everything."""
        generator, door = self.door.generator, self.door
        self.up(session.command(1, channel.status(self.command.command_id or bytes(16))))
        known = self.command.kind == channel.UNLOCK
        outcome = session.EXECUTED if known else session.NOT_EXECUTED
        self.down(session.outcome(1, self.command.command_id or bytes(16), outcome))
        command = self.signed_unlock(3, generator.octets(16))
        self.moved(3, command)
        self.signed_unlock(3, generator.octets(16))
        self.refused(3, channel.REPLAY, channel.NEVER)
        self.up(session.Message(4, session.CONDITION))
        told = Condition(BATTERY, False, self.uptime, 2, door.clock_width, LOG_ENTRIES, door.moves)
        self.down(session.Message(4, session.CONDITION_REPLY, told.encode()))
        self.up(session.Message(5, session.TIME_NONCE))
        self.down(session.Message(5, session.NONCE, door.nonce))
        self.up(session.log(6, 2**32))
        self.down(session.log_reply(6, 2**32 + 3, True, door.segment))

    def commands_that_are_none(self) -> None:
        """Each is refused, and the session goes on."""
        generator, nothing = self.door.generator, Command(channel.SESSION)
        unlock = channel.unlock(generator.octets(16))
        for request in (
            session.command(7, unlock),
            self.signed(8, unlock, generator.signing_key()),
            session.command(9, nothing),
            self.signed(10, nothing),
        ):
            self.up(request)
            self.refused(request.number, channel.BAD_MESSAGE, channel.NOW)
        # Of a status neither signature nor number is looked at.
        self.up(session.signed_command(2, bytes(64), channel.status(unlock.command_id)))
        self.down(session.outcome(2, unlock.command_id, session.NOT_EXECUTED))

    def of_a_later_version(self) -> None:
        """At the end: a phone that cannot say it is out of step afterwards."""
        self.up(session.Message(11, 0x20, b"later"), phone_can_say=False)
        self.refused(11, channel.UNKNOWN_COMMAND, channel.NEVER)


def _conversations(generator: Generator) -> list[dict]:
    cases = []
    for round_number in range(2):
        door = Door(generator)
        plan = [
            (channel.GRANT, channel.unlock(generator.octets(16))),
            (channel.SLOT, channel.unlock(generator.octets(16), presence=True)),
            (channel.SLOT, channel.status(generator.octets(16))),
            (channel.REFERENCE, Command(channel.SESSION)),
        ]
        slot, talks = None, []
        for index, (proof, command) in enumerate(plan):
            talk = Talk(door, index, proof, command, slot if proof == channel.SLOT else None)
            if (index, round_number) in ((0, 0), (3, 1)):
                talk.everything()
                talk.commands_that_are_none()
                talk.of_a_later_version()
            slot = talk.next_slot
            talks.append(talk.case)
        cases.append({**door.described(), "links": talks})
    return cases


class Refusals:
    """Message 1 that the lock must not take, each as the first on a link of a lock that has just booted."""

    def __init__(self, generator: Generator):
        self.generator = generator
        self.door = Door(generator)
        self.greeting = self.door.greet()
        self.phone_ephemeral, self.lock_ephemeral = generator.octets(32), generator.octets(32)
        self.command = channel.unlock(generator.octets(16))
        self.good = self._content()

    def _content(self, **changed) -> bytes:
        signer = changed.pop("signer", self.door.holder)
        command = changed.pop("signed_command", self.command)
        signed = self.door.signed(self.greeting, self.phone_ephemeral, command)
        fields = {
            "command": self.command,
            "proof": channel.GRANT,
            "grant": self.door.grant,
            "holder_key": public_key(self.door.holder),
            "signature": sign(signer, signed),
        }
        return Message1(**(fields | changed)).encode()

    def _handshake(self, meeting: Meeting | None = None) -> Handshake:
        return (meeting or self.door.meeting(self.greeting)).phone(self.phone_ephemeral)

    def _open(self, plaintext: bytes, meeting: Meeting | None = None) -> bytes:
        return u8(channel.OPEN) + self._handshake(meeting).write_message_1(plaintext)

    def _flipped(self, message: bytes, at: int) -> bytes:
        return exclusive_or(message, bytes(1 if i == at % len(message) else 0 for i in range(len(message))))

    def _alerts(self) -> list[tuple[str, int, bytes]]:
        door, generator = self.door, self.generator
        good = self._open(pad(self.good))
        stranger = generator.signing_key()
        other_greeting = door.greet()
        another_lock = Meeting(hello.SUITE, generator.octets(16), sha256(self.greeting.sent), door_key(self.greeting))
        unknown = Slot(generator.octets(8), generator.octets(32))
        resumed = door.meeting(self.greeting, unknown).phone(self.phone_ephemeral)
        of_slot = u8(channel.RESUME) + unknown.slot_id + resumed.write_message_1(pad(Message1(self.command).encode()))
        signature = sign(door.holder, door.signed(self.greeting, self.phone_ephemeral, self.command))
        return [
            ("the tag's last bit", 1, self._flipped(good, -1)),
            ("one bit of the ephemeral key", 1, self._flipped(good, 1)),
            ("ephemeral key of zeros", 1, good[:1] + bytes(32) + good[33:]),
            ("Noise message of 47 bytes", 1, good[:48]),
            ("empty Noise message", 1, good[:1]),
            ("prologue of another lock", 1, self._open(pad(self.good), another_lock)),
            ("to another hello", 1, self._open(pad(self.good), door.meeting(other_greeting))),
            ("high form of the signature", 1, self._open(pad(self._content(signature=high_form(signature))))),
            ("signed by another key", 1, self._open(pad(self._content(signer=stranger)))),
            (
                "another command was signed",
                1,
                self._open(pad(self._content(signed_command=channel.unlock(generator.octets(16))))),
            ),
            (
                "holder key that the grant does not name",
                1,
                self._open(pad(self._content(holder_key=public_key(stranger), signer=stranger))),
            ),
            ("grant cut off", 1, self._open(pad(self._content(grant=door.grant[:-1])))),
            ("proof slot in a full handshake", 1, self._open(pad(Message1(self.command).encode()))),
            ("a byte left over", 1, self._open(pad(self.good + b"\x00"))),
            ("padding is not zero", 1, self._open(pad(self.good)[:-1] + b"\x01")),
            ("slot that is not held", 4, of_slot),
        ]

    def _check(self, message: bytes, code: int | None) -> None:
        meeting = self.door.meeting(self.greeting)
        found = admission.refusal(message, meeting, self.greeting.one_time_private, self.lock_ephemeral)
        require(found == code, f"the reference answers {found}, not {code}")

    def _unknown_grant(self) -> tuple[bytes, bytes]:
        """A reference to a grant that the lock does not hold is answered inside the channel."""
        signature = sign(self.door.holder, self.door.signed(self.greeting, self.phone_ephemeral, self.command))
        content = self.door.message_1(self.command, channel.REFERENCE, signature).encode()
        answer = pad(Message2(channel.REFUSED, Error(9, channel.NOW)).encode())
        shaken = shake(
            self.door.meeting(self.greeting),
            self.greeting.one_time_private,
            self.phone_ephemeral,
            self.lock_ephemeral,
            pad(content),
            answer,
        )
        return shaken.message_1, shaken.message_2

    def case(self) -> dict:
        good, alerts = self._open(pad(self.good)), self._alerts()
        sent, answer = self._unknown_grant()
        self._check(good, None)
        self._check(sent, admission.UNKNOWN_GRANT)
        for _, code, message in alerts:
            self._check(message, code)
        cases = [
            {"why": why, "edits": edits(good, message), "answer": channel.alert(Error(code, channel.NOW))}
            for why, code, message in alerts
        ]
        return {
            **self.door.described(),
            "one_time_private": self.greeting.one_time_private,
            "challenge": self.greeting.challenge,
            "hello": self.greeting.sent,
            "lock_ephemeral": self.lock_ephemeral,
            "base": good,
            "cases": cases,
            "unknown_grant": {"message_1": sent, "answer": answer},
            "spent_hello_answer": channel.alert(Error(3, channel.NOW)),
        }


def door_key(greeting: Greeting) -> bytes:
    return x25519_public(greeting.one_time_private)


def vectors(generator: Generator) -> dict:
    return {"conversations": _conversations(generator), "refused": Refusals(generator).case()}
