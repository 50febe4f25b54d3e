"""Alerts that are not let through here: written down by the desk, told to their author, and bounded by the minute."""

import logging
from collections.abc import Callable
from time import monotonic

from bot.answers import Answers
from bot.background import Background
from bot.doors import UNANSWERED
from bot.shares import Shares
from domain.admission import author_of
from domain.alert import AlertMessage, Unread
from domain.command import TurnedAway
from domain.refusals import Refusal
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_MOST_OF_ONE = 20  # in a minute
_LONGEST_TEXT, _LONGEST_DETAIL, _LONGEST_NAME = 300, 300, 100


class Refusals:
    """Says no. A flood of refused messages is not passed on to the desk: what comes beyond the bound is logged."""

    def __init__(
        self, desk: DeskDoor, answers: Answers, background: Background, clock: Callable[[], float] = monotonic
    ) -> None:
        self._desk = desk
        self._answers = answers
        self._background = background
        self._clock = clock
        self._shares = Shares(_MOST_OF_ONE)

    def refuse(self, message: AlertMessage, why: Refusal | Unread) -> None:
        """Tell the author and have it written down."""
        log.info("alert %s-%s is refused: %s", message.channel_id, message.message_id, why.code)
        if not self._shares.is_due(author_of(message), f"{message.message_id}", self._clock()):
            return
        self._answers.refuse(message, _sentence(why))
        self._background.start(self._write_down(message, why))

    async def _write_down(self, message: AlertMessage, why: Refusal | Unread) -> None:
        told = TurnedAway(
            channel_id=message.channel_id,
            message_id=message.message_id,
            author_id=message.author_id,
            author_name=message.author_name[:_LONGEST_NAME],
            text=message.text[:_LONGEST_TEXT],
            code=why.code,
            detail=_sentence(why)[:_LONGEST_DETAIL],
        )
        try:
            await self._desk.turned_away(told)
        except UNANSWERED as error:
            log.warning("the refusal of %s is not in the audit: %s", message.message_id, error)


def _sentence(why: Refusal | Unread) -> str:
    if isinstance(why, Refusal):
        return str(why)
    return f"It can't be read as one clear order ({why.code.value.replace('_', ' ')}): {why.detail}"
