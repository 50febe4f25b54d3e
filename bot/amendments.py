"""Edits and deletions of alerts: they never trade. A trade whose entry still works is told of them.

An edit that leaves what is read as it was changes nothing; nor does Discord's own update of a link's preview.
"""

import logging

from bot.allowed import Allowed
from bot.answers import Answers, Sign
from bot.doors import UNANSWERED, Doors
from bot.intake import Intake
from bot.rest import FAILURES
from bot.terms import WhenEdited
from domain.alert import Action, AlertMessage
from domain.errors import RetryableError
from domain.identifiers import MAX_ALERTS_PER_MESSAGE, TradeId
from domain.trade import TradeState

log = logging.getLogger(__name__)
_OPENS = (Action.BTO, Action.STO)
_ENTERING = (TradeState.ADMITTING, TradeState.PREPARING, TradeState.WORKING, TradeState.CONVERTING)


class Amendments:
    """Hears of them. Each message is looked up where its trade is: nothing needs to be remembered here."""

    def __init__(self, doors: Doors, allowed: Allowed, intake: Intake, answers: Answers, when: WhenEdited) -> None:
        self._doors = doors
        self._allowed = allowed
        self._intake = intake
        self._answers = answers
        self._when = when

    async def edited(self, message: AlertMessage) -> None:
        """The message says something else now."""
        if self._when is WhenEdited.IGNORE or message.channel_id not in self._allowed.held.allowlist.channels:
            return
        await self._amend(message.channel_id, message.message_id, message)

    async def deleted(self, channel_id: int, message_id: int) -> None:
        """The message is gone."""
        if self._when is WhenEdited.IGNORE or channel_id not in self._allowed.held.allowlist.channels:
            return
        self._intake.drop(message_id)
        await self._amend(channel_id, message_id, None)

    async def _amend(self, channel_id: int, message_id: int, now: AlertMessage | None) -> None:
        await self._intake.settle(message_id)  # the message itself may be in hand: an edit can come as quickly
        try:
            first = TradeId(channel_id=channel_id, message_id=message_id)
            request = await self._doors.trades.request(first.workflow_id)
            if request is None:
                return
            before = self._doors.front.read(request.message).alerts
            if now is not None and self._doors.front.read(_as_first(now, request.message)).alerts == before:
                return
            why = "the alert was deleted" if now is None else "the alert was edited"
            told = [
                await self._withdraw(first.model_copy(update={"index": index}).workflow_id, why)
                for index, alert in enumerate(before[:MAX_ALERTS_PER_MESSAGE])
                if alert.action in _OPENS
            ]
        except (*UNANSWERED, *FAILURES) as error:
            log.warning(
                "%s-%s was edited or deleted, and its trade could not be told: %s", channel_id, message_id, error
            )
            return
        if any(told):
            self._say(request.message, why, is_there=now is not None)

    async def _withdraw(self, workflow_id: str, why: str) -> bool:
        try:
            if (await self._doors.trades.look(workflow_id)).state not in _ENTERING:
                return False
        except RetryableError as error:
            log.warning("%s does not say how it stands, and is told all the same: %s", workflow_id, error)
        log.info("%s: %s", workflow_id, why)
        return await self._doors.trades.withdraw(workflow_id, why)

    def _say(self, message: AlertMessage, why: str, *, is_there: bool) -> None:
        if is_there:
            self._answers.sign(message, Sign.WITHDRAWN)
        text = f"{why.capitalize()}: its entry comes off the market, and what is filled keeps its exit."
        self._answers.write(message, "withdrawn", f"{text} An edit never starts a trade.")


def _as_first(now: AlertMessage, before: AlertMessage) -> AlertMessage:
    """What is said now, by whoever said it first, where and when."""
    return before.model_copy(update={"text": now.text})
