"""Buttons and commands that somebody used who may not: written down by the desk, and bounded by the minute.

Everything that is counted is counted by the time in the interaction's own id, so two bots come to the same rows.
"""

import logging
from datetime import datetime

from bot.background import Background
from bot.doors import UNANSWERED
from bot.shares import Shares
from domain.chat import pinging_nobody
from domain.command import Denied, Person
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_MOST_OF_ONE = 20  # in a minute
_LONGEST_NAME = 100


class Denials:
    """Who was told no. A flood is not passed on to the desk: what comes beyond the bounds stands in the log alone."""

    def __init__(self, desk: DeskDoor, background: Background) -> None:
        self._desk = desk
        self._background = background
        self._shares = Shares(_MOST_OF_ONE)

    def deny(self, by: Person, what: str, why: str, at: datetime, workflow_id: str | None = None) -> None:
        """Have it written down. `what` is a command's name or a button's word; `at` is when it was used."""
        log.warning("%s may not %s %s: %s", by.person_id, what, workflow_id or "", why)
        named = by.model_copy(update={"name": pinging_nobody(by.name, _LONGEST_NAME)})
        word = what.replace(" ", "_").replace("-", "_")
        denied = Denied(by=named, what=word, why=why, at=at, workflow_id=workflow_id)
        if self._shares.is_due(by.person_id, f"{word} {workflow_id}", at.timestamp()):
            self._background.start(self._write_down(denied))

    async def _write_down(self, denied: Denied) -> None:
        try:
            await self._desk.denied(denied)
        except UNANSWERED as error:
            log.warning("that %s was denied to %s is not in the audit: %s", denied.what, denied.by.person_id, error)
