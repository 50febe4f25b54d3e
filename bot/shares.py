"""How much of what strangers cause is passed on in a minute: to each their share, and to all together no more."""

from collections import deque
from typing import NamedTuple

_A_MINUTE = 60.0  # seconds
_MOST = 60


class _Past(NamedTuple):
    at: float  # seconds, of whatever clock
    person_id: int
    what: str


class Shares:
    """`most_of_one` is what one person may cause in a minute: it leaves room for the others."""

    def __init__(self, most_of_one: int) -> None:
        self._most_of_one = most_of_one
        self._lately: deque[_Past] = deque()

    def is_due(self, person_id: int, what: str, at: float) -> bool:
        """The first of its kind in a minute, and neither its person nor all together have had their share."""
        while self._lately and at - self._lately[0].at > _A_MINUTE:
            self._lately.popleft()
        theirs = [past.what for past in self._lately if past.person_id == person_id]
        if what in theirs or len(theirs) >= self._most_of_one or len(self._lately) >= _MOST:
            return False
        self._lately.append(_Past(at, person_id, what))
        return True
