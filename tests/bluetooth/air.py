"""Virtual Bluetooth: one controller for the virtual machine, one for each lock, and whoever else is in the air.

A lock here is a GATT server as PROTOCOL.md defines it, with one of the building's lock processes behind it: each operation of a phone is a message
of the pipe that the loopback radio speaks too (core/platform/src/radio/pipe.rs), one pipe for each link.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field

from bumble import att, hci
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, PhysicalTransport
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.link import LocalLink

SERVICE = "7d1c8e20-5f3b-4a77-9b0e-6b6579776179"
HELLO = "7d1c8e21-5f3b-4a77-9b0e-6b6579776179"
UP = "7d1c8e22-5f3b-4a77-9b0e-6b6579776179"
DOWN = "7d1c8e23-5f3b-4a77-9b0e-6b6579776179"
#: Milliseconds between two advertisements.
INTERVAL = 30
#: A link that asks for nothing is told to the lock after this, seconds: until then its MTU may still change.
IDLE = 0.3
PROPERTIES = Characteristic.Properties


class Link(LocalLink):
    """Bumble takes the sender's random address as the source of every packet; the kernel connects with its public one."""

    def send_acl_data(self, sender_controller, destination_address, transport, data):
        """Hands a packet to the other end of the sender's connection."""
        connection = sender_controller.le_connections.get(destination_address)
        if transport != PhysicalTransport.LE or connection is None:
            super().send_acl_data(sender_controller, destination_address, transport, data)
            return
        receiver = self.find_le_controller(destination_address)
        if receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)


class Radio(Controller):
    """A controller of Bluetooth 4.2 that can advertise while links are up.

    Bumble claims more than it does: with extended advertising or link layer privacy among its features, the kernel waits for an event that it never sends.
    """

    keeps_advertising = False

    def __init__(self, name: str, link: Link, address: str, **wires):
        super().__init__(name, link=link, public_address=address, **wires)
        features = hci.LeFeatureMask
        self.le_features &= ~(
            features.LL_PRIVACY | features.LE_EXTENDED_ADVERTISING | features.LE_PERIODIC_ADVERTISING
        )
        self.le_acl_data_packet_length = self.acl_data_packet_length = 251

    def create_le_connection(self, peer_address):
        """A link that only this end still believes in makes room: Bumble would refuse the new one for ever, and the host would wait."""
        stale = self.le_connections.get(peer_address)
        if stale is not None:
            self.on_le_disconnected(stale, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
        super().create_le_connection(peer_address)

    def on_le_connect_ind(self, packet):
        """A lock never stops advertising, also while links are up."""
        super().on_le_connect_ind(packet)
        if self.keeps_advertising:
            self.le_legacy_advertiser.start()


@dataclass
class Fault:
    """Where a link breaks, once: `connect`, `discovery`, `subscribe`, or after so many bytes `up` or `down`."""

    at: str
    after: int = 0


@dataclass
class Counts:
    """What passed since it was last asked."""

    links: int = 0
    operations: int = 0
    reads: int = 0
    writes: int = 0
    notifications: int = 0
    up: int = 0
    down: int = 0


class Peripheral:
    """A GATT server with the Keyway service; what is behind it is a subclass's matter."""

    def __init__(self, air: "Air", name: str, number: int):
        self.air = air
        self.name = name
        self.address = f"F0:F1:F2:F3:F4:{number:02X}"
        self.radio = Radio(name, air.link, f"C0:FF:EE:00:01:{number:02X}")
        host = Host()
        host.controller = self.radio
        config = DeviceConfiguration(name=name, address=hci.Address(self.address), le_privacy_enabled=False)
        self.device = Device(config=config, host=host)
        self.counts = Counts()
        self.fault: Fault | None = None
        self.hello_of: dict[Connection, bytes] = {}
        self.service_data = bytes([1]) + bytes(9)
        self.hello = Characteristic(
            HELLO, PROPERTIES.READ | PROPERTIES.NOTIFY, Characteristic.READABLE, CharacteristicValue(read=self._read)
        )
        self.up = Characteristic(
            UP, PROPERTIES.WRITE_WITHOUT_RESPONSE, Characteristic.WRITEABLE, CharacteristicValue(write=self._write)
        )
        self.down = Characteristic(DOWN, PROPERTIES.NOTIFY, Characteristic.READABLE, b"")
        self.device.add_service(Service(SERVICE, [self.hello, self.up, self.down]))
        self.subscribed: dict[Connection, set[str]] = {}
        for characteristic, word in ((self.hello, "hello"), (self.down, "down")):
            characteristic.on(Characteristic.EVENT_SUBSCRIPTION, self._subscription(word))
        self._listen_to_requests()

    async def start(self, mtu: int) -> None:
        """Powers it on and begins to advertise."""
        self.device.gatt_server.max_mtu = mtu
        self.device.on("connection", self._connection)
        await self.device.power_on()
        self.advertise(True)

    def advertise(self, on: bool) -> None:
        """Begins or stops to advertise, with the service data of this moment."""
        entries = [
            (AdvertisingData.FLAGS, bytes([6])),
            (AdvertisingData.SERVICE_DATA_128_BIT_UUID, bytes(UUID(SERVICE)) + self.service_data),
        ]
        advertiser = self.radio.le_legacy_advertiser
        advertiser.advertising_interval_min = advertiser.advertising_interval_max = INTERVAL
        advertiser.advertising_type = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType.ADV_IND
        advertiser.own_address_type = hci.OwnAddressType.RANDOM
        advertiser.advertising_data = bytes(AdvertisingData(entries))
        self.radio.keeps_advertising = on
        advertiser.start() if on else advertiser.stop()

    def cut(self) -> None:
        """Breaks every link."""
        for connection in list(self.device.connections.values()):
            self.air.spawn(self._cut(connection))

    async def _cut(self, connection: Connection) -> None:
        try:
            await connection.disconnect(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        except Exception as error:  # noqa: BLE001: gone meanwhile is gone
            self.air.note(f"{self.name}: {error!r}")

    def broken(self, connection: Connection, at: str, after: int = 0) -> bool:
        """Breaks the link if that is where it was to break."""
        fault = self.fault
        if fault is None or fault.at != at or after <= fault.after:
            return False
        self.fault = None
        self.air.note(f"{self.name}: cut at {at}")
        self.air.spawn(self._cut(connection))
        return True

    def _connection(self, connection: Connection) -> None:
        self.counts.links += 1
        self.subscribed[connection] = set()
        connection.on("disconnection", lambda _reason: self._gone(connection))
        self.begun(connection)

    def _gone(self, connection: Connection) -> None:
        self.subscribed.pop(connection, None)
        self.hello_of.pop(connection, None)
        self.ended(connection)

    def _subscription(self, word: str):
        def changed(connection: Connection, notify: bool, _indicate: bool) -> None:
            words = self.subscribed.get(connection)
            if words is None or not notify:
                return
            words.add(word)
            if words == {"hello", "down"}:
                self.both_subscribed(connection)

        return changed

    def _listen_to_requests(self) -> None:
        server = self.device.gatt_server
        handle = server.on_gatt_pdu

        def on_gatt_pdu(bearer, pdu) -> None:
            self.counts.operations += 1
            code = pdu.op_code
            # The first request on a link. Any earlier, and Debian's kernel 6.1 dies of it: "kernel BUG at lib/list_debug.c", in hci_chan_del.
            if code == att.Opcode.ATT_EXCHANGE_MTU_REQUEST and self.broken(bearer, "connect", 1):
                return
            if code in (att.Opcode.ATT_READ_BY_GROUP_TYPE_REQUEST, att.Opcode.ATT_READ_BY_TYPE_REQUEST):
                self.broken(bearer, "discovery", 1)
            if code == att.Opcode.ATT_WRITE_REQUEST and self.broken(bearer, "subscribe", 1):
                return
            if code == att.Opcode.ATT_READ_REQUEST:
                # A long read is one value: its later parts are of what its first part was of.
                self.hello_of.pop(bearer, None)
            handle(bearer, pdu)

        server.on_gatt_pdu = on_gatt_pdu

    async def _read(self, connection: Connection) -> bytes:
        if connection not in self.hello_of:
            self.counts.reads += 1
            self.hello_of[connection] = await self.read(connection)
        return self.hello_of[connection]

    def _write(self, connection: Connection, value: bytes) -> None:
        self.counts.writes += 1
        self.counts.up += len(value)
        if not self.broken(connection, "up", self.counts.up):
            self.written(connection, bytes(value))

    async def notify(self, connection: Connection, characteristic: Characteristic, value: bytes) -> None:
        """One notification."""
        if self.broken(connection, "down", self.counts.down + len(value)):
            return
        self.counts.operations += 1
        self.counts.notifications += 1
        self.counts.down += len(value)
        await self.device.gatt_server.notify_subscriber(connection, characteristic, value)

    def begun(self, connection: Connection) -> None:
        """A link is up."""

    def ended(self, connection: Connection) -> None:
        """A link is gone."""

    def both_subscribed(self, connection: Connection) -> None:
        """`hello` and `down` are subscribed to."""

    async def read(self, connection: Connection) -> bytes:
        """The value of `hello`."""
        raise NotImplementedError

    def written(self, connection: Connection, value: bytes) -> None:
        """A write to `up`."""
        raise NotImplementedError


class Echo(Peripheral):
    """No lock: the floor and the limits of a link. It counts what is written; the first byte says what else to do.

    0 nothing · 1 notify the same on `down` · 2 notify on `down` so many times (4 bytes) so many bytes (2), numbered · 3 read back: frames and bytes counted
    """

    def __init__(self, air: "Air", name: str, number: int):
        super().__init__(air, name, number)
        self.frames = self.bytes = 0

    async def read(self, connection: Connection) -> bytes:
        return bytes(152)

    def written(self, connection: Connection, value: bytes) -> None:
        self.frames += 1
        self.bytes += len(value)
        if value[:1] == b"\x01":
            self.air.spawn(self.notify(connection, self.down, value))
        elif value[:1] == b"\x02":
            times, size = struct.unpack_from(">IH", value, 1)
            self.air.spawn(self._burst(connection, times, size))
        elif value[:1] == b"\x03":
            counted = struct.pack(">BII", 3, self.frames - 1, self.bytes - len(value))
            self.frames = self.bytes = 0
            self.air.spawn(self.notify(connection, self.down, counted))

    async def _burst(self, connection: Connection, times: int, size: int) -> None:
        for number in range(times):
            await self.notify(connection, self.down, struct.pack(">BI", 2, number).ljust(size, b"\x02"))


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

    def __init__(self, air: "Air", name: str, number: int, where: str):
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


class Squatter:
    """Somebody who connects to a lock and keeps the link without a word."""

    def __init__(self, air: "Air"):
        self.air = air
        self.radio = Radio("squatter", air.link, "C0:FF:EE:00:02:01")
        host = Host()
        host.controller = self.radio
        config = DeviceConfiguration(name="squatter", address=hci.Address("F0:F1:F2:F3:F5:01"), le_privacy_enabled=False)
        self.device = Device(config=config, host=host)
        self.on = False

    async def sit(self, address: str) -> int:
        """Connects, and gives how many links it has."""
        if not self.on:
            await self.device.power_on()
            self.on = True
        await self.device.connect(hci.Address(address), own_address_type=hci.OwnAddressType.RANDOM, timeout=10)
        return len(self.device.connections)

    async def leave(self) -> None:
        """Lets go of everything."""
        for connection in list(self.device.connections.values()):
            await connection.disconnect()


class Air:
    """Everything in the air."""

    def __init__(self, note):
        self.link = Link()
        self.note = note
        self.peripherals: dict[str, Peripheral] = {}
        self.squatter: Squatter | None = None
        self.tasks: set[asyncio.Task] = set()
        self.phone: Radio | None = None

    def attach(self, source, sink) -> None:
        """The virtual machine's controller."""
        self.phone = Radio("phone", self.link, "C0:FF:EE:00:00:01", host_source=source, host_sink=sink)

    def spawn(self, work) -> asyncio.Task:
        """A task whose failure is noted and hurts nobody else."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.note(f"a task failed: {task.exception()!r}")

    async def add(self, name: str, where: str | None, mtu: int) -> Peripheral:
        """A lock with a process behind it, or an [`Echo`]."""
        number = len(self.peripherals) + 1
        made = Echo(self, name, number) if where is None else Lock(self, name, number, where)
        self.peripherals[name] = made
        await made.start(mtu)
        return made
