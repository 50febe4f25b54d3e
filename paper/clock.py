"""The exchange's clock: the real one, or that much ahead of it. It can be put forward, and never goes back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class DrivenClock:
    """Calling it gives the exchange's time, aware. It runs on at the source's pace."""

    def __init__(self, source: Clock, ahead: timedelta = timedelta(0)) -> None:
        self._source = source
        self.ahead = ahead

    def __call__(self) -> datetime:
        return self._source() + self.ahead

    def go_to(self, at: datetime) -> None:
        """Put it forward to `at`; ValueError for a moment that is over."""
        missing = at - self()
        if missing < timedelta(0):
            raise ValueError(f"it is {self().isoformat(timespec='seconds')} already")
        self.ahead += missing
