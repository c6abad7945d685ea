"""`python -m reference check PROTOCOL.md` and `python -m reference vectors [--check]`."""

import argparse
import sys
from pathlib import Path

from . import vectors
from .primitives import Refused
from .subjects import SUBJECTS
from .text import Block, worked_blocks
from .worked import worked_documents, worked_hex


def verdict(failed: int, passed: int) -> int:
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed")
    return 1 if failed else 0


def line_of(block: Block, computed: bytes | None) -> str:
    if computed is None:
        return f"DIFFERS {block.name}: the reference does not compute it"
    if computed != block.value:
        return f"DIFFERS {block.name} expected {block.value.hex()} computed {computed.hex()}"
    return f"ok {block.name}"


def check(path: Path) -> int:
    try:
        blocks = worked_blocks(path.read_text(encoding="utf-8"))
    except (OSError, Refused) as error:
        print(f"DIFFERS {path.name}: {error}")
        return verdict(failed=1, passed=0)
    computed = {"Worked documents": worked_documents(), "Worked hex": worked_hex()}
    lines = [line_of(block, computed[block.section].pop(block.name, None)) for block in blocks]
    lines += [f"DIFFERS {name}: not in the text" for values in computed.values() for name in values]
    print("\n".join(lines))
    failed = sum(line.startswith("DIFFERS") for line in lines)
    return verdict(failed, passed=len(lines) - failed)


def main() -> int:
    parser = argparse.ArgumentParser(prog="reference", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("protocol", type=Path, metavar="PROTOCOL.md")
    commands.add_parser("vectors").add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.command == "check":
        return check(arguments.protocol)
    if not arguments.check:
        vectors.write()
        return 0
    lines = vectors.differences()
    print("\n".join([f"DIFFERS {line}" for line in lines]) or "the vector files are what the reference computes")
    return verdict(failed=len(lines), passed=len(SUBJECTS) - len(lines))


if __name__ == "__main__":
    sys.exit(main())
