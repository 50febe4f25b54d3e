"""What is offered while somebody types: trades, names of settings, ids of the allowlist. Never late, never an error."""

import asyncio
import logging
from time import monotonic

from discord import app_commands

from bot.allowed import Allowed
from bot.commands.counter import Interaction
from bot.commands.wording import settings_of
from bot.doors import UNANSWERED
from domain.admission import NEW_YORK
from domain.command import AllowKind
from workflows.trade_door import ListedTrade, TradeDoor

log = logging.getLogger(__name__)
Choices = list[app_commands.Choice[str]]
_WITHIN = 2.0  # seconds; Discord waits three
_FRESH = 2.0  # seconds: a word is typed letter by letter
_LISTED = 100
_MOST = 25  # choices that Discord shows
_LONGEST = 100  # characters of one


class Completion:
    """Offers from what is there now."""

    def __init__(self, trades: TradeDoor, allowed: Allowed) -> None:
        self._trades = trades
        self._allowed = allowed
        self._listed: dict[bool, tuple[float, tuple[ListedTrade, ...]]] = {}  # by whether only those that run

    async def any_trade(self, _: Interaction, typed: str) -> Choices:
        """The newest trades."""
        return _chosen([(_name(trade), trade.workflow_id) for trade in await self._newest(only_running=False)], typed)

    async def running_trade(self, _: Interaction, typed: str) -> Choices:
        """Those that still run."""
        return _chosen([(_name(trade), trade.workflow_id) for trade in await self._newest(only_running=True)], typed)

    async def setting(self, _: Interaction, typed: str) -> Choices:
        """Names of settings, with what they are."""
        return _chosen([(f"{name} = {held}", name) for name, held in settings_of(self._allowed.held).items()], typed)

    async def listed_id(self, _: Interaction, typed: str) -> Choices:
        """What is on the allowlist, as `kind:id`."""
        allowlist = self._allowed.held.allowlist
        entries = [f"{kind}:{held}" for kind in AllowKind for held in sorted(getattr(allowlist, kind))]
        return _chosen([(entry, entry) for entry in entries], typed)

    async def _newest(self, *, only_running: bool) -> tuple[ListedTrade, ...]:
        asked_at, listed = self._listed.get(only_running, (float("-inf"), ()))
        if monotonic() - asked_at < _FRESH:
            return listed
        try:
            async with asyncio.timeout(_WITHIN):
                listed = (await self._trades.page(_LISTED, only_running=only_running)).trades
        except UNANSWERED as error:
            log.info("no trades are offered: %s", str(error) or type(error).__name__)
        self._listed[only_running] = (monotonic(), listed)
        return listed


def _name(trade: ListedTrade) -> str:
    """Discord shows a choice as plain text: the time is New York's, whoever reads it."""
    began = trade.started_at.astimezone(NEW_YORK)
    return f"{trade.side} {trade.symbol} {trade.state} {began:%m-%d %H:%M} ET {trade.author}"


def _chosen(offers: list[tuple[str, str]], typed: str) -> Choices:
    """Those with the typed words somewhere. What Discord could not take as a value is left out."""
    words = typed.lower().split()
    return [
        app_commands.Choice(name=name[:_LONGEST], value=value)
        for name, value in offers
        if len(value) <= _LONGEST and all(word in f"{name} {value}".lower() for word in words)
    ][:_MOST]
