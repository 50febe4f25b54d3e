"""From a message to its trades: is it an alert of somebody who may trade here, and is it young enough? Then it starts.

A channel's alerts on one underlying are taken in their order. The same message may come any number of times, from the
gateway, from a sweep, from another bot: the workflow's id makes it one trade.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count

from activities.turns import Turns
from bot.allowed import Allowed
from bot.answers import Answers, Sign
from bot.doors import UNANSWERED
from bot.outage import Outage
from bot.refused import Refusals
from domain.admission import age_refusal, message_refusal
from domain.alert import AlertMessage, Reading, Unread
from domain.identifiers import snowflake_time
from domain.refusals import Refusal, RefusalCode
from domain.symbols import underlying_of
from workflows.front_door import FrontDoor, Submission

log = logging.getLogger(__name__)
_REMEMBERED = 20_000  # messages
_FIRST_WORD = 0.5  # seconds after which an author hears that it takes longer
_ONE_TRY = 2.0  # seconds, for each alert of a message
_TRIES_OF_A_HICCUP = 1
_PAUSE = 0.25  # seconds between tries
_MOST_AT_ONCE = 50
_A_MOMENT = timedelta(seconds=0.5)


class Verdict(StrEnum):
    """What became of a message."""

    CHAT = "chat"  # nobody's alert, or nobody's channel
    REFUSED = "refused"
    STARTED = "started"
    TOO_OLD = "too_old"
    IN_HAND = "in_hand"  # it is being taken right now, or was before


class Intake:
    """The bot's one way to a trade."""

    def __init__(
        self,
        front: FrontDoor,
        allowed: Allowed,
        answers: Answers,
        refusals: Refusals,
        outage: Outage,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._front = front
        self._allowed = allowed
        self._answers = answers
        self._refusals = refusals
        self._outage = outage
        self._now = now
        self._turns = Turns()
        self._at_once = asyncio.Semaphore(_MOST_AT_ONCE)
        self._handled: OrderedDict[int, Verdict] = OrderedDict()
        self._in_hand: dict[int, asyncio.Event] = {}  # set when it is taken, or not
        self._dropped: set[int] = set()

    def verdict(self, message_id: int) -> Verdict | None:
        """What became of a message that this process has seen."""
        return Verdict.IN_HAND if message_id in self._in_hand else self._handled.get(message_id)

    @property
    def is_busy(self) -> bool:
        """Some message is in hand."""
        return bool(self._in_hand)

    async def settle(self, message_id: int) -> None:
        """Return once a message that is in hand has become a trade, or not."""
        if (taken := self._in_hand.get(message_id)) is not None:
            await taken.wait()

    def drop(self, message_id: int) -> None:
        """A message is gone: if it is in hand, and not begun yet, it does not begin."""
        if message_id in self._in_hand:
            self._dropped.add(message_id)

    async def take(self, message: AlertMessage, original_at: datetime | None = None) -> Verdict:
        """Start what it asks for, if it may. `original_at` is when a forwarded message's original was written."""
        if message.message_id in self._in_hand or message.message_id in self._handled:
            return Verdict.IN_HAND
        self._in_hand[message.message_id] = asyncio.Event()
        try:
            verdict = await self._judge(message, original_at)
        finally:
            self._in_hand.pop(message.message_id).set()
            self._dropped.discard(message.message_id)
        if verdict in (Verdict.STARTED, Verdict.REFUSED):
            self._remember(message.message_id, verdict)
        return verdict

    async def _judge(self, message: AlertMessage, original_at: datetime | None) -> Verdict:
        policy = await self._allowed.policy()
        if message.channel_id not in policy.allowlist.channels:
            return Verdict.CHAT
        reading = self._front.read(message)
        if reading.refused is not None and not reading.refused.is_alert_like:
            return Verdict.CHAT
        max_age = policy.guard.max_alert_age
        if age_refusal(message, self._now(), max_age) is not None:
            return Verdict.TOO_OLD
        refusal = await self._refusal(message)
        if refusal is None and original_at is not None:
            refusal = _forward_refusal(original_at, self._now(), max_age)
        if (why := refusal or reading.refused) is not None:
            return self._refuse(message, reading, why)
        names = {(message.channel_id, underlying_of(alert.symbol)) for alert in reading.alerts}
        async with self._turns.of(names), self._at_once:
            if age_refusal(message, self._now(), max_age) is not None:  # it grew old behind others
                self._answers.sign(message, Sign.MISSED)
                return Verdict.TOO_OLD
            return await self._start(message, max_age, _ONE_TRY * len(reading.alerts))

    async def _refusal(self, message: AlertMessage) -> Refusal | None:
        """Whether this author may not trade here; somebody who was let in a moment ago is not told so."""
        refusal = message_refusal(self._allowed.held.allowlist, message)
        if refusal is None:
            return None
        return message_refusal((await self._allowed.asked_now(_A_MOMENT)).allowlist, message)

    def _refuse(self, message: AlertMessage, reading: Reading, why: Refusal | Unread) -> Verdict:
        if reading.refused is not None and isinstance(why, Refusal):
            return Verdict.CHAT  # a stranger's half an alert is chat
        self._refusals.refuse(message, why)
        return Verdict.REFUSED

    async def _start(self, message: AlertMessage, max_age: timedelta, one_try: float) -> Verdict:
        until = snowflake_time(message.message_id) + max_age
        starting = asyncio.ensure_future(self._started(message, until, one_try))
        try:
            await asyncio.wait({starting}, timeout=_FIRST_WORD)
            if not starting.done():
                self._answers.sign(message, Sign.WAITING)
            submission = await starting
        finally:
            starting.cancel()
        if submission is None:
            self._answers.sign(message, Sign.MISSED)
            return Verdict.TOO_OLD
        for trade in submission.started:
            log.info("%s %s", trade.workflow_id, "begun" if trade.is_new else "had begun")
        self._answers.sign(message, Sign.TAKEN)
        return Verdict.STARTED

    async def _started(self, message: AlertMessage, until: datetime, one_try: float) -> Submission | None:
        """Start it, and try again while it is young and there; None when it grew too old, or is gone."""
        for failed in count(1):
            if message.message_id in self._dropped:
                break
            try:
                async with asyncio.timeout(one_try):
                    submission = await self._front.submit(message)
            except UNANSWERED as error:
                if failed > _TRIES_OF_A_HICCUP:
                    self._outage.begin(message, error)
            else:
                self._outage.end()
                return submission
            if self._now() + timedelta(seconds=_PAUSE) > until:
                break
            await asyncio.sleep(_PAUSE)
        return None

    def _remember(self, message_id: int, verdict: Verdict) -> None:
        self._handled[message_id] = verdict
        while len(self._handled) > _REMEMBERED:
            self._handled.popitem(last=False)


def _forward_refusal(original_at: datetime, now: datetime, max_age: timedelta) -> Refusal | None:
    """A forwarded alert is as old as its original (invariant 3)."""
    age = now - original_at
    if age <= max_age:
        return None
    detail = f"the original is {age.total_seconds():.0f} s old, at most {max_age.total_seconds():g} s"
    return Refusal(code=RefusalCode.TOO_OLD, detail=detail)
