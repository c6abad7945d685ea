"""Makes what the virtual machine boots: Debian's kernel and a small root with Debian's bluetoothd, below target/bluetooth.

Nothing is installed: packages are downloaded, checked by apt, unpacked and kept. Run again, it finds everything there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MADE = HERE.parent.parent / "target" / "bluetooth"
#: The metapackage of the kernel.
KERNEL = "linux-image-6.12-amd64"
#: What the root is made of, beside the kernel.
PACKAGES = ("bluez", "dbus-daemon", "dbus-bin", "busybox-static")
#: Libraries of these programs that not every machine has.
LIBRARIES = (
    "libapparmor1 libasound2 libaudit1 libcap-ng0 libdbus-1-3 libdw1 libelf1 libexpat1 libglib2.0-0 libpcre2-8-0 libsystemd0"
).split()
PROGRAMS = (
    "usr/bin/dbus-daemon",
    "usr/bin/dbus-send",
    "usr/bin/btattach",
    "usr/libexec/bluetooth/bluetoothd",
)
MODULES = (
    "bluetooth hci_uart uhid cmac ecb ccm algif_hash algif_skcipher virtio_pci virtio_net virtio-rng"
).split()


def run(*line: str | Path, cwd: Path | None = None) -> str:
    """The output of a program that must succeed."""
    done = subprocess.run([str(word) for word in line], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


def kernel_package() -> str:
    """The kernel that Debian's metapackage stands for now. 6.1 dies when a link is lost while it is set up; see the README."""
    depends = run("apt-cache", "depends", KERNEL)
    found = re.search(r"Depends: (linux-image-[0-9][^ \n]*)", depends)
    if not found:
        raise SystemExit(f"apt names no kernel for {KERNEL}")
    return found.group(1)


def unpack(package: str) -> Path:
    """One package, unpacked."""
    folder = MADE / "unpacked" / package
    if folder.is_dir():
        return folder
    downloads = MADE / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    run("apt-get", "download", "-qq", package, cwd=downloads)
    (archive,) = downloads.glob(f"{package}_*.deb")
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    run("dpkg-deb", "-x", archive, part)
    part.rename(folder)
    archive.unlink()
    return folder


def libraries(program: Path, unpacked: list[Path]) -> set[str]:
    """The libraries that a program loads, by their paths here."""
    folders = {library.parent for folder in unpacked for library in folder.glob("**/lib*.so.*")}
    path = ":".join(str(folder) for folder in sorted(folders))
    listed = run("env", f"LD_LIBRARY_PATH={path}", "ldd", program)
    if "not found" in listed:
        lacking = re.findall(r"(\S+) => not found", listed)
        raise SystemExit(f"{program.name} needs {', '.join(lacking)}")
    return set(re.findall(r"/\S+(?= \()", listed))


def copy(source: Path | str, root: Path, place: str) -> None:
    """A file at its place in the root."""
    target = root / place.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def modules(kernel: Path, root: Path) -> None:
    """The kernel's modules that are needed, numbered in the order of their loading."""
    (version,) = (path.name for path in (kernel / "lib/modules").iterdir())
    run("/sbin/depmod", "-b", kernel, version)
    order: list[str] = []
    for name in MODULES:
        shown = run("/sbin/modprobe", "-d", kernel, "-S", version, "--show-depends", name)
        for path in re.findall(r"^insmod (\S+)", shown, re.MULTILINE):
            if path not in order:
                order.append(path)
    folder = root / "lib/modules/keyway"
    folder.mkdir(parents=True)
    for number, path in enumerate(order):
        target = folder / f"{number:02}-{Path(path).name.removesuffix('.xz')}"
        if path.endswith(".xz"):
            target.write_bytes(subprocess.run(["xz", "-dc", path], check=True, capture_output=True).stdout)
        else:
            shutil.copy(path, target)


def uncompressed(kernel: Path) -> Path:
    """The kernel without its decompressor, which costs seconds where every instruction is emulated."""
    image = next((kernel / "boot").glob("vmlinuz-*")).read_bytes()
    start = image.find(b"\x28\xb5\x2f\xfd")
    if start < 0:
        raise SystemExit("the kernel is not packed as expected")
    # What follows the kernel in the image is no frame of its own, which zstd says at the end.
    plain = subprocess.run(["zstd", "-dcq"], input=image[start:], capture_output=True, check=False)
    if not plain.stdout.startswith(b"\x7fELF"):
        raise SystemExit("the kernel could not be unpacked")
    target = MADE / "vmlinux"
    target.write_bytes(plain.stdout)
    return target


def make_root(kernel: Path, unpacked: list[Path]) -> Path:
    """The root, as an archive that the kernel unpacks into memory."""
    root = MADE / "root"
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("bin dev proc sys run/dbus tmp etc var/lib/bluetooth var/lib/dbus").split():
        (root / folder).mkdir(parents=True)
    (root / "var/run").symlink_to("../run")
    for program in PROGRAMS:
        source = next(folder / program for folder in unpacked if (folder / program).exists())
        copy(source, root, program)
        for library in libraries(source, unpacked):
            # Where it lies in its package is where it is looked for.
            place = library.removeprefix(str(MADE / "unpacked"))
            copy(library, root, library if place == library else place.split("/", 2)[2])
    busybox = next(path for folder in unpacked for path in folder.glob("**/bin/busybox"))
    copy(busybox, root, "bin/busybox")
    copy(HERE / "guest/init", root, "init")
    (root / "init").chmod(0o755)
    copy(HERE / "guest/bus.conf", root, "etc/bus.conf")
    copy(HERE / "guest/main.conf", root, "etc/bluetooth/main.conf")
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\nmessagebus:x:100:100::/:/bin/false\n")
    (root / "etc/group").write_text("root:x:0:\nmessagebus:x:100:\nbluetooth:x:101:\n")
    (root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\n")
    (root / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    modules(kernel, root)
    names = "\0".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    packed = subprocess.run(
        ["cpio", "--null", "-o", "-H", "newc", "-R", "0:0", "--quiet"],
        input=names.encode(),
        cwd=root,
        check=True,
        capture_output=True,
    )
    target = MADE / "root.cpio"
    target.write_bytes(packed.stdout)
    shutil.rmtree(root)
    return target


def main() -> None:
    """Makes it, if it is not there."""
    complete = MADE / "complete"
    sources = (Path(__file__), *sorted((HERE / "guest").iterdir()))
    stamp = "".join(str(hash_of(path)) for path in sources)
    if complete.exists() and complete.read_text() == stamp:
        return
    MADE.mkdir(parents=True, exist_ok=True)
    complete.unlink(missing_ok=True)
    kernel = unpack(kernel_package())
    unpacked = [unpack(package) for package in (*PACKAGES, *LIBRARIES)]
    uncompressed(kernel)
    make_root(kernel, unpacked)
    complete.write_text(stamp)


def hash_of(path: Path) -> str:
    """A file's content, in short."""
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
