"""Keys of key epochs."""

from .. import epochs
from ..generator import Generator


def vectors(generator: Generator) -> dict:
    cases = []
    for _ in range(3):
        origin = generator.octets(32)
        for root_version, epoch in ((1, 0), (1, 1), (1, 7), (2, 0), (3, 2), (17, 1024)):
            cases.append(
                {
                    "origin": origin,
                    "root_version": root_version,
                    "key_epoch": epoch,
                    "hint_key": epochs.hint_key(origin, root_version, epoch),
                    "sealing_public": epochs.sealing_public(origin, root_version, epoch),
                }
            )
    return {"epochs": cases}
