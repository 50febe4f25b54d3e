"""The same steps by a plain script: the SDK, one process, nothing written down, everything lost when it dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tastytrade import Account, AlertStreamer, DXLinkStreamer, Session
from tastytrade.dxfeed import Quote
from tastytrade.instruments import NestedOptionChain
from tastytrade.order import (
    InstrumentType,
    Leg,
    LimitOrder,
    OrderAction,
    OrderStatus,
    OrderTimeInForce,
    PlacedOrder,
)

from bench.contracts import QUANTITY, Play
from bench.timing import Timing, timing_of
from paper.control.client import Control

_CONFLATE = 0.05  # seconds
_FILLED_WITHIN = 15.0  # seconds


@dataclass(frozen=True)
class _Traded:
    """One trade from its alert to its exit."""

    play: Play
    posted_at: datetime
    order_ids: set[int]


class PlainScript:
    """One login with both streams. Use `plain_script`."""

    def __init__(self, session: Session, account: Account, alerts: AlertStreamer, quotes: DXLinkStreamer) -> None:
        self._session = session
        self._account = account
        self._alerts = alerts
        self._quotes = quotes
        self._chains: dict[str, asyncio.Task[dict[str, str]]] = {}
        self._quoted: dict[str, asyncio.Future[Quote]] = {}
        self._filled: dict[int, asyncio.Future[PlacedOrder]] = {}
        self._traded: list[_Traded] = []

    async def trade(self, play: Play) -> None:
        """Find the contract, quote it, place the entry at its mid, await the fill, and place the exit at twice it."""
        posted_at = datetime.now(UTC)
        streamer_symbol = (await self._chain(play.option.underlying))[play.option.symbol]
        quote = await self._quote(streamer_symbol)
        mid = (Decimal(str(quote.bid_price)) + Decimal(str(quote.ask_price))) / 2
        entry = await self._place(play, OrderAction.BUY_TO_OPEN, QUANTITY, -mid)
        async with asyncio.timeout(_FILLED_WITHIN):
            await self._fill_of(entry)
        exit_ = await self._place(play, OrderAction.SELL_TO_CLOSE, QUANTITY // 2, 2 * mid)
        self._traded.append(_Traded(play, posted_at, {entry, exit_}))

    async def timings(self, control: Control) -> list[Timing]:
        """Every trade's timing by the exchange's book."""
        orders = (await control.book())["orders"]
        return [
            timing_of(
                [order for order in orders if int(order["id"]) in trade.order_ids], trade.posted_at, trade.play.is_cold
            )
            for trade in self._traded
        ]

    async def hear_quotes(self) -> None:
        """Hand out quotes for ever."""
        async for quote in self._quotes.listen(Quote):
            if (waiting := self._quoted.get(quote.event_symbol)) is not None and not waiting.done():
                waiting.set_result(quote)

    async def hear_orders(self) -> None:
        """Hand out fills for ever."""
        async for order in self._alerts.listen(PlacedOrder):
            if order.status is OrderStatus.FILLED and not (waiting := self._fill_of(order.id)).done():
                waiting.set_result(order)

    async def _chain(self, underlying: str) -> dict[str, str]:
        """Streamer symbols by order symbol; read once for each underlying."""
        if underlying not in self._chains:
            self._chains[underlying] = asyncio.ensure_future(self._read_chain(underlying))
        return await self._chains[underlying]

    async def _read_chain(self, underlying: str) -> dict[str, str]:
        roots = await NestedOptionChain.get(self._session, underlying)
        strikes = [strike for root in roots for day in root.expirations for strike in day.strikes]
        return {strike.put: strike.put_streamer_symbol for strike in strikes}

    async def _quote(self, symbol: str) -> Quote:
        waiting = self._quoted[symbol] = asyncio.get_running_loop().create_future()
        await self._quotes.subscribe(Quote, [symbol], _CONFLATE)
        quote: Quote = await waiting
        return quote

    def _fill_of(self, order_id: int) -> "asyncio.Future[PlacedOrder]":
        if order_id not in self._filled:
            self._filled[order_id] = asyncio.get_running_loop().create_future()
        return self._filled[order_id]

    async def _place(self, play: Play, action: OrderAction, quantity: int, price: Decimal) -> int:
        """The order's id. It has no identifier: with one of ours, the reconciliation would take it for an orphan."""
        leg = Leg(
            instrument_type=InstrumentType.EQUITY_OPTION, symbol=play.option.symbol, action=action, quantity=quantity
        )
        lasts = OrderTimeInForce.DAY if action is OrderAction.BUY_TO_OPEN else OrderTimeInForce.GTC
        order = LimitOrder(time_in_force=lasts, legs=[leg], price=price)
        return (await self._account.place_order(self._session, order, dry_run=False)).order.id


@asynccontextmanager
async def plain_script(url: str, streamer_url: str) -> AsyncIterator[PlainScript]:
    """A script that is logged in and listens; the SDK's streamers must be left by the task that entered them."""
    session = Session("secret", "refresh", is_test=True, trust_env=False)
    session._client.base_url = url
    alerts = AlertStreamer(session)
    alerts.base_url = streamer_url
    account = (await Account.get(session))[0]
    async with alerts, DXLinkStreamer(session) as quotes:
        await alerts.subscribe_accounts([account])
        script = PlainScript(session, account, alerts, quotes)
        listening = [asyncio.ensure_future(script.hear_quotes()), asyncio.ensure_future(script.hear_orders())]
        try:
            yield script
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            await session._client.aclose()
