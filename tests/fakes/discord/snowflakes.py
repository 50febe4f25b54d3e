"""Snowflakes: ids that carry their time, and are never given twice."""

from datetime import UTC, datetime
from itertools import count

_EPOCH_MILLISECONDS = 1420070400000
_TIME_SHIFT = 22


class Snowflakes:
    """The one source of ids of a fake."""

    def __init__(self) -> None:
        self._numbers = count()

    def new(self, at: datetime | None = None) -> str:
        """An id of that time; of now by default."""
        milliseconds = int((at or datetime.now(UTC)).timestamp() * 1000) - _EPOCH_MILLISECONDS
        return str(milliseconds << _TIME_SHIFT | next(self._numbers) & (1 << _TIME_SHIFT) - 1)
