"""What a process said last: a worker that can't run says why in one line of its log, and ends."""

import os
from pathlib import Path

_SAYS = "alertladder: "
_ENOUGH = 4096  # bytes


def last_words(log: Path) -> str:
    """Why it ended, where its log's last line says so; empty where it does not."""
    try:
        with log.open("rb") as held:
            held.seek(max(0, held.seek(0, os.SEEK_END) - _ENOUGH))
            lines = held.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return lines[-1].removeprefix(_SAYS) if lines and lines[-1].startswith(_SAYS) else ""
