"""Malformed bytes, told as what was done to good ones."""

from difflib import SequenceMatcher

from .primitives import require

SHORTEST_MATCH = 6
"""Fewer equal bytes than this between two changes are not worth a new edit."""

Edit = tuple[int, int, bytes]
"""At this offset of the base, so many bytes are replaced by these."""


def edits(base: bytes, changed: bytes) -> list[Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    found, at, changed_at = [], 0, 0
    for match in matcher.get_matching_blocks():
        if 0 < match.size < SHORTEST_MATCH:
            continue
        if (match.a, match.b) != (at, changed_at):
            found.append((at, match.a - at, changed[changed_at : match.b]))
        at, changed_at = match.a + match.size, match.b + match.size
    require(apply(base, found) == changed, "the edits lead elsewhere")
    return found


def apply(base: bytes, found: list[Edit]) -> bytes:
    result, at = b"", 0
    for offset, removed, inserted in found:
        result += base[at:offset] + inserted
        at = offset + removed
    return result + base[at:]


def against(base: bytes, cases: list[tuple[str, bytes]]) -> dict:
    """Cases as they stand in a vector file."""
    return {"base": base, "cases": [[why, edits(base, data)] for why, data in cases]}
