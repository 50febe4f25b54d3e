"""The buttons under the cards: who may press them, and what each asks of its trade.

A button's id carries the trade's, so a click works after any restart, and whoever posted the card.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import discord

from bot.acknowledging import Acknowledged, acknowledged
from bot.allowed import Allowed
from bot.client import AlertBot
from bot.denied import Denials
from bot.doors import UNANSWERED
from bot.rest import tried
from bot.rights import Right, person_of, roles_of, why_not
from bot.terms import BotTerms
from domain.card import CardButton
from domain.command import OperatorDid, Person
from domain.direction import Direction
from domain.trade import TradeRequest
from workflows.desk_door import DeskDoor
from workflows.trade_door import TradeDoor, TradeOver, UnknownTrade

log = logging.getLogger(__name__)
_TEMPLATE = re.compile(r"trade:(?P<button>cancel|close):(?P<trade>alert-\d+-\d+(?:-\d+)?)")
_ASKED = {
    CardButton.CANCEL_ENTRY: "Asked: its entry comes off the market, and what is filled keeps its exit.",
    CardButton.CLOSE_NOW: "Asked: what is {held} is {left} now. The card shows what becomes of it.",
}
_NOT_YOURS = "Only operators may do that, and nothing was done."
_NOT_YOURS_EITHER = "Only operators and the alert's own author may do that, and nothing was done."
_OVER = "This trade is over: there is nothing left to ask of it."
_UNANSWERED = "The trades can't be reached now, so nothing may have been done. Look at the card, and try again."


@dataclass(frozen=True, slots=True)
class Click:
    """One click: on what, by whom, with which roles. Its id makes a click that is told twice one."""

    button: CardButton
    workflow_id: str
    by: Person
    roles: frozenset[int]
    click_id: int
    at: datetime


class Clicks:
    """What becomes of a click."""

    def __init__(self, trades: TradeDoor, desk: DeskDoor, allowed: Allowed, terms: BotTerms, denials: Denials) -> None:
        self._trades = trades
        self._allowed = allowed
        self._desk = desk
        self._terms = terms
        self._denials = denials

    async def pressed(self, click: Click) -> str:
        """Do it, if they may; the answer is for them alone."""
        button, workflow_id, by = click.button, click.workflow_id, click.by
        try:
            request = await self._trades.request(workflow_id)
            if request is None:
                return _OVER
            if not await self._may(by, click.roles, request):
                return self._deny(click)
            await self._ask(button, workflow_id, by, click.click_id)
        except (TradeOver, UnknownTrade):
            return _OVER
        except UNANSWERED as error:
            log.warning("%s of %s by %s: %s", button, workflow_id, by, error)
            return _UNANSWERED
        await self._write_down(button, workflow_id, by)
        words = Direction.of(request.alert.action).words
        return _ASKED[button].format(held=words.held, left=words.left)

    def elsewhere(self, click: Click, why: str) -> str:
        """It was pressed where this bot does nothing."""
        self._denials.deny(click.by, click.button, why, click.at, click.workflow_id)
        return _NOT_YOURS

    def _deny(self, click: Click) -> str:
        whose = "operators and the alert's author" if self._terms.author_may_press else "operators"
        self._denials.deny(click.by, click.button, f"for {whose}", click.at, click.workflow_id)
        return _NOT_YOURS_EITHER if self._terms.author_may_press else _NOT_YOURS

    async def _may(self, by: Person, roles: frozenset[int], request: TradeRequest) -> bool:
        """Operators; and who wrote the alert, while they are let in: who was taken off may be in strange hands."""
        if roles & self._terms.operator_roles:
            return True
        wrote_it = request.message.author_id == by.person_id and request.message.webhook_id is None
        if not (self._terms.author_may_press and wrote_it):
            return False
        allowlist = (await self._allowed.policy()).allowlist
        return by.person_id in allowlist.users or not roles.isdisjoint(allowlist.roles)

    async def _ask(self, button: CardButton, workflow_id: str, by: Person, click_id: int) -> None:
        if button is CardButton.CANCEL_ENTRY:
            await self._trades.cancel(workflow_id, f"cancelled by {by}")
        else:
            await self._trades.close(workflow_id, by, request_id=f"click-{click_id}")

    async def _write_down(self, button: CardButton, workflow_id: str, by: Person) -> None:
        did = OperatorDid(by=by, what=str(button), detail=f"{button.label} by {by}", workflow_id=workflow_id)
        try:
            await self._desk.operator_did(did)
        except UNANSWERED:  # nothing stands in a sale's way (invariant 17), and the trade's own history names them
            log.exception("%s could not be written down: %s", workflow_id, did.detail)


async def buttons(bot: AlertBot) -> None:
    """Have the bot answer the clicks."""
    clicks = Clicks(bot.doors.trades, bot.doors.desk, bot.allowed, bot.terms, bot.denials)

    class TradeButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=_TEMPLATE):
        """One button of one trade's card, made anew for each click."""

        def __init__(self, button: CardButton, workflow_id: str) -> None:
            super().__init__(discord.ui.Button(label=button.label, custom_id=button.custom_id(workflow_id)))
            self.button = button
            self.workflow_id = workflow_id

        @classmethod
        async def from_custom_id(
            cls,
            interaction: discord.Interaction[Any],  # noqa: ARG003  discord.py's own signature
            item: discord.ui.Item[Any],  # noqa: ARG003
            match: re.Match[str],
            /,
        ) -> Self:
            return cls(CardButton(match["button"]), match["trade"])

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            first = await acknowledged(interaction)
            if first is Acknowledged.NOT:
                return
            click = Click(
                self.button,
                self.workflow_id,
                person_of(interaction),
                roles_of(interaction.user),
                interaction.id,
                interaction.created_at,
            )
            if bot.terms.guild_id in (None, interaction.guild_id):
                answer = await clicks.pressed(click)
            else:
                answer = clicks.elsewhere(click, why_not(bot.terms, interaction, Right.ACT))
            if not (first is Acknowledged.ALREADY and answer == _OVER):  # a second bot's click may have ended it
                await tried("an answer", lambda: interaction.edit_original_response(content=answer))

    bot.add_dynamic_items(TradeButton)
