"""Single trades: which there are, how one stands, taking its entry off the market, and closing what it holds."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from discord import app_commands

from bot.commands.completion import Completion
from bot.commands.counter import Counter, Interaction, Refused, Said
from bot.commands.wording import closing_line, listed, trade_line, trade_lines, trade_title
from bot.doors import UNANSWERED, Doors
from bot.rights import ACTS, LOOKS, person_of
from domain.chat import escaped
from domain.closing import Urgency, part_of
from domain.command import OperatorDid, Person
from domain.errors import RetryableError

log = logging.getLogger(__name__)
TradeId = app_commands.Range[str, 1, 100]
_SELLS_WITHIN = timedelta(seconds=25)
_PARTS = [app_commands.Choice(name=part, value=part) for part in ("all", "1/2", "1/3", "1/4", "25%", "75%")]
_SHOWS = "`/trade` shows what becomes of it."
_HOW = [
    app_commands.Choice(name="now, at the market", value=Urgency.NOW.value),
    app_commands.Choice(name="by the ladder, as a closing alert", value=Urgency.LADDER.value),
]


def trading(doors: Doors, counter: Counter, completion: Completion) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The family."""
    desk = _OneTrade(doors)

    @app_commands.command(extras=LOOKS, description="The trades, newest first")
    @app_commands.describe(running="Only those that still run", count="How many")
    async def trades(
        interaction: Interaction, running: bool = False, count: app_commands.Range[int, 1, 25] = 15
    ) -> None:
        async def work() -> Said:
            page = await doors.trades.page(count, only_running=running)
            return Said(listed([trade_line(trade) for trade in page.trades], "no trades"), title="Trades")

        await counter.answer(interaction, work)

    @app_commands.command(extras=LOOKS, description="One trade: its orders and fills, its exit, and why it was refused")
    @app_commands.describe(trade="Which")
    @app_commands.autocomplete(trade=completion.any_trade)
    async def trade(interaction: Interaction, trade: TradeId) -> None:
        async def work() -> Said:
            view = await doors.trades.look(trade)
            return Said(listed(list(trade_lines(view)), ""), title=trade_title(view))

        await counter.answer(interaction, work)

    @app_commands.command(extras=ACTS, description="Take a trade's entry off the market; what is filled keeps its exit")
    @app_commands.describe(trade="Which", reason="Why, for the audit and for the others")
    @app_commands.autocomplete(trade=completion.running_trade)
    async def cancel(
        interaction: Interaction, trade: TradeId, reason: app_commands.Range[str, 1, 200] = "cancelled"
    ) -> None:
        await counter.answer(interaction, lambda: desk.cancel(trade, reason, person_of(interaction)))

    @app_commands.command(
        extras=ACTS, description="Sell what a trade holds, or buy back what it is short of; its entry comes off first"
    )
    @app_commands.describe(
        trade="Which",
        part="How much of what is held, or short: all, 1/2, 25%, 0.5",
        how="At once, or worked by the ladder",
        limit="Where the ladder begins, e.g. 1.25",
    )
    @app_commands.autocomplete(trade=completion.running_trade, part=_offered_parts)
    @app_commands.choices(how=_HOW)
    async def close(
        interaction: Interaction,
        trade: TradeId,
        part: app_commands.Range[str, 1, 12] = "all",
        how: str = Urgency.NOW.value,
        limit: app_commands.Range[str, 1, 12] | None = None,
    ) -> None:
        async def work() -> Said:
            # The click's own id: told again by the gateway, or heard by a second bot, it closes once.
            sale = _Sale(trade, part, Urgency(how), limit, f"interaction-{interaction.id}")
            return await desk.close(sale, person_of(interaction))

        await counter.answer(interaction, work)

    yield from (trades, trade, cancel, close)


class _Sale:
    """What is to be closed, as it was typed. Refused when it can't be read."""

    def __init__(self, trade: str, part: str, urgency: Urgency, limit: str | None, request_id: str) -> None:
        self.trade = trade
        self.urgency = urgency
        self.request_id = request_id
        try:
            self.fraction = part_of(part)
        except ValueError as error:
            raise Refused(str(error)) from None
        self.limit = None if limit is None else _price(limit)
        if self.limit is not None and urgency is not Urgency.LADDER:
            raise Refused("a limit is worked by the ladder: choose that, too")


class _OneTrade:
    """What is done to one trade, and written down."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def cancel(self, trade: str, reason: str, by: Person) -> Said:
        await self._doors.trades.cancel(trade, f"{reason}, by {by}")
        await self._write(by, trade, "cancel", f"cancel by {by}: {reason}")
        return Said(f"Asked: its entry comes off the market, and what is filled keeps its exit. {_SHOWS}")

    async def close(self, sale: _Sale, by: Person) -> Said:
        request_id = await self._doors.trades.close(
            sale.trade, by, sale.fraction, limit=sale.limit, urgency=sale.urgency, request_id=sale.request_id
        )
        await self._write(by, sale.trade, "close", f"close by {by}: {request_id}")

        async def sold() -> Said:
            try:
                result = await self._doors.trades.closed(sale.trade, request_id, _SELLS_WITHIN)
            except RetryableError:
                return Said(f"Asked, and still closing. {_SHOWS}")
            return Said(closing_line(result))

        return Said(f"Asked: it is being closed. {_SHOWS}", then=sold)

    async def _write(self, by: Person, trade: str, what: str, said: str) -> None:
        try:
            await self._doors.desk.operator_did(OperatorDid(by=by, what=what, detail=said[:500], workflow_id=trade))
        except UNANSWERED:  # nothing stands in a reduction's way (invariant 17), and it is in the trade's own history
            log.exception("%s could not be written down: %s", trade, said)


async def _offered_parts(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [part for part in _PARTS if typed.strip().lower() in part.value] or [
        app_commands.Choice(name=escaped(typed, 12) or "all", value=typed[:12] or "all")
    ]


def _price(written: str) -> Decimal:
    try:
        price = Decimal(written)
    except InvalidOperation:
        raise Refused(f"not a price: {written}") from None
    if not price.is_finite() or price <= 0:
        raise Refused(f"not a price: {written}")
    return price
