"""Frames: their bytes, a sender that cuts and repeats, a receiver that puts together and acknowledges."""

from dataclasses import dataclass, field

from .primitives import Reader, Refused, require, u8, u16

DATA, ACK, FIRST, LAST, ZERO = 0x80, 0x40, 0x20, 0x10, 0x0F
LONGEST_MESSAGE = 16_384
WINDOW = 16
ACK_AT_MOST_UNACKNOWLEDGED = 8


def frame_size(mtu: int) -> int:
    return min(mtu - 3, 512)


@dataclass(frozen=True)
class Part:
    sequence: int
    first: bool
    last: bool
    data: bytes


@dataclass(frozen=True)
class Acknowledgement:
    """The number expected next, and which of those after it came early."""

    expected: int
    bitmap: int

    def covers(self, sequence: int, oldest: int) -> bool:
        if (sequence - oldest) % 256 < (self.expected - oldest) % 256:
            return True
        ahead = (sequence - self.expected) % 256
        return 1 <= ahead < WINDOW and bool(self.bitmap >> (ahead - 1) & 1)


@dataclass(frozen=True)
class Frame:
    part: Part | None = None
    acknowledgement: Acknowledgement | None = None

    def encode(self) -> bytes:
        part, ack = self.part, self.acknowledgement
        flags = (DATA if part else 0) | (ACK if ack else 0)
        if part:
            flags |= (FIRST if part.first else 0) | (LAST if part.last else 0)
        head = u8(flags) + (u8(part.sequence) if part else b"")
        return head + (u8(ack.expected) + u16(ack.bitmap) if ack else b"") + (part.data if part else b"")


def decode(data: bytes) -> Frame:
    reader = Reader(data)
    flags = reader.number(1)
    require(flags & ZERO == 0, "flags that are zero")
    require(flags & (DATA | ACK) != 0, "neither data nor acknowledgement")
    has_data = bool(flags & DATA)
    require(has_data or flags & (FIRST | LAST) == 0, "first or last without data")
    sequence = reader.number(1) if has_data else 0
    ack = Acknowledgement(reader.number(1), reader.number(2)) if flags & ACK else None
    require(ack is None or ack.bitmap >> WINDOW - 1 == 0, "a bitmap of more than 15 frames")
    if not has_data:
        reader.end()
        return Frame(acknowledgement=ack)
    content = reader.rest()
    require(content != b"", "data without a part")
    return Frame(Part(sequence, bool(flags & FIRST), bool(flags & LAST), content), ack)


def cut(message: bytes, size: int, first_sequence: int = 0) -> list[Part]:
    """Parts that fill frames of this size."""
    require(1 <= len(message) <= LONGEST_MESSAGE, "message length")
    room = size - 2
    pieces = [message[at : at + room] for at in range(0, len(message), room)]
    last = len(pieces) - 1
    return [Part((first_sequence + i) % 256, i == 0, i == last, piece) for i, piece in enumerate(pieces)]


@dataclass
class Receiver:
    expected: int = 0
    early: dict[int, Part] = field(default_factory=dict)
    assembling: bytes | None = None
    unacknowledged: int = 0
    at_once: bool = False
    """Whether an acknowledgement has to leave now."""

    def take(self, part: Part) -> list[bytes]:
        """The messages that this part completes."""
        ahead = (part.sequence - self.expected) % 256
        if ahead >= WINDOW or part.sequence in self.early:
            self.at_once = True
            return []
        self.early[part.sequence] = part
        self.at_once = self.at_once or ahead > 0
        messages = []
        while next_part := self.early.pop(self.expected, None):
            self.expected = (self.expected + 1) % 256
            self.unacknowledged += 1
            messages += self._assemble(next_part)
        self.at_once = self.at_once or self.unacknowledged >= ACK_AT_MOST_UNACKNOWLEDGED
        return messages

    def _assemble(self, part: Part) -> list[bytes]:
        require(part.first == (self.assembling is None), "begins inside a message, or continues none")
        self.assembling = (self.assembling or b"") + part.data
        require(len(self.assembling) <= LONGEST_MESSAGE, "message over the limit")
        if not part.last:
            return []
        message, self.assembling = self.assembling, None
        return [message]

    def acknowledge(self) -> Acknowledgement:
        self.unacknowledged, self.at_once = 0, False
        bits = sum(1 << ((sequence - self.expected) % 256 - 1) for sequence in self.early)
        return Acknowledgement(self.expected, bits)


@dataclass
class Sender:
    """Keeps at most a window of frames under way; what an acknowledgement proves lost is sent again."""

    waiting: list[Part]
    under_way: list[Part] = field(default_factory=list)

    def fill(self) -> list[Part]:
        """New frames, as many as the window has room for."""
        sent = []
        while self.waiting and self._has_room(self.waiting[0].sequence):
            sent.append(self.waiting.pop(0))
            self.under_way.append(sent[-1])
        return sent

    def _has_room(self, sequence: int) -> bool:
        return not self.under_way or (sequence - self.under_way[0].sequence) % 256 < WINDOW

    def acknowledged(self, ack: Acknowledgement) -> list[Part]:
        """What is sent because of it: first the frames it proves lost, then new ones. All were sent once, in order."""
        if not self.under_way:
            return self.fill()
        oldest = self.under_way[0].sequence
        gone = [part for part in self.under_way if ack.covers(part.sequence, oldest)]
        self.under_way = [part for part in self.under_way if part not in gone]
        newest = max(((part.sequence - oldest) % 256 for part in gone), default=-1)
        lost = [part for part in self.under_way if (part.sequence - oldest) % 256 < newest]
        return lost + self.fill()


def resend_after_ms(round_trips: list[int], repeats: int = 0) -> int:
    """How long a frame waits before it is sent again, after these round trips and so many repeats."""
    if not round_trips:
        return min(300 * 2**repeats, 600)
    smoothed = round_trips[0]
    for sample in round_trips[1:]:
        smoothed += (sample - smoothed) / 8
    resend = min(max(2 * smoothed + 60, 150), 600)
    return round(min(resend * 2**repeats, 600))


def ends_link(frames: list[bytes]) -> bool:
    """Whether the last of these frames is one that no peer may send."""
    receiver = Receiver()
    for data in frames[:-1]:
        frame = decode(data)
        if frame.part:
            receiver.take(frame.part)
    try:
        frame = decode(frames[-1])
        if frame.part:
            receiver.take(frame.part)
    except Refused:
        return True
    return False
