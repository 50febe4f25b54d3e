"""What opened and closed since the last time somebody looked: by the clock, or by a driven session."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from paper.clock import Clock
from paper.listings.sessions import Hours, Sessions


class Rung(NamedTuple):
    """The hours that closed, each with its last close, and those that are open anew."""

    closes: Mapping[Hours, datetime]
    opened: frozenset[Hours]


class Bells:
    """Looks at the sessions from `since` on: an earlier run's last look, so that no close is missed by sleeping."""

    def __init__(self, sessions: Sessions, clock: Clock, since: datetime) -> None:
        self._sessions = sessions
        self._clock = clock
        self.since = since
        self._open = self._open_now()

    @property
    def any_open(self) -> bool:
        """Whether anything traded at the last look."""
        return bool(self._open)

    def ring(self) -> Rung:
        """Everything between the last look and now."""
        now, was_open = self._clock(), self._open
        self._open = self._open_now()
        closes = {hours: at for hours in Hours if (at := self._sessions.last_close(hours, self.since, now))}
        closes |= {hours: now for hours in was_open - self._open if hours not in closes}
        self.since = now
        return Rung(closes, frozenset(hours for hours in self._open if hours in closes or hours not in was_open))

    def _open_now(self) -> frozenset[Hours]:
        return frozenset(hours for hours in Hours if self._sessions.is_open(hours))
