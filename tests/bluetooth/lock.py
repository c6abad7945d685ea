"""A lock at a door: a peripheral with one of the building's lock processes behind it.

Each operation of a phone is a message of the pipe that the loopback radio speaks too (core/platform/src/radio/pipe.rs), one pipe for each link.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumble.device import Connection

from peripheral import Peripheral

if TYPE_CHECKING:
    from air import Air

#: A link that asks for nothing is told to the lock after this, seconds: until then its MTU may still change.
IDLE = 0.3


@dataclass
class Pipe:
    """One link's pipe to the lock's process."""

    ready: asyncio.Future[None]
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    answer: asyncio.Future[bytes] | None = None
    waiting: list[bytes] = field(default_factory=list)
    opening: asyncio.Task[None] | None = None


def message(kind: int, body: bytes = b"") -> bytes:
    """One message of the pipe."""
    return struct.pack(">HB", len(body) + 1, kind) + body


async def messages(reader: asyncio.StreamReader):
    """The messages of a pipe, until it ends."""
    while True:
        try:
            (length,) = struct.unpack(">H", await reader.readexactly(2))
            whole = await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        yield whole[0], whole[1:]


class Lock(Peripheral):
    """One of the building's locks."""

    def __init__(self, air: Air, name: str, number: int, where: str):
        super().__init__(air, name, number)
        host, port = where.rsplit(":", 1)
        self.where = (host, int(port))
        self.pipes: dict[Connection, Pipe] = {}

    async def start(self, mtu: int) -> None:
        """As a lock at a door: it advertises what its process does."""
        first = asyncio.get_running_loop().create_future()
        self.air.spawn(self._follow_advertisements(first))
        await first
        await super().start(mtu)

    async def _follow_advertisements(self, first: asyncio.Future[None]) -> None:
        reader, writer = await asyncio.open_connection(*self.where)
        writer.write(message(0x01))
        async for kind, body in messages(reader):
            if kind != 0x81 or body[2:] == self.service_data:
                continue
            self.service_data = body[2:]
            if first.done():
                self.advertise(self.radio.keeps_advertising)
            else:
                first.set_result(None)

    def begun(self, connection: Connection) -> None:
        pipe = Pipe(ready=asyncio.get_running_loop().create_future())
        self.pipes[connection] = pipe
        asyncio.get_running_loop().call_later(IDLE, self._open, connection)

    def ended(self, connection: Connection) -> None:
        pipe = self.pipes.pop(connection, None)
        if pipe is None:
            return
        if pipe.writer is not None:
            pipe.writer.write(message(0x07))
            pipe.writer.close()
        if pipe.answer is not None and not pipe.answer.done():
            pipe.answer.cancel()

    def _open(self, connection: Connection) -> Pipe | None:
        pipe = self.pipes.get(connection)
        if pipe is not None and pipe.opening is None:
            pipe.opening = self.air.spawn(self._carry(connection, pipe))
        return pipe

    async def _carry(self, connection: Connection, pipe: Pipe) -> None:
        reader, writer = await asyncio.open_connection(*self.where)
        pipe.writer = writer
        writer.write(message(0x03, struct.pack(">H", connection.att_mtu)) + b"".join(pipe.waiting))
        pipe.waiting.clear()
        async for kind, body in messages(reader):
            if kind == 0x83 and pipe.answer is not None and not pipe.answer.done():
                pipe.answer.set_result(body)
            elif kind == 0x84:
                await self.notify(connection, self.hello, body)
            elif kind == 0x85:
                await self.notify(connection, self.down, body)
            elif kind == 0x87:
                break
        if connection in self.pipes:
            await self._cut(connection)

    def _say(self, connection: Connection, said: bytes) -> Pipe | None:
        pipe = self._open(connection)
        if pipe is not None and pipe.writer is not None:
            pipe.writer.write(said)
        elif pipe is not None:
            pipe.waiting.append(said)
        return pipe

    def both_subscribed(self, connection: Connection) -> None:
        self._say(connection, message(0x05))

    async def read(self, connection: Connection) -> bytes:
        pipe = self._say(connection, message(0x04))
        if pipe is None:
            return b""
        pipe.answer = asyncio.get_running_loop().create_future()
        return await pipe.answer

    def written(self, connection: Connection, value: bytes) -> None:
        self._say(connection, message(0x06, value))
