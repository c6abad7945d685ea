"""A GATT server with the Keyway service as PROTOCOL.md defines it, and the one without a lock behind it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import att, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host

from radio import Radio

if TYPE_CHECKING:
    from air import Air

SERVICE = "7d1c8e20-5f3b-4a77-9b0e-6b6579776179"
HELLO = "7d1c8e21-5f3b-4a77-9b0e-6b6579776179"
UP = "7d1c8e22-5f3b-4a77-9b0e-6b6579776179"
DOWN = "7d1c8e23-5f3b-4a77-9b0e-6b6579776179"
#: Milliseconds between two advertisements.
INTERVAL = 30
PROPERTIES = Characteristic.Properties


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

    def __init__(self, air: Air, name: str, number: int):
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

    def __init__(self, air: Air, name: str, number: int):
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
