"""While Temporal doesn't answer no alert is taken: said once in each channel where one came, and to the operators.

The end of it is said too, and whoever waits for it is told: alerts that are still young are taken then.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from bot.background import Background
from bot.doors import UNANSWERED
from bot.operators import Operators
from bot.speaker import Speaker
from domain.alert import AlertMessage
from workflows.account_door import AccountDoor

log = logging.getLogger(__name__)
_PROBE = 1.0  # seconds
_QUIET = 300.0  # seconds: a Temporal that comes and goes is told once in that time
_MOST_CHANNELS = 50
_DOWN = "⏳ Alerts can't be taken right now. I keep trying each of them while it is young enough to trade."
_DOWN_FOR_OPERATORS = "🚨 Temporal does not answer: no alert is taken. → Look at its server; the rest comes by itself."
_OPERATORS = 0
_BACK = "Alerts are taken again. Those that grew too old meanwhile are not traded."


class Outage:
    """Whether there is one, since when, and who was told."""

    def __init__(self, account: AccountDoor, speaker: Speaker, operators: Operators, background: Background) -> None:
        self._account = account
        self._speaker = speaker
        self._operators = operators
        self._background = background
        self._told: dict[int, int] = {}  # channel -> the message that was the first there
        self._said_at: dict[int, float] = {}  # channel -> when it was said last; 0 is the operators'
        self.since: datetime | None = None
        self.on_over: Callable[[], None] = lambda: None

    def begin(self, message: AlertMessage, error: Exception) -> None:
        """An alert could not be handed on."""
        if self.since is None:
            self.since = datetime.now(UTC)
            log.error("Temporal does not take alerts: %s", str(error) or type(error).__name__)
            self._background.start(self._watch())
            if self._may_say(_OPERATORS):
                self._told[_OPERATORS] = message.message_id
                self._background.start(self._operators.say(_DOWN_FOR_OPERATORS, "outage", message.message_id))
        place = message.thread_id or message.channel_id
        if place not in self._told and len(self._told) < _MOST_CHANNELS and self._may_say(place):
            self._told[place] = message.message_id
            self._background.start(self._speaker.say(place, _DOWN, "outage", message.message_id))

    def end(self) -> None:
        """Temporal has answered."""
        if self.since is None:
            return
        lasted = datetime.now(UTC) - self.since
        log.info("Temporal answers again after %.0f s", lasted.total_seconds())
        told, self._told, self.since = self._told, {}, None
        for_operators = told.pop(_OPERATORS, None)
        for place, first in told.items():
            self._background.start(self._speaker.say(place, _BACK, "outage-over", first))
        if for_operators is not None:
            text = f"✅ Temporal answers again, after {lasted.total_seconds():.0f} s. {_BACK}"
            self._background.start(self._operators.say(text, "outage-over", for_operators))
        self.on_over()

    def _may_say(self, place: int) -> bool:
        now = monotonic()
        if now - self._said_at.get(place, -_QUIET) < _QUIET:
            return False
        self._said_at[place] = now
        return True

    async def _watch(self) -> None:
        while self.since is not None:
            await asyncio.sleep(_PROBE)
            try:
                await self._account.answers()
            except UNANSWERED:
                continue
            self.end()
