"""Orders that depend on one another: one cancels the other (OCO), one triggers others (OTO), and both (OTOCO).

Which orders belong together, and what is to be done next, follows from the orders on record alone: each carries the id
of its complex order and its part in it. So a restart goes on where the last run was, and a replacement of a part is a
part. The broker's documents leave open what a partial fill does: here only a whole fill triggers or cancels.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from paper.refusals import CannotUpdateError, NotFoundError
from paper.trading.book import Book
from paper.trading.orders import Order
from paper.trading.venue import Venue
from paper.trading.words import ComplexType, Status

_TRIGGER = "trigger-order"
_ORDER = "order"


class ComplexOrder(NamedTuple):
    """One complex order with its parts, replaced ones included, in the order they were accepted."""

    id: int
    type: ComplexType
    triggers: tuple[Order, ...]
    orders: tuple[Order, ...]

    @property
    def parts(self) -> tuple[Order, ...]:
        """All of them."""
        return (*self.triggers, *self.orders)

    @property
    def terminal_at(self) -> datetime | None:
        """When its last part came to its end; None while one goes on."""
        ends = [part.terminal_at for part in self.parts if part.terminal_at is not None]
        return max(ends) if len(ends) == len(self.parts) else None


class ComplexOrders:
    """The complex orders of the account, by id."""

    def __init__(self, book: Book, venue: Venue) -> None:
        self._book = book
        self._venue = venue
        self._parts: dict[int, list[int]] = {}
        for order in book.orders.values():
            self._note(order)
        book.order_changed.append(self._order_changed)

    def resume(self) -> None:
        """Go on with what an earlier run left undone."""
        for complex_order in self.all():
            self._advance(complex_order)

    def place(self, kind: ComplexType, orders: Sequence[Order], trigger: Order | None) -> ComplexOrder:
        """Accept all the parts at once, and send those that depend on nothing."""
        complex_id = max(self._parts, default=0) + 1
        first = [] if trigger is None else [trigger]
        for part in (*first, *orders):
            part.complex_id = complex_id
            part.complex_tag = f"{kind}::{_TRIGGER if part is trigger else _ORDER}"
            part.status = Status.CONTINGENT if first and part is not trigger else Status.RECEIVED
        self._book.accept_together([*first, *orders])
        for part in (*first, *orders):
            self._note(part)
        for part in (*first, *orders):
            self._book.tell(part)
        for order in first or orders:
            self._venue.send(order)
        return self.find(complex_id)

    def cancel(self, complex_id: int) -> ComplexOrder:
        """Ask for the cancel of every part; CannotUpdateError when all of them are over, or one is on its way.

        One on its way would be left behind, and go Live after its cancel was promised.
        """
        complex_order = self.find(complex_id)
        if complex_order.terminal_at is not None or any(part.is_on_its_way for part in complex_order.parts):
            raise CannotUpdateError("cancelled")
        self._cancel_all(reversed(complex_order.parts))  # what waits goes before what it waits for
        return complex_order

    def find(self, complex_id: int) -> ComplexOrder:
        """A complex order; NotFoundError when there is none."""
        numbers = self._parts.get(complex_id)
        if numbers is None:
            raise NotFoundError(f"Complex order with id {complex_id}")
        parts = [self._book.orders[number] for number in numbers]
        triggers = tuple(part for part in parts if _role(part) == _TRIGGER)
        orders = tuple(part for part in parts if _role(part) == _ORDER)
        return ComplexOrder(complex_id, ComplexType(_tag(parts[0])[0]), triggers, orders)

    def all(self) -> list[ComplexOrder]:
        """Every one, newest first."""
        return [self.find(complex_id) for complex_id in sorted(self._parts, reverse=True)]

    def _note(self, order: Order) -> None:
        if order.complex_id is not None and order.id not in self._parts.setdefault(order.complex_id, []):
            self._parts[order.complex_id].append(order.id)

    def _order_changed(self, order: Order) -> None:
        if order.complex_id is not None:
            self._note(order)
            # Soon, not now: everybody must hear of this order before they hear of what follows from it.
            asyncio.get_running_loop().call_soon(self._go_on, order.complex_id)

    def _go_on(self, complex_id: int) -> None:
        self._advance(self.find(complex_id))

    def _advance(self, complex_order: ComplexOrder) -> None:
        triggers, orders = complex_order.triggers, complex_order.orders
        if any(trigger.status is Status.FILLED for trigger in triggers):
            self._release(orders)
        elif triggers and all(trigger.status.is_terminal for trigger in triggers):
            self._cancel_all(orders)
        if complex_order.type.is_either_or and any(order.status is Status.FILLED for order in orders):
            self._cancel_all(orders)

    def _release(self, orders: Iterable[Order]) -> None:
        for order in orders:
            if order.status is Status.CONTINGENT and order.replaces is None:
                self._book.move(order, Status.RECEIVED)
                self._venue.send(order)

    def _cancel_all(self, orders: Iterable[Order]) -> None:
        """What is on its way to the venue is asked again once it is there."""
        for order in orders:
            self._venue.withdraw(order)


def _tag(order: Order) -> tuple[str, str]:
    kind, _, role = (order.complex_tag or "").partition("::")
    return kind, role


def _role(order: Order) -> str:
    return _tag(order)[1]
