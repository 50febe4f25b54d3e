"""The kill's mark: a file beside the state that shuts the way to the broker, whoever runs and whoever does not.

`alertladder kill` leaves it before its first cancel. While it is there no process of this installation sends an entry
(or, where everything was killed, any order at all); cancels always pass. The desk halts for it when it starts. Resuming
takes it away.
"""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from domain.frozen import Frozen
from domain.orders import LegAction

_NAME = "KILLED"
_CLOSING = (LegAction.SELL_TO_CLOSE, LegAction.BUY_TO_CLOSE, LegAction.SELL)


class KillScope(StrEnum):
    """What must not be sent any more."""

    ENTRIES = "entries"
    EVERYTHING = "everything"


class Kill(Frozen):
    """Who pulled it, when, and how far."""

    by: str
    at: datetime
    scope: KillScope = KillScope.ENTRIES


class KillMark:
    """The mark of one installation, in its state folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME

    def leave(self, kill: Kill) -> None:
        """Leave it, on the disk before this returns. A wider scope replaces a narrower one, never the other way."""
        held = self.read()
        if held is not None and held.scope is KillScope.EVERYTHING:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = self._path.with_suffix(".new")
        with written.open("w", encoding="utf-8") as file:
            file.write(kill.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._path)

    def lift(self) -> None:
        """Take it away."""
        self._path.unlink(missing_ok=True)

    def read(self) -> Kill | None:
        """The kill in force. One that can't be read is a kill all the same: somebody meant to stop."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return None
        try:
            return Kill.model_validate_json(text)
        except ValidationError:
            at = datetime.fromtimestamp(self._path.stat().st_mtime).astimezone()
            return Kill(by="an unreadable mark", at=at, scope=KillScope.ENTRIES)

    def forbids(self, action: LegAction) -> Kill | None:
        """The kill that forbids such an order now."""
        kill = self.read()
        if kill is None or (action in _CLOSING and kill.scope is KillScope.ENTRIES):
            return None
        return kill
