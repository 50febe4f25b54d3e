"""Who may open the audit file: the holder of a lock file beside it.

DuckDB's own lock is a POSIX record lock, which vanishes when its owner opens and closes the file once more (a copy, a
checksum). This one is an flock on a file that nobody has a reason to touch.
"""

import fcntl
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from domain.errors import AlertladderError

_RETRY = 0.05  # seconds


class AuditFileInUse(AlertladderError):
    """Another process owns the audit file. Ask it instead."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"{path} is in use by {f'process {holder}' if holder else 'another process'}")


class Ownership:
    """The held lock on one audit file, until `release` or the end of the process."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    @classmethod
    def take(cls, path: Path, patience: timedelta = timedelta(0)) -> "Ownership":
        """Hold the lock of the audit file at `path`; AuditFileInUse when it is still taken after `patience`.

        Patience is for a predecessor that is shutting down.
        """
        lock_path = path.with_suffix(".lock")
        file = os.fdopen(os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
        deadline = time.monotonic() + patience.total_seconds()
        while not _locked(file):
            if time.monotonic() >= deadline:
                holder = file.read().strip()
                file.close()
                raise AuditFileInUse(path, holder)
            time.sleep(_RETRY)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let the next process in. The file stays: removing it would let two processes lock two files."""
        self._file.close()


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
