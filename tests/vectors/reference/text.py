"""Reads the worked values out of PROTOCOL.md."""

import re
from dataclasses import dataclass

from .primitives import Refused, require

SECTIONS = ("Worked documents", "Worked hex")
_BLOCK = re.compile(r"^(\w+) \((\d+)\)$")


@dataclass(frozen=True)
class Block:
    section: str
    name: str
    value: bytes


def _fenced(text: str) -> list[tuple[str, list[str]]]:
    """Lines of each fenced block, with the heading it stands under."""
    heading, inside, found = "", False, []
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
            if inside:
                found.append((heading, []))
        elif inside:
            found[-1][1].append(line)
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
    require(not inside, "a fenced block does not end")
    return found


def _blocks(section: str, lines: list[str]) -> list[Block]:
    collected: list[tuple[str, int, list[str]]] = []
    for line in lines:
        if match := _BLOCK.match(line):
            collected.append((match[1], int(match[2]), []))
            continue
        require(bool(collected) and line.startswith("  "), f"{section}: cannot read the line {line!r}")
        collected[-1][2].append(line.strip())
    blocks = []
    for name, length, rows in collected:
        try:
            value = bytes.fromhex("".join(rows))
        except ValueError as error:
            raise Refused(f"{section}: {name} is not hexadecimal") from error
        require(len(value) == length, f"{section}: {name} says {length} bytes and has {len(value)}")
        blocks.append(Block(section, name, value))
    return blocks


def worked_blocks(text: str) -> list[Block]:
    found = []
    for heading, lines in _fenced(text):
        require(heading in SECTIONS, f"a fenced block under {heading!r}, which the reference does not know")
        found += _blocks(heading, lines)
    names = [(block.section, block.name) for block in found]
    require(len(set(names)) == len(names), "a name stands twice in one section")
    return found
