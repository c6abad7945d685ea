"""Everything in the air: one controller for the virtual machine, one for each lock, and whoever else is there."""

from __future__ import annotations

import asyncio

from bumble import hci
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host

from lock import Lock
from peripheral import Echo, Peripheral
from radio import Link, Radio


class Squatter:
    """Somebody who connects to a lock and keeps the link without a word."""

    def __init__(self, air: Air):
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
