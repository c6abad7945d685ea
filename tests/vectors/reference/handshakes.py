"""Plays a handshake between a phone and a lock, and holds each end against the other."""

from dataclasses import dataclass

from .channel import ANSWER, Meeting
from .noise import Transport
from .primitives import require


@dataclass(frozen=True)
class Shaken:
    message_1: bytes
    message_2: bytes
    phone: Transport
    lock: Transport


def shake(
    meeting: Meeting,
    one_time_private: bytes,
    phone_ephemeral: bytes,
    lock_ephemeral: bytes,
    plaintext_1: bytes,
    plaintext_2: bytes,
) -> Shaken:
    phone = meeting.phone(phone_ephemeral)
    lock = meeting.lock(lock_ephemeral, one_time_private)
    first = phone.write_message_1(plaintext_1)
    require(lock.read_message_1(first) == plaintext_1, "the lock reads another message 1")
    second = lock.write_message_2(plaintext_2)
    require(phone.read_message_2(second) == plaintext_2, "the phone reads another message 2")
    both = phone.transport(), lock.transport()
    require(both[0].handshake_hash == both[1].handshake_hash, "two handshake hashes")
    return Shaken(meeting.first_byte() + first, bytes([ANSWER]) + second, *both)
