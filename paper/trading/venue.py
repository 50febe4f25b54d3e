"""The venue: carries orders to the market and back with its latencies, matches them, and cancels and replaces them.

A cancel is a request: until it is confirmed the order can fill. A replacement waits (Contingent) for the original's
cancel and is given up when the original gets another fill meanwhile.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from paper.background import Background
from paper.faults import Fault, FaultKind, Faults, On, Subject
from paper.listings.instruments import Listings
from paper.listings.sessions import Sessions
from paper.market.market import Market
from paper.market.quote import Quote
from paper.refusals import CannotUpdateError
from paper.settings import PaperSettings
from paper.trading.book import Book
from paper.trading.matching import Take, marketable
from paper.trading.orders import Leg, Order, OrderType, Status, TimeInForce

_OFF_TICK = "Invalid price increment"


class Venue:
    """Everything that happens to an order after it was accepted."""

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
        self._lots: dict[int, list[int]] = {}
        self._resting_between_lots: set[int] = set()
        market.moved.append(self.match)

    def resume(self) -> None:
        """Go on with every order that an earlier run left on its way or resting."""
        for order in self._book.open_orders():
            if order.status is Status.CANCEL_REQUESTED:
                self._background.start(self._finish_cancel(order))
            elif order.status is Status.RECEIVED:
                self.send(order)
            elif order.status in (Status.ROUTED, Status.IN_FLIGHT):
                self._background.start(self._carry(order))
            elif order.status is Status.CONTINGENT and order.replaces is not None:
                original = self._book.orders[order.replaces]
                self._background.start(self._finish_replace(original, order))
            else:
                self.fill(order)

    def send(self, order: Order) -> None:
        """Route an accepted order, or keep it for the open when the market is closed."""
        if self._is_open(order):
            self._book.move(order, Status.ROUTED)
            self._background.start(self._carry(order))

    def open_bell(self) -> None:
        """Route what was kept for the open."""
        for order in self._book.open_orders():
            if order.status is Status.RECEIVED:
                self.send(order)
            elif order.status.is_in_the_market:
                self.fill(order)

    def close_bell(self) -> None:
        """Expire what does not outlive the day, of the instruments that closed."""
        for order in self._book.open_orders():
            if order.status.is_in_the_market and self._is_over_for_the_day(order):
                self._book.move(order, Status.EXPIRED)

    def expire_unlisted(self) -> None:
        """Expire what is left of orders in contracts that are no longer listed."""
        for order in self._book.open_orders():
            if any(self._listings.find(leg.symbol) is None for leg in order.legs):
                self._book.move(order, Status.EXPIRED)

    def cancel(self, order: Order) -> None:
        """Ask for a cancel; CannotUpdateError when the order is over or on its way."""
        if not order.is_changeable:
            raise CannotUpdateError("cancelled")
        if order.status is not Status.LIVE:
            self._book.move(order, Status.CANCELLED)
            return
        self._book.move(order, Status.CANCEL_REQUESTED)
        self._background.start(self._finish_cancel(order))

    def replace(self, original: Order, replacement: Order) -> None:
        """Put `replacement` in the place of a working order, once that is out of the market."""
        self._book.accept(replacement, Status.CONTINGENT, replaces=original.id)
        if original.status is Status.LIVE:
            self._book.move(original, Status.REPLACE_REQUESTED, edited=True, replaced_by=replacement.id)
        else:
            self._book.change(original, edited=True, replaced_by=replacement.id)
        self._background.start(self._finish_replace(original, replacement))

    def match(self, symbol: str) -> None:
        """Fill what the present quote of `symbol` fills, oldest order first."""
        for order in self._book.working_on(symbol):
            self.fill(order)

    def fill(self, order: Order) -> None:
        """Fill an order as far as the book goes now."""
        while order.status.is_in_the_market and order.id not in self._resting_between_lots and self._is_open(order):
            lots = self._lots.get(order.id)
            take = marketable(order, self._quotes(order.legs), lots[0] if lots else None)
            if take is None:
                return
            self._execute(order, take)
            if lots:
                lots.pop(0)
                self._resting_between_lots.add(order.id)
                self._background.start(self._next_lot(order))

    async def _carry(self, order: Order) -> None:
        """Routed, In Flight, Live: unless the venue refuses it on the way."""
        if await self._still(order, Status.ROUTED):
            self._book.move(order, Status.IN_FLIGHT)
        if not await self._still(order, Status.IN_FLIGHT):
            return
        reason = self._venue_refusal(order)
        if reason:
            self._book.move(order, Status.REJECTED, reject_reason=reason)
        elif self._is_over_for_the_day(order):
            self._book.move(order, Status.EXPIRED)
        else:
            self._go_live(order)

    async def _still(self, order: Order, status: Status) -> bool:
        """Whether an order that is in `status` is still there one hop later."""
        if order.status is status:
            await asyncio.sleep(self._settings.hop_seconds)
        return order.status is status

    def _venue_refusal(self, order: Order) -> str | None:
        if self._fault(FaultKind.REJECT_NEXT, order):
            return "Rejected by the venue"
        return _OFF_TICK if self._is_off_tick(order) else None

    def _is_off_tick(self, order: Order) -> bool:
        """Dry run and preflight let any price pass; the venue doesn't. Spreads may be priced in pennies."""
        instrument = self._listings.find(order.legs[0].symbol)
        if order.price is None or instrument is None or len(order.legs) > 1:
            return False
        return not instrument.ticks.is_on(order.price)

    def _go_live(self, order: Order) -> None:
        if lots := self._fault(FaultKind.LOTS, order):
            self._lots[order.id] = list(lots.lots)
        self._book.move(order, Status.LIVE)
        self.fill(order)
        if order.time_in_force is TimeInForce.IOC and order.status is Status.LIVE:
            self._book.move(order, Status.CANCELLED)
        elif fault := self._fault(FaultKind.CANCEL_NEXT, order):
            self._background.start(self._cancel_unasked(order, fault.seconds))

    async def _cancel_unasked(self, order: Order, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if order.status.is_in_the_market:
            self._book.move(order, Status.CANCELLED)

    async def _finish_cancel(self, order: Order) -> None:
        await self._cancel_takes(order, On.CANCEL)
        if order.status is not Status.CANCEL_REQUESTED:
            return
        self._book.move(order, Status.CANCELLED)
        if late := self._fault(FaultKind.FILL_AFTER_CANCEL, order, On.CANCEL):
            await asyncio.sleep(late.seconds)
            self._execute_unseen(order, late.quantity)

    async def _finish_replace(self, original: Order, replacement: Order) -> None:
        filled_before = original.units - replacement.units  # it was sized to what was left then
        await self._cancel_takes(original, On.REPLACE)
        if original.filled > filled_before:
            self._give_up(original, replacement)
            return
        if not original.status.is_terminal:
            self._book.move(original, Status.CANCELLED)
        if replacement.status is Status.CONTINGENT:
            if not self._is_open(replacement):
                self._book.move(replacement, Status.RECEIVED)
            self.send(replacement)

    def _give_up(self, original: Order, replacement: Order) -> None:
        """Subsequent fills of the original abort the replacement; the rest of the original goes on working."""
        if replacement.status is Status.CONTINGENT:
            self._book.move(replacement, Status.CANCELLED)
        if original.status is Status.REPLACE_REQUESTED:
            self._book.move(original, Status.LIVE)

    async def _cancel_takes(self, order: Order, on: On) -> None:
        """The time until a cancel is confirmed, and what the adversary does in it."""
        delay = self._fault(FaultKind.DELAY_CANCEL, order, on)
        await asyncio.sleep(self._settings.cancel_seconds + (delay.seconds if delay else 0.0))
        if race := self._fault(FaultKind.FILL_DURING_CANCEL, order, on):
            self._execute_unseen(order, race.quantity)

    async def _next_lot(self, order: Order) -> None:
        await asyncio.sleep(self._settings.hop_seconds)
        self._resting_between_lots.discard(order.id)
        self.fill(order)

    def _fault(self, kind: FaultKind, order: Order, on: On | None = None) -> Fault | None:
        return self._faults.take(kind, on, Subject.of(order))

    def _execute(self, order: Order, take: Take) -> None:
        for leg in order.legs:
            instrument = self._listings.find(leg.symbol)
            if instrument is not None:
                quantity = take.units * leg.quantity // order.units
                self._market.take(instrument, quantity, buying=leg.action.is_buy)
        late = self._fault(FaultKind.LATE_FILL_DETAIL, order) if take.units == order.leaves else None
        if late:
            self._book.withhold_last_fill(order)
            self._background.start(self._complete(order, late.seconds))
        self._book.execute(order, take.units, take.prices)

    async def _complete(self, order: Order, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._book.release_last_fill(order)

    def _execute_unseen(self, order: Order, units: int) -> None:
        """Somebody else's order came along: a fill that the displayed quote doesn't explain."""
        units = min(units, order.leaves)
        if units > 0:
            self._book.execute(order, units, self._unseen_prices(order))

    def _unseen_prices(self, order: Order) -> list[Decimal]:
        if order.order_type is OrderType.LIMIT and len(order.legs) == 1 and order.price is not None:
            return [order.price]
        quotes = self._quotes(order.legs)
        return [(quote.mid if quote else None) or Decimal(0) for quote in quotes]

    def _quotes(self, legs: Sequence[Leg]) -> list[Quote | None]:
        instruments = [self._listings.find(leg.symbol) for leg in legs]
        return [None if instrument is None else self._market.quote(instrument) for instrument in instruments]

    def _is_over_for_the_day(self, order: Order) -> bool:
        """Whether the close has come, and the order works no longer than that."""
        last_day = order.gtc_date is not None and order.gtc_date <= self._listings.today
        return not self._is_open(order) and (last_day or not order.time_in_force.outlives_the_day)

    def _is_open(self, order: Order) -> bool:
        return self._sessions.is_open(order.legs[0].instrument_type)
