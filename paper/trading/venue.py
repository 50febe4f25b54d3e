"""The venue: carries orders to the market and back with its latencies, and cancels and replaces them.

A cancel is a request: until it is confirmed the order can fill. A replacement waits (Contingent) for the original's
cancel and is given up when the original gets another fill meanwhile.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from paper.background import Background
from paper.faults import Fault, FaultKind, Faults, On, Subject
from paper.listings.instruments import Listings
from paper.listings.sessions import Hours
from paper.refusals import CannotUpdateError
from paper.settings import PaperSettings
from paper.trading.book import Book
from paper.trading.matcher import Matcher
from paper.trading.orders import Order
from paper.trading.words import OrderType, Status, TimeInForce

_OFF_TICK = "Invalid price increment"


class Venue:
    """Everything that happens to an order after it was accepted."""

    def __init__(
        self,
        book: Book,
        matcher: Matcher,
        listings: Listings,
        faults: Faults,
        settings: PaperSettings,
        background: Background,
    ) -> None:
        self._book = book
        self._matcher = matcher
        self._listings = listings
        self._faults = faults
        self._settings = settings
        self._background = background

    def resume(self) -> None:
        """Go on with every order that an earlier run left on its way or resting."""
        for original, replacement in self._unfinished_replacements():
            self._background.start(self._finish_replace(original, replacement))
        for order in self._book.open_orders():
            if order.status is Status.CANCEL_REQUESTED:
                self._background.start(self._finish_cancel(order))
            elif order.status is Status.RECEIVED:
                self.send(order)
            elif order.status in (Status.ROUTED, Status.IN_FLIGHT):
                self._background.start(self._carry(order))
            elif order.status is Status.LIVE and order.time_in_force is TimeInForce.IOC:
                self._book.move(order, Status.CANCELLED)  # killed between its first fills and this
            elif order.status.is_in_the_market:
                self._matcher.resume(order)

    def _unfinished_replacements(self) -> list[tuple[Order, Order]]:
        """Every original with its replacement, of which one still waits for the other."""
        pairs: set[tuple[int, int]] = set()
        for order in self._book.open_orders():
            if order.status is Status.CONTINGENT and order.replaces is not None:
                pairs.add((order.replaces, order.id))
            if order.status is Status.REPLACE_REQUESTED and order.replaced_by is not None:
                pairs.add((order.id, order.replaced_by))
        return [(self._book.orders[old], self._book.orders[new]) for old, new in sorted(pairs)]

    def send(self, order: Order) -> None:
        """Route an accepted order, or keep it for the open when the market is closed."""
        if self._matcher.is_open(order):
            self._book.move(order, Status.ROUTED)
            self._background.start(self._carry(order))

    def open_bell(self) -> None:
        """Route what was kept for the open."""
        for order in self._book.open_orders():
            if order.status is Status.RECEIVED:
                self.send(order)
            elif order.status.is_in_the_market:
                self._matcher.fill(order)

    def close_bell(self, closes: Mapping[Hours, datetime]) -> None:
        """Expire what was there at the close of its hours, and does not outlive the day."""
        for order in self._book.open_orders():
            close = closes.get(order.hours)
            if close is not None and order.is_over_at(close):
                self._book.move(order, Status.EXPIRED, terminal_at=close)  # whenever that is noticed

    def expire_ended(self) -> None:
        """Expire what is left of orders in contracts that trade no more."""
        for order in self._book.open_orders():
            if any(self._listings.has_ended(leg.symbol) for leg in order.legs):
                self._book.move(order, Status.EXPIRED)

    def cancel(self, order: Order) -> None:
        """Ask for a cancel; CannotUpdateError when the order is over or on its way."""
        if not order.is_changeable:
            raise CannotUpdateError("cancelled")
        self._book.move(order, Status.CANCEL_REQUESTED)
        self._background.start(self._finish_cancel(order))

    def withdraw(self, order: Order) -> None:
        """Take a part of a complex order back: at once while it waits here, by a request once it is Live.

        Nothing is done about one that is over or on its way.
        """
        if order.waits_here:
            self._book.move(order, Status.CANCELLED)
        elif order.is_changeable:
            self.cancel(order)

    def replace(self, original: Order, replacement: Order) -> None:
        """Put `replacement` in the place of a working order, once that is out of the market."""
        self._book.accept(replacement, Status.CONTINGENT, replaces=original.id)
        self._book.move(original, Status.REPLACE_REQUESTED, edited=True, replaced_by=replacement.id)
        self._background.start(self._finish_replace(original, replacement))

    async def _carry(self, order: Order) -> None:
        """Routed, In Flight, Live: unless the venue refuses it on the way."""
        if await self._still(order, Status.ROUTED):
            self._book.move(order, Status.IN_FLIGHT)
        if not await self._still(order, Status.IN_FLIGHT):
            return
        reason = self._venue_refusal(order)
        if reason:
            self._book.move(order, Status.REJECTED, reject_reason=reason)
        elif not self._matcher.is_open(order) and order.is_over_at(self._book.now()):
            self._book.move(order, Status.EXPIRED)
        else:
            self._go_live(order)

    async def _still(self, order: Order, status: Status) -> bool:
        """Whether an order that is in `status` is still there one hop later."""
        if order.status is status:
            await asyncio.sleep(self._settings.hop_seconds)
        return order.status is status

    def _venue_refusal(self, order: Order) -> str | None:
        if fault := self._fault(FaultKind.REJECT_NEXT, order):
            return fault.reason
        return _OFF_TICK if self._is_off_tick(order) else None

    def _is_off_tick(self, order: Order) -> bool:
        """Dry run and preflight let any price pass; the venue doesn't. Spreads have a tick of their own."""
        instrument = self._listings.find(order.legs[0].symbol)
        if order.price is None or instrument is None:
            return False
        ticks = instrument.ticks if len(order.legs) == 1 else instrument.spread_ticks
        return not ticks.is_on(order.price)

    def _go_live(self, order: Order) -> None:
        if lots := self._fault(FaultKind.LOTS, order):
            self._matcher.cut_in_lots(order, lots.lots)
        if order.order_type is OrderType.MARKETABLE_LIMIT:
            self._price_at_the_far_quote(order)
        self._book.move(order, Status.LIVE)
        self._matcher.fill(order)
        if order.time_in_force is TimeInForce.IOC and order.status is Status.LIVE:
            self._book.move(order, Status.CANCELLED)
        elif fault := self._fault(FaultKind.CANCEL_NEXT, order):
            self._background.start(self._cancel_unasked(order, fault))

    def _price_at_the_far_quote(self, order: Order) -> None:
        leg, quote = order.legs[0], self._matcher.quotes(order.legs)[0]
        offer = quote.takeable(buying=leg.action.is_buy) if quote else None
        if offer is not None:
            effect = "Debit" if leg.action.is_buy else "Credit"
            self._book.change(order, price=offer.price, price_effect=effect)

    async def _cancel_unasked(self, order: Order, fault: Fault) -> None:
        await asyncio.sleep(fault.seconds)
        if order.status.is_in_the_market:
            self._book.move(order, Status(fault.ends))

    async def _finish_cancel(self, order: Order) -> None:
        await self._cancel_takes(order, On.CANCEL)
        if order.status is not Status.CANCEL_REQUESTED:
            return
        self._book.move(order, Status.CANCELLED)
        if late := self._fault(FaultKind.FILL_AFTER_CANCEL, order, On.CANCEL):
            await asyncio.sleep(late.seconds)
            self._matcher.fill_unseen(order, late.quantity)

    async def _finish_replace(self, original: Order, replacement: Order) -> None:
        filled_before = original.units - replacement.units  # it was sized to what was left then
        await self._cancel_takes(original, On.REPLACE)
        if original.filled > filled_before:
            self._give_up(original, replacement)
            return
        if not original.status.is_terminal:
            self._book.move(original, Status.CANCELLED)
        if replacement.status is Status.CONTINGENT:
            if not self._matcher.is_open(replacement):
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
            self._matcher.fill_unseen(order, race.quantity)

    def _fault(self, kind: FaultKind, order: Order, on: On | None = None) -> Fault | None:
        return self._faults.take(kind, on, Subject.of(order))
