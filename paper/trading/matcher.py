"""The matching: what working orders trade, when the market comes to them and when others take their price.

Lots and late detail are the adversary's: they cut an execution in pieces, or announce it before it is complete.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from paper.background import Background
from paper.faults import FaultKind, Faults, Subject
from paper.listings.instruments import Listings
from paper.listings.sessions import Sessions
from paper.market.market import Market
from paper.market.quote import Quote
from paper.settings import PaperSettings
from paper.trading.book import Book
from paper.trading.matching import Take, at_the_limit, marketable, wakes
from paper.trading.orders import Leg, Order
from paper.trading.queue import Queue, flow_in


class Matcher:
    """Fills the orders that the venue has."""

    def __init__(
        self,
        book: Book,
        market: Market,
        listings: Listings,
        sessions: Sessions,
        faults: Faults,
        settings: PaperSettings,
        background: Background,
    ) -> None:
        self._book = book
        self._market = market
        self._listings = listings
        self._sessions = sessions
        self._faults = faults
        self._settings = settings
        self._background = background
        self.queue = Queue(settings.seed)
        self._lots: dict[int, list[int]] = {}
        self._resting_between_lots: set[int] = set()
        market.moved.append(self.match)
        market.passed.append(self.pass_time)
        book.order_changed.append(self._leave_line)

    def cut_in_lots(self, order: Order, lots: Sequence[int]) -> None:
        """Fill an order in pieces of these sizes, then whatever is left."""
        self._lots[order.id] = list(lots)

    def resume(self, order: Order) -> None:
        """Go on with an order that an earlier run left resting: nobody knows its place in line any more."""
        self._stand_in_line(order)
        self.fill(order, resting=True)

    def match(self, symbol: str) -> None:
        """Fill what the present quote of `symbol` fills, oldest order first."""
        for order in self._book.working_on(symbol):
            self.fill(order, resting=True)

    def pass_time(self, symbol: str, seconds: float) -> None:
        """Let others trade with our resting orders for a while."""
        orders = [order for order in self._book.working_on(symbol) if self._is_met_by_others(order)]
        instrument = self._listings.find(symbol)
        if orders and instrument is not None:
            flow = flow_in(instrument.instrument_type)
            for trade in self.queue.pass_time(symbol, orders, self._market.quote(instrument), flow, seconds):
                assert trade.order.price is not None, "an order that stands in line has a limit"  # noqa: S101
                self._execute(trade.order, Take(trade.units, (trade.order.price,)))

    def fill(self, order: Order, *, resting: bool = False) -> None:
        """Fill an order as far as the quote goes now; a `resting` one is met at its own price."""
        while self._can_trade(order):
            quotes = self.quotes(order.legs)
            if order.sleeps:
                if not wakes(order, quotes[0]) or self._faults.holds_back(order.underlying):
                    return
                self._book.wake(order)
                resting = False
            lots = self._lots.get(order.id)
            take = marketable(order, quotes, lots[0] if lots else None, resting=resting)
            if take is None:
                self._stand_in_line(order)
                return
            if self._faults.holds_back(order.underlying):
                return
            self._take(order, take)
            if lots:
                lots.pop(0)
                self._resting_between_lots.add(order.id)
                self._background.start(self._next_lot(order))

    def fill_unseen(self, order: Order, units: int) -> None:
        """Somebody else's order came along: a fill that the displayed quote doesn't explain."""
        units = min(units, order.leaves)
        if units > 0:
            self._book.execute(order, units, self._unseen_prices(order))

    def quotes(self, legs: Sequence[Leg]) -> list[Quote | None]:
        """What everybody else bids and offers for each leg; None for what is not listed."""
        instruments = [self._listings.find(leg.symbol) for leg in legs]
        return [None if instrument is None else self._market.quote(instrument) for instrument in instruments]

    def is_open(self, order: Order) -> bool:
        """Whether an order's market is open to it now: a contract that has ended trades no more at any hour."""
        return self._sessions.is_open(order.hours) and not any(
            self._listings.has_ended(leg.symbol) for leg in order.legs
        )

    def _can_trade(self, order: Order) -> bool:
        between_lots = order.id in self._resting_between_lots
        return order.status.is_in_the_market and not between_lots and self.is_open(order)

    def _is_met_by_others(self, order: Order) -> bool:
        trades = self._can_trade(order) and self._faults.halt_of(order.underlying) is None
        return trades and order.is_displayed and not self._lots.get(order.id)

    def _stand_in_line(self, order: Order) -> None:
        instrument = self._listings.find(order.legs[0].symbol)
        if order.is_displayed and order.price is not None and instrument and self.queue.ahead(order.id) is None:
            self.queue.join(order, self._market.quote(instrument), instrument.ticks.at(order.price))

    def _leave_line(self, order: Order) -> None:
        if not order.status.is_in_the_market:
            self.queue.leave(order.id)

    def _take(self, order: Order, take: Take) -> None:
        for leg in order.legs:
            instrument = self._listings.find(leg.symbol)
            if instrument is not None:
                quantity = take.units * leg.quantity // order.units
                self._market.take(instrument, quantity, buying=leg.action.is_buy)
        self._execute(order, take)

    def _execute(self, order: Order, take: Take) -> None:
        is_last = take.units == order.leaves
        late = self._faults.take(FaultKind.LATE_FILL_DETAIL, None, Subject.of(order)) if is_last else None
        if late:
            self._book.withhold_last_fill(order)
            self._background.start(self._complete(order, late.seconds))
        self._book.execute(order, take.units, take.prices)

    async def _complete(self, order: Order, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._book.release_last_fill(order)

    async def _next_lot(self, order: Order) -> None:
        await asyncio.sleep(self._settings.hop_seconds)
        self._resting_between_lots.discard(order.id)
        self.fill(order)

    def _unseen_prices(self, order: Order) -> Sequence[Decimal]:
        """At the limit where there is one: no venue fills a spread at a worse price, either."""
        mids = [(quote.mid if quote else None) or Decimal(0) for quote in self.quotes(order.legs)]
        return at_the_limit(order, mids)
