"""The first three steps of a lock's order at message 1: hello, bytes, proof. What follows is not told to strangers."""

from . import documents
from .channel import BAD_MESSAGE, GRANT, OPEN, Meeting, check_presented, decode_message_1, unpad
from .primitives import Refused, holder_hash, require

UNKNOWN_SLOT, UNKNOWN_GRANT = 4, 9


def refusal(message: bytes, meeting: Meeting, one_time_private: bytes, lock_ephemeral: bytes) -> int | None:
    """The error code that a lock answers with which holds neither slots nor grants; None when it takes the message.

    `meeting` is what the lock knows, whatever the phone took for its prologue.
    """
    if message[:1] != bytes([OPEN]):
        return UNKNOWN_SLOT
    try:
        handshake = meeting.lock(lock_ephemeral, one_time_private)
        presented = decode_message_1(unpad(handshake.read_message_1(message[1:])), resumed=False)
        if presented.proof != GRANT:
            return UNKNOWN_GRANT
        grant = documents.unverified(documents.GRANT, presented.grant)
        require(grant[8][3] == holder_hash(presented.holder_key), "the grant names another holder")
        ephemeral = handshake.remote_ephemeral
        check_presented(presented, meeting.hello_hash, ephemeral, presented.grant, presented.holder_key)
    except Refused:
        return BAD_MESSAGE
    return None
