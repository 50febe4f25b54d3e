"""Commands that leave no row by what they do, as those that look or were refused: written down all the same.

What changes something is written down where it is changed. Bounded by the minute, as what is denied is.
"""

import logging
from collections.abc import Callable
from time import monotonic

from bot.background import Background
from bot.doors import UNANSWERED
from bot.shares import Shares
from domain.chat import pinging_nobody
from domain.command import OperatorDid, Person
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_MOST_OF_ONE = 20  # in a minute
_LONGEST_NAME, _LONGEST_DETAIL = 100, 500


class Uses:
    """Who used what. The same command by the same person, told of the same way, is one row a minute."""

    def __init__(self, desk: DeskDoor, background: Background, clock: Callable[[], float] = monotonic) -> None:
        self._desk = desk
        self._background = background
        self._clock = clock
        self._shares = Shares(_MOST_OF_ONE)

    def used(self, by: Person, what: str, came_to: str = "") -> None:
        """Have it written down. `what` is the command's name; `came_to` says why it was not done."""
        named = by.model_copy(update={"name": pinging_nobody(by.name, _LONGEST_NAME)})
        detail = f"{what} by {named}{': ' if came_to else ''}{came_to}"[:_LONGEST_DETAIL]
        if self._shares.is_due(by.person_id, detail, self._clock()):
            word = what.replace(" ", "_").replace("-", "_")
            self._background.start(self._write_down(OperatorDid(by=named, what=word, detail=detail)))

    async def _write_down(self, did: OperatorDid) -> None:
        try:
            await self._desk.operator_did(did)
        except UNANSWERED as error:
            log.warning("%s is not in the audit: %s", did.detail, error)
