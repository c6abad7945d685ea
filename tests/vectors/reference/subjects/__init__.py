"""What there are vectors of: for each subject a function from a seeded generator to the file's contents.

Every valid case is decoded by the reference before it is written, and every malformed one is seen to be refused.
"""

from . import (
    bundle,
    channel,
    codes,
    doorcodes,
    epochs,
    frames,
    grants,
    handshakes,
    hello,
    judging,
    lanes,
    local_time,
    log,
    roots,
    session,
)

SUBJECTS = {
    "frames": frames.vectors,
    "hello": hello.vectors,
    "channel": channel.vectors,
    "session": session.vectors,
    "handshakes": handshakes.vectors,
    "epochs": epochs.vectors,
    "roots": roots.vectors,
    "grants": grants.vectors,
    "lanes": lanes.vectors,
    "bundle": bundle.vectors,
    "log": log.vectors,
    "codes": codes.vectors,
    "local_time": local_time.vectors,
    "judging": judging.vectors,
    "doorcodes": doorcodes.vectors,
}
