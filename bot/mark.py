"""How far back everything is known: the time of the last complete sweep, kept in a file through restarts.

Without it a longer outage could not be told from a first start. It decides only what is reported as missed: what is
traded is decided by age.
"""

import json
import logging
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)


class SweptMark:
    """One bot's mark. A file that can't be written costs reports, never trades."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = self._read()

    @property
    def at(self) -> datetime | None:
        """When the last complete sweep began; None: never."""
        return self._at

    def move(self, at: datetime) -> None:
        """A sweep that began then is complete."""
        self._at = at
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(".new")
            beside.write_text(json.dumps({"swept_at": at.isoformat()}), encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            log.warning("the time of the last sweep could not be kept: %s", error)

    def _read(self) -> datetime | None:
        try:
            return datetime.fromisoformat(json.loads(self._path.read_text(encoding="utf-8"))["swept_at"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the time of the last sweep could not be read: %s", error)
            return None
