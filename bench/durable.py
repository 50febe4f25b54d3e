"""The measured way: alerts through the front door, and what the exchange's book says became of them."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from bench.contracts import Play
from bench.timing import Timing, timing_of, to_entry
from domain.alert import AlertMessage
from domain.errors import AlertladderError
from domain.identifiers import TradeId, snowflake_at
from paper.control.client import Control
from workers.settings import Settings
from workflows.front_door import FrontDoor

_LOOK_EVERY = 0.25  # seconds
_ALL_BY = 15.0  # seconds after the last alert


class NotTraded(AlertladderError):
    """An alert of the measurement did not become a trade with an exit."""


class Durable:
    """Posts alerts and remembers when. One per measurement."""

    def __init__(self, client: Client, control: Control, settings: Settings) -> None:
        self._door = FrontDoor(client, settings.account, settings.mode)
        self._control = control
        self._settings = settings
        self._accepted: dict[str, tuple[datetime, Play]] = {}

    @property
    def workflow_ids(self) -> Mapping[str, bool]:
        """Every trade started, and whether its underlying's chain was cold."""
        return {workflow_id: play.is_cold for workflow_id, (_, play) in self._accepted.items()}

    async def post(self, play: Play, meets_after: float) -> None:
        """Show the contract's market and submit its alert."""
        await play.open_market(self._control, meets_after)
        await self.submit(play)

    async def submit(self, play: Play) -> None:
        """Submit an alert. NotTraded when it is not read as one."""
        accepted_at = datetime.now(UTC)
        submission = await self._door.submit(self._message(play.text, accepted_at))
        if submission.refused is not None:
            raise NotTraded(f"{play.text}: {submission.refused}")
        self._accepted[submission.started[0].workflow_id] = accepted_at, play

    async def timings(self) -> list[Timing]:
        """Every trade's timing, once all exits are in the book. NotTraded when some never come."""
        try:
            async with asyncio.timeout(_ALL_BY):
                while len(whole := await self.whole()) < len(self._accepted):  # noqa: ASYNC110  another process's book
                    await asyncio.sleep(_LOOK_EVERY)
        except TimeoutError:
            raise NotTraded(f"{len(self._accepted) - len(whole)} of {len(self._accepted)} have no exit") from None
        return [
            timing_of(orders, self._accepted[workflow_id][0], self._accepted[workflow_id][1].is_cold)
            for workflow_id, orders in whole.items()
        ]

    async def entries(self, within: float) -> list[float]:
        """Milliseconds from acceptance to the entry order at the exchange, of the trades that got there in time."""
        by_trade: dict[str, list[Mapping[str, Any]]] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while len(by_trade := await self._orders()) < len(self._accepted):  # noqa: ASYNC110  see above
                    await asyncio.sleep(_LOOK_EVERY)
        return [to_entry(orders, self._accepted[workflow_id][0]) for workflow_id, orders in by_trade.items()]

    async def whole(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The orders of each trade that has both its entry and its exit."""
        return {workflow_id: orders for workflow_id, orders in (await self._orders()).items() if len(orders) > 1}

    async def _orders(self) -> dict[str, list[Mapping[str, Any]]]:
        by_trade: dict[str, list[Mapping[str, Any]]] = {}
        for order in (await self._control.book())["orders"]:
            trade = TradeId.of_order(order.get("external-identifier"))
            if trade is not None and trade.workflow_id in self._accepted:
                by_trade.setdefault(trade.workflow_id, []).append(order)
        return by_trade

    def _message(self, text: str, now: datetime) -> AlertMessage:
        who = self._settings.command_line
        return AlertMessage(
            channel_id=who.channel_id,
            message_id=snowflake_at(now, secrets.randbits(22)),
            author_id=who.author_id,
            author_name=who.author_name,
            text=text,
            posted_at=now,
        )
