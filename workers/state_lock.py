"""The lock on a state folder: one `alertladder up` at a time, and none while an earlier one's children still live."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from domain.errors import AlertladderError

LOCK_NAME = "up.lock"
_RETRY = 0.05  # seconds


class StateFolderInUse(AlertladderError):
    """Another `up` works on the same state folder. `pid` is its supervisor, None when that could not be read."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        self.pid = pid
        super().__init__(f"the state folder {folder} is in use by {_holder(pid)}")


@contextmanager
def hold_state_folder(folder: Path, patience: timedelta = timedelta(seconds=3)) -> Iterator[int]:
    """Hold the folder (made if missing) for the duration; gives the lock's file descriptor, StateFolderInUse if taken.

    Children that inherit the descriptor hold the lock too, so it is free only when the last of them is gone: two
    generations of workers never share a folder. `patience` is how long to wait for children whose supervisor died.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK_NAME).open("a+", encoding="ascii") as file:
        deadline = time.monotonic() + patience.total_seconds()
        while not _take(file.fileno()):
            pid = _written_pid(folder / LOCK_NAME)
            if pid is None or _is_running(pid) or time.monotonic() > deadline:
                raise StateFolderInUse(folder, pid)
            time.sleep(_RETRY)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written_pid(path: Path) -> int | None:
    written = path.read_text(encoding="ascii")
    return int(written) if written.isdigit() else None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's, but there
    return True


def _holder(pid: int | None) -> str:
    if pid is None:
        return "another process, which did not write its pid"
    if _is_running(pid):
        return f"process {pid}"
    return f"processes that process {pid}, now gone, left behind"
