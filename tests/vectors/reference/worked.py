"""Computes every worked value of the text from the keys and random bytes that the text lists."""

from . import bundle, channel, codes, documents, epochs, hello, log, session
from .channel import Meeting, Message1, Message2, Slot
from .documents import Grant
from .handshakes import shake
from .primitives import holder_hash, public_key, sha256, x25519_public

WEEK, DAY, BORROWED, BACKDATING = 604_800, 86_400, 900, 900
LOCK_ID = b"\x01" * 16
IDENTITY, HOLDER, POLICY = b"\x01" * 32, b"\x03" * 32, b"\x77" * 32
GRANT_ID, SUBJECT_ID = b"\x19" * 16, b"\x5b" * 16


def worked_documents() -> dict[str, bytes]:
    """The blocks of "Worked documents"."""
    return _Documents().values()


class _Documents:
    now = 1_795_521_600
    root_key, log_key, origin = b"\x71" * 32, b"\x72" * 32, b"\x73" * 32
    pepper, day_key = b"\x74" * 32, b"\x75" * 32
    section_ephemeral, entry_ephemeral, receipt_ephemeral = b"\x61" * 32, b"\x62" * 32, b"\x63" * 32
    half_a_year = 180 * DAY

    def values(self) -> dict[str, bytes]:
        return self.keys() | self.access() | self.bulk() | self.doorcodes() | self.written()

    def keys(self) -> dict[str, bytes]:
        return {
            "epoch_0_hint_key": epochs.hint_key(self.origin, 1, 0),
            "epoch_0_sealing_public": epochs.sealing_public(self.origin, 1, 0),
            "epoch_1_hint_key": epochs.hint_key(self.origin, 1, 1),
            "root_2_epoch_0_hint_key": epochs.hint_key(self.origin, 2, 0),
        }

    def access(self) -> dict[str, bytes]:
        root = documents.root_payload(
            version=1,
            property_id=b"\x70" * 16,
            root_key=public_key(self.root_key),
            policy_keys=[(public_key(POLICY), documents.ALL_ROLES)],
            longest=(WEEK + BACKDATING, DAY + BACKDATING, BORROWED + BACKDATING),
            log_key=x25519_public(self.log_key),
            unlock_without_time=True,
        )
        descriptor = documents.descriptor_payload(
            LOCK_ID, public_key(IDENTITY), 0, epochs.hint_key(self.origin, 1, 0), 1
        )
        grant = Grant(
            subject_id=SUBJECT_ID,
            lock_id=LOCK_ID,
            expires=self.now + WEEK,
            not_before=self.now - BACKDATING,
            issued=self.now,
            grant_id=GRANT_ID,
            holder_hash=holder_hash(public_key(HOLDER)),
            root_version=1,
            operations=documents.UNLOCK | documents.SYNC,
            flags=0,
            least_crit_seq=2,
        )
        lane = {
            0: LOCK_ID,
            1: 1,
            2: 0,
            3: 2,
            4: self.now,
            5: self.now + self.half_a_year,
            6: self.now,
            7: self.now - 8 * DAY,
            8: [
                documents.revoked_subject(b"\x5c" * 16, self.now),
                documents.revoked_holder(b"\x5d" * 32, self.now),
            ],
            9: [1, b"\x5e" * 32, 1],
        }
        attest = documents.attest_payload(LOCK_ID, b"\x5f" * 16, self.now)
        signed_root = documents.ROOT.sign(root, self.root_key)
        signed_lane = documents.LANE.sign(lane, POLICY)
        return {
            "root": signed_root,
            "descriptor": documents.DESCRIPTOR.sign(descriptor, POLICY),
            "grant": documents.GRANT.sign(grant.payload(), POLICY),
            "critical_lane": signed_lane,
            "lane_section": documents.lane_section([signed_root], signed_lane),
            "attest": documents.ATTEST.sign(attest, POLICY),
        }

    def bulk(self) -> dict[str, bytes]:
        tag = codes.tag(self.pepper, LOCK_ID, "0042137")
        code = bundle.code_entry(kind=1, digits=7, tag=tag)
        sections = {
            bundle.CODES: bundle.encode([bundle.set_row(1, 1, code), bundle.delete_row(2, 3)]),
            bundle.CONFIGURATION: bundle.encode({0: 8}),
        }
        sealed = bundle.seal_sections(
            LOCK_ID,
            1,
            0,
            4,
            sections,
            epochs.sealing_public(self.origin, 1, 0),
            dict.fromkeys(sections, self.section_ephemeral),
        )
        manifest = bundle.manifest_payload(
            LOCK_ID, 1, 0, 4, 3, self.now, self.now + self.half_a_year, sealed, chunk_size=1024
        )
        return {
            "code_tag": tag,
            "codes_section": sections[bundle.CODES],
            "config_section": sections[bundle.CONFIGURATION],
            "manifest": bundle.MANIFEST.sign(manifest, POLICY),
            "sealed_body": b"".join(sealed.values()),
        }

    def doorcodes(self) -> dict[str, bytes]:
        def dated(kind: int) -> bytes:
            code = codes.dated_code(self.day_key, LOCK_ID, kind, slot=3, day=20_781, length=8)
            return bytes(int(digit) for digit in code)

        return {"daily_code": dated(codes.DAILY), "single_use_code": dated(codes.SINGLE_USE)}

    def written(self) -> dict[str, bytes]:
        time = log.interval(self.now, self.now + 2)
        log_public = x25519_public(self.log_key)
        entry = log.encode({0: 3, 1: [log.LOCK, []], 2: time, 3: 1})
        sealed = log.seal_entry(log_public, LOCK_ID, 0, entry, self.entry_ephemeral)
        head = log.head_after(log.EMPTY_HEAD, 0, sealed)
        receipt = {
            0: LOCK_ID,
            1: 1,
            2: bytes(32),
            3: 1,
            4: 0,
            5: 2,
            6: 0,
            7: 1,
            8: head,
            9: 1,
            10: time,
            11: False,
            12: False,
            13: 80,
            14: [log.LANE_APPLIED, []],
        }
        signed = log.RECEIPT.sign(receipt, IDENTITY)
        return {
            "log_entry": entry,
            "log_head_after": head,
            "log_segment": log.segment(LOCK_ID, 0, log.EMPTY_HEAD, [sealed]),
            "receipt_signed": signed,
            "receipt": log.seal_receipt(log_public, LOCK_ID, signed, self.receipt_ephemeral),
        }


def worked_hex() -> dict[str, bytes]:
    """The blocks of "Worked hex"."""
    return _Conversation().values()


class _Conversation:
    hint_key = b"\x02" * 32
    granted_at = 1_800_000_000
    command_id, second_command_id = b"\x18" * 16, b"\x28" * 16
    slot, successor = Slot(b"\x16" * 8, b"\x17" * 32), Slot(b"\x26" * 8, b"\x27" * 32)

    def values(self) -> dict[str, bytes]:
        keys = {
            "identity_public": public_key(IDENTITY),
            "holder_public": public_key(HOLDER),
            "policy_public": public_key(POLICY),
        }
        return keys | self.first() | self.resumed()

    def hello(self, one_time_private: bytes, challenge: bytes) -> bytes:
        said = hello.Hello(
            challenge=challenge,
            hint=hello.hint(self.hint_key, b"\x13" * 4),
            one_time_key=x25519_public(one_time_private),
            root_version=1,
            key_epoch=1,
            crit_seq=2,
            bulk_seq=0,
            clock_quality=2,
            clock_width=2,
        )
        return said.encode(LOCK_ID, IDENTITY, self.hint_key)

    def grant(self) -> bytes:
        grant = Grant(
            subject_id=SUBJECT_ID,
            lock_id=LOCK_ID,
            expires=self.granted_at + 900,
            not_before=self.granted_at,
            issued=self.granted_at,
            grant_id=GRANT_ID,
            holder_hash=holder_hash(public_key(HOLDER)),
            root_version=1,
            operations=documents.UNLOCK | documents.SYNC,
            flags=0,
            least_crit_seq=1,
        )
        return documents.GRANT.sign(grant.payload(), POLICY)

    def first(self) -> dict[str, bytes]:
        one_time, phone_ephemeral, lock_ephemeral = b"\x11" * 32, b"\x14" * 32, b"\x15" * 32
        said, grant = self.hello(one_time, b"\x12" * 16), self.grant()
        command = channel.unlock(self.command_id)
        signed = channel.to_sign(sha256(said), x25519_public(phone_ephemeral), grant, command.encode())
        signature = channel.sign(HOLDER, signed)
        message_1 = Message1(
            command, proof=channel.GRANT, grant=grant, holder_key=public_key(HOLDER), signature=signature
        )
        plaintext_1 = channel.pad(message_1.encode())
        plaintext_2 = channel.pad(Message2(channel.ACCEPTED, slot=self.slot).encode())
        meeting = Meeting(1, LOCK_ID, sha256(said), x25519_public(one_time))
        shaken = shake(meeting, one_time, phone_ephemeral, lock_ephemeral, plaintext_1, plaintext_2)
        lock = shaken.lock
        outcome = channel.pad(session.outcome(0, self.command_id, session.EXECUTED).encode())
        asked = channel.pad(session.command(1, channel.status(self.command_id)).encode())
        told = channel.pad(session.outcome(1, self.command_id, session.EXECUTED).encode())
        return {
            "hello": said,
            "to_sign": signed,
            "signature": signature,
            "grant": grant,
            "plaintext_1": plaintext_1,
            "message_1": shaken.message_1,
            "plaintext_2": plaintext_2,
            "message_2": shaken.message_2,
            "handshake_hash": lock.handshake_hash,
            "outcome_plaintext": outcome,
            "outcome": bytes([channel.REPLY]) + lock.sending.encrypt(outcome),
            "status_plaintext": asked,
            "status": bytes([channel.REQUEST]) + shaken.phone.sending.encrypt(asked),
            "status_reply_plaintext": told,
            "status_reply": bytes([channel.REPLY]) + lock.sending.encrypt(told),
        }

    def resumed(self) -> dict[str, bytes]:
        one_time, phone_ephemeral, lock_ephemeral = b"\x21" * 32, b"\x24" * 32, b"\x25" * 32
        said = self.hello(one_time, b"\x22" * 16)
        plaintext_1 = channel.pad(Message1(channel.unlock(self.second_command_id)).encode())
        plaintext_2 = channel.pad(Message2(channel.ACCEPTED, slot=self.successor).encode())
        meeting = Meeting(1, LOCK_ID, sha256(said), x25519_public(one_time), self.slot)
        shaken = shake(meeting, one_time, phone_ephemeral, lock_ephemeral, plaintext_1, plaintext_2)
        outcome = channel.pad(session.outcome(0, self.second_command_id, session.EXECUTED).encode())
        return {
            "resumed_hello": said,
            "resumed_plaintext_1": plaintext_1,
            "resumed_message_1": shaken.message_1,
            "resumed_message_2": shaken.message_2,
            "resumed_outcome_plaintext": outcome,
            "resumed_outcome": bytes([channel.REPLY]) + shaken.lock.sending.encrypt(outcome),
        }
