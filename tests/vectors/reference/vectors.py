"""Writes the vector files, or compares them with what the reference computes now."""

import json
from collections.abc import Callable
from pathlib import Path

from .generator import Generator
from .subjects import SUBJECTS

FOLDER = Path(__file__).parent.parent / "vectors"
WIDTH = 240


def _plain(value: object) -> object:
    """Bytes as hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _laid_out(value: object, indent: str) -> str:
    """On one line what fits on one; else one entry a line."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(line) + len(indent) <= WIDTH or not isinstance(value, dict | list):
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        rows = [f"{json.dumps(key)}:{_laid_out(item, deeper)}" for key, item in value.items()]
    else:
        rows = [_laid_out(item, deeper) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(rows) + f"\n{indent}{closing}"


def rendered(document: dict) -> str:
    return _laid_out(_plain(document), "") + "\n"


def computed(name: str, subject: Callable[[Generator], dict]) -> str:
    return rendered(subject(Generator(f"keyway/1 vectors {name}")))


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, subject in SUBJECTS.items():
        text = computed(name, subject)
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"wrote {name}.json, {len(text)} bytes")


def differences() -> list[str]:
    """A line for every vector file that is not what the reference computes, or that it does not know."""
    found = []
    for name, subject in SUBJECTS.items():
        path = FOLDER / f"{name}.json"
        if not path.is_file():
            found.append(f"{name}.json is missing")
        elif path.read_text(encoding="utf-8") != computed(name, subject):
            found.append(f"{name}.json is not what the reference computes")
    known = {f"{name}.json" for name in SUBJECTS}
    return found + [f"{path.name} belongs to no subject" for path in FOLDER.iterdir() if path.name not in known]
