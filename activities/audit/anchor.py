"""The anchor file: the chain's head, kept outside the database so that a cut tail is found (invariant 24).

It is written before a commit, announcing it, and after, confirming it. So a crash in between leaves the database at
one of two known places, and anything else there was done by somebody else.
"""

import os
from pathlib import Path

from pydantic import ValidationError

from domain.chain import Anchor
from domain.errors import InvariantError


class AnchorFile:
    """Reads and replaces the anchor beside the audit file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_suffix(".head")

    def read(self) -> Anchor | None:
        """The anchor; None when there is no file. InvariantError when it isn't one of ours: writes are atomic."""
        try:
            return Anchor.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise InvariantError(f"{self.path} is not an audit anchor: {error.error_count()} errors in it") from error

    def write(self, anchor: Anchor) -> None:
        """Replace the anchor, durable on return. OSError leaves the old one in place."""
        fresh = self.path.with_suffix(".head.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(anchor.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        _sync_folder(self.path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable: a lost one would accuse rows that were written."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
