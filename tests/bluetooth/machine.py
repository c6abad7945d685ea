"""The virtual machine and its air, ordered about by lines of JSON on standard input; each is answered by one on standard output.

The first line out says that the machine is ready. When standard input ends, so does everything.
"""

from __future__ import annotations

import asyncio
import ctypes
import dataclasses
import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from bumble.transport import open_transport

import prepare
from air import Air, Squatter
from peripheral import Counts, Echo, Fault

#: The machine boots within this, seconds, however busy this computer is.
BOOT = 400
QEMU = (
    "qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 512 -display none -monitor none -no-reboot -nic none "
    "-device virtio-rng-pci -serial stdio"
).split()
KERNEL_LINE = (
    "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off random.trust_cpu=on tsc=reliable cryptomgr.notests=1 rdinit=/init"
)


def dies_with_parent() -> None:
    """Run in the child: however this process ends, the child does too."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Machine:
    """QEMU and the air around it."""

    def __init__(self, port: int, folder: Path, log):
        self.port = port
        self.folder = folder
        self.log = log
        self.air = Air(self.note)
        self.qemu: asyncio.subprocess.Process | None = None

    def note(self, text: str) -> None:
        """A line of the log."""
        print(f"{time.monotonic():.3f} {text}", file=self.log, flush=True)

    async def start(self) -> None:
        """Boots, and returns once the adapter is on."""
        wire = self.folder / "controller"
        transport = await open_transport(f"unix-server:{wire}")
        self.air.attach(transport.source, transport.sink)
        self.qemu = await asyncio.create_subprocess_exec(
            *QEMU,
            "-kernel", str(prepare.MADE / "vmlinux"),
            "-initrd", str(prepare.MADE / "root.cpio"),
            "-append", KERNEL_LINE,
            "-chardev", f"socket,id=controller,path={wire},reconnect=1",
            "-serial", "chardev:controller",
            "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-10.0.2.15:5555",
            "-device", "virtio-net-pci,netdev=net",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self.log,
            preexec_fn=dies_with_parent,
        )
        await asyncio.wait_for(self._ready(), BOOT)
        self.air.spawn(self._console())

    async def _ready(self) -> None:
        async for line in self.qemu.stdout:
            self.note(line.decode(errors="replace").strip())
            if b"GUEST READY" in line:
                return
        raise RuntimeError("the machine ended while it booted")

    async def _console(self) -> None:
        async for line in self.qemu.stdout:
            self.note(line.decode(errors="replace").strip())

    async def stop(self) -> None:
        """Ends it."""
        if self.qemu is not None and self.qemu.returncode is None:
            self.qemu.kill()
            await self.qemu.wait()

    async def power(self, on: bool) -> None:
        """Switches the adapter, as a person does in the settings."""
        asked = await asyncio.create_subprocess_exec(
            "dbus-send", f"--bus=tcp:host=127.0.0.1,port={self.port},family=ipv4", "--print-reply", "--reply-timeout=20000",
            "--dest=org.bluez", "/org/bluez/hci0", "org.freedesktop.DBus.Properties.Set",
            "string:org.bluez.Adapter1", "string:Powered", f"variant:boolean:{'true' if on else 'false'}",
            stdout=self.log, stderr=self.log,
        )
        if await asked.wait() != 0:
            raise RuntimeError("the adapter was not switched")

    async def obey(self, order: dict) -> dict:
        """Does what one line says."""
        do = order["do"]
        if do == "power":
            await self.power(order["on"])
            return {}
        if do == "add":
            made = await self.air.add(order["name"], order.get("air"), order.get("mtu", 517))
            return {"address": made.address}
        if do == "leave":
            if self.air.squatter is not None:
                await self.air.squatter.leave()
            return {}
        peripheral = self.air.peripherals[order["name"]]
        if do == "mtu":
            peripheral.device.gatt_server.max_mtu = order["mtu"]
        elif do == "advertise":
            peripheral.advertise(order["on"])
        elif do == "cut":
            peripheral.cut()
        elif do == "fault":
            peripheral.counts = Counts()
            peripheral.fault = Fault(order["at"], order.get("after", 0)) if order.get("at") else None
        elif do == "counts":
            counted, peripheral.counts = peripheral.counts, Counts()
            pending = peripheral.fault is not None
            return {**dataclasses.asdict(counted), "open": len(peripheral.device.connections), "pending": pending}
        elif do == "squat":
            self.air.squatter = self.air.squatter or Squatter(self.air)
            return {"links": await self.air.squatter.sit(peripheral.address)}
        else:
            raise ValueError(f"no order `{do}`")
        return {}


async def lines(stream) -> asyncio.StreamReader:
    """Standard input, line by line."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
    return reader


def say(answer: dict) -> None:
    """One line out."""
    print(json.dumps(answer), flush=True)


async def main() -> None:
    """Everything, until standard input ends."""
    # A lock advertises through its controller, which Bumble's device warns of at each connection.
    logging.getLogger("bumble.device").setLevel(logging.ERROR)
    begun = time.monotonic()
    prepare.main()
    prepared = time.monotonic()
    port = int(os.environ["KEYWAY_BLUETOOTH_PORT"])
    with tempfile.TemporaryDirectory(prefix="keyway-bluetooth-") as folder, open(prepare.MADE / "machine.log", "w") as log:
        machine = Machine(port, Path(folder), log)
        orders = await lines(sys.stdin)
        try:
            # Whoever started this may be gone before the machine is up: then there is nothing to wait for.
            start = asyncio.ensure_future(machine.start())
            first = asyncio.ensure_future(orders.readline())
            await asyncio.wait({start, first}, return_when=asyncio.FIRST_COMPLETED)
            if not start.done():
                start.cancel()
                return
            start.result()
            say({"ready": True, "prepared": prepared - begun, "booted": time.monotonic() - prepared})
            line = await first
            while line:
                try:
                    say({"done": await machine.obey(json.loads(line))})
                except Exception as error:  # noqa: BLE001: the test is told, and fails
                    machine.note(repr(error))
                    say({"failed": repr(error)})
                line = await orders.readline()
        finally:
            await machine.stop()


if __name__ == "__main__":
    asyncio.run(main())
