"""The broker of a simulation: its book, and the life that orders have there, late fills and lost races included.

It knows nothing of who trades. Every change is told to the listeners at once, whole; how a client comes to hear of it
is not its business.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus, OrderType, TimeInForce

IN_THE_MARKET = frozenset({OrderStatus.LIVE, OrderStatus.CANCEL_REQUESTED, OrderStatus.REPLACE_REQUESTED})
_CHANGEABLE = frozenset({OrderStatus.LIVE, OrderStatus.CONTINGENT, OrderStatus.RECEIVED})
_CANCELLING = OrderStatus.CANCEL_REQUESTED
_HOP = 0.02  # seconds from one state on the way to the market to the next


@dataclass(frozen=True)
class Habits:
    """How this broker and its venue behave in one seed: chances of 0 to 1 for each order or cancel, and seconds."""

    reject: float = 0.0  # the venue refuses an order that the broker took
    cancel_unasked: float = 0.0
    slow_cancel: float = 0.0
    fill_in_cancel: float = 0.0
    fill_after_cancel: float = field(default=0.0, metadata={"between": (0.3, 0.9)})
    late_last_fill: float = 0.0  # Filled is announced before its last fill is attached
    lots: float = 0.0  # an order that is met fills in pieces
    overfill: float = field(default=0.0, metadata={"seldom": True})  # a buy fills a contract or two more than asked
    refuse_market: bool = False
    replace_whole: bool = False  # a replacement is as large as asked, whatever its original filled


OPENING = (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_OPEN)


@dataclass
class Order:
    """One order. `identifier` None: somebody else's."""

    order_id: int
    request: OrderRequest
    identifier: str | None
    quantity: int
    received_at: datetime
    status: OrderStatus = OrderStatus.RECEIVED
    fills: list[Fill] = field(default_factory=list)
    replaces: int | None = None
    replaced_by: int | None = None
    sent_at: datetime | None = None  # when it left its sender
    reason: str | None = None
    ended_unasked: bool = False  # by the venue, the close, or a hand
    is_outdated: bool = False  # a replacement that waits, and is given up, for its original has filled since
    in_excess: int = 0  # what a replacement is larger than what its original left
    unforeseen: int = 0  # contracts filled after it was over, or beyond what was asked
    withheld: int = 0  # of the newest fills, not shown yet
    updated_at: datetime | None = None

    @property
    def is_buy(self) -> bool:
        """Whether money goes out for it."""
        return self.request.action.is_buy

    @property
    def is_entry(self) -> bool:
        """Whether it adds to the position, long or short."""
        return self.request.action in OPENING

    @property
    def filled(self) -> int:
        """Contracts executed, shown or not."""
        return sum(fill.quantity for fill in self.fills)

    @property
    def filled_in_excess(self) -> int:
        """Contracts that would not have executed, had the replacement been as large as what its original left."""
        return max(0, min(self.in_excess, self.filled - self.quantity + self.in_excess))

    @property
    def leaves(self) -> int:
        """Contracts that may still execute."""
        return 0 if self.status.is_terminal else self.quantity - self.filled

    def record(self) -> BrokerOrder:
        """As the broker tells it."""
        shown = self.fills[: len(self.fills) - self.withheld]
        return BrokerOrder(
            order_id=self.order_id,
            status=self.status,
            symbol=self.request.symbol,
            action=self.request.action,
            order_type=self.request.order_type,
            quantity=self.quantity,
            identifier=self.identifier,
            price=self.request.price,
            fills=tuple(shown),
            replaces=self.replaces,
            replaced_by=self.replaced_by,
            reject_reason=self.reason,
            editable=self.status in _CHANGEABLE,
            updated_at=self.updated_at,
        )


class NotChangeableError(Exception):
    """The order is over, or on its way."""


Listener = Callable[[Order], None]


class SimulatedBroker:
    """The book, and the market that meets it. `now` is the exchange's own time."""

    def __init__(self, habits: Habits, dice: Random, now: Callable[[], datetime]) -> None:
        self.habits = habits
        self.orders: dict[int, Order] = {}
        self.bid: Decimal | None = None
        self.ask: Decimal | None = None
        self.is_open = True
        self.is_halted = False
        self.changed: list[Listener] = []
        # Whether a misbehaviour of that chance happens now.
        self.happens: Callable[[str, float], bool] = lambda *_: False
        self.opposes: Callable[[Order], bool] = lambda _: False  # an order that it would have to refuse
        self._dice = dice
        self.now = now
        self._tasks: set[asyncio.Task[None]] = set()
        self._fills = 0

    def accept(
        self,
        request: OrderRequest,
        identifier: str | None = None,
        replaces: Order | None = None,
        sent_at: datetime | None = None,
    ) -> Order:
        """Take an order in and carry it to the market; a replacement waits for its original."""
        number = 1001 + len(self.orders)
        is_cut = replaces is not None and not self.habits.replace_whole
        quantity = min(request.quantity, replaces.leaves) if replaces and is_cut else request.quantity
        order = Order(number, request, identifier, quantity, self.now(), sent_at=sent_at)
        self.orders[number] = order
        if replaces is None:
            self._move(order, OrderStatus.RECEIVED)
            self._start(self._carry(order))
        else:
            order.replaces, replaces.replaced_by = replaces.order_id, number
            order.in_excess = quantity - min(quantity, replaces.leaves)
            if order.in_excess:
                self._fires("replacement too large", 1.0)
            self._move(order, OrderStatus.CONTINGENT)
            self._move(replaces, OrderStatus.REPLACE_REQUESTED)
            self._start(self._replace(replaces, order))
        return order

    def cancel(self, order: Order) -> None:
        """Ask for a cancel."""
        self.check_changeable(order)
        if order.status is not OrderStatus.LIVE:
            self._move(order, OrderStatus.CANCELLED)
            return
        self._move(order, OrderStatus.CANCEL_REQUESTED)
        self._start(self._finish_cancel(order))

    def check_changeable(self, order: Order) -> None:
        """NotChangeableError unless it rests at the venue or waits."""
        if order.status not in _CHANGEABLE or not order.leaves:
            raise NotChangeableError

    def quote(self, bid: Decimal | None, ask: Decimal | None) -> None:
        """The market moves, and meets what it reaches."""
        self.bid, self.ask = bid, ask
        for order in list(self.orders.values()):
            self._meet(order)

    def trade_with(self, order: Order, units: int) -> None:
        """Somebody takes part of a resting order."""
        if order.status in IN_THE_MARKET and self._trades() and order.request.price is not None:
            self._fill(order, min(units, order.leaves), order.request.price)

    def close(self) -> None:
        """The session ends: what is for the day expires."""
        self.is_open = False
        for order in list(self.orders.values()):
            if not order.status.is_terminal and order.request.time_in_force is TimeInForce.DAY:
                order.ended_unasked = True
                self._move(order, OrderStatus.EXPIRED)

    def end(self, order: Order) -> None:
        """Take it off, though nobody asked for that."""
        order.ended_unasked = True
        self._move(order, OrderStatus.CANCELLED)

    def working(self) -> Iterator[Order]:
        """Orders that may still execute."""
        return (order for order in self.orders.values() if not order.status.is_terminal)

    def _trades(self) -> bool:
        return self.is_open and not self.is_halted

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, order: Order) -> None:
        for status in (OrderStatus.ROUTED, OrderStatus.IN_FLIGHT):
            await asyncio.sleep(_HOP)
            if order.status.is_terminal:
                return
            self._move(order, status)
        await asyncio.sleep(_HOP)
        if not order.status.is_terminal:
            self._arrive(order)

    def _arrive(self, order: Order) -> None:
        is_market = order.request.order_type is OrderType.MARKET
        is_refused = self._fires("venue rejects", self.habits.reject) or (is_market and self.habits.refuse_market)
        if is_refused or self.opposes(order):
            order.reason, order.ended_unasked = "Rejected by the venue", True
            self._move(order, OrderStatus.REJECTED)
            return
        self._move(order, OrderStatus.LIVE)
        self._meet(order, is_new=True)
        if order.leaves and self._fires("venue cancels", self.habits.cancel_unasked):
            self._start(self._cancel_unasked(order))

    async def _cancel_unasked(self, order: Order) -> None:
        await asyncio.sleep(self._dice.uniform(0.1, 15))
        if order.status in IN_THE_MARKET:
            order.ended_unasked = True
            self._move(order, OrderStatus.CANCELLED)

    async def _finish_cancel(self, order: Order) -> None:
        await self._cancel_takes(order)
        if order.status is not OrderStatus.CANCEL_REQUESTED:
            return
        left = order.leaves
        self._move(order, OrderStatus.CANCELLED)
        await self._may_fill_late(order, left)

    async def _may_fill_late(self, order: Order, left: int) -> None:
        """A fill that is booked after the cancel: legal, and as real as any other."""
        if left and self._fires("fill after cancel", self.habits.fill_after_cancel):
            await asyncio.sleep(self._dice.uniform(0.05, 3))
            units = self._dice.randint(1, left)
            order.unforeseen += units
            self._fill(order, units, order.request.price or self.ask or Decimal(1))

    async def _replace(self, original: Order, replacement: Order) -> None:
        await self._cancel_takes(original)
        if replacement.is_outdated:  # subsequent fills of the original abort the replacement
            if not replacement.status.is_terminal:
                self._move(replacement, OrderStatus.CANCELLED)
            if original.status is OrderStatus.REPLACE_REQUESTED:
                self._move(original, OrderStatus.LIVE)
            return
        if not original.status.is_terminal:
            left = original.leaves
            self._move(original, OrderStatus.CANCELLED)
            self._start(self._may_fill_late(original, left))
        if replacement.status is OrderStatus.CONTINGENT:
            self._move(replacement, OrderStatus.ROUTED)
            await asyncio.sleep(_HOP)
            if not replacement.status.is_terminal:
                self._arrive(replacement)

    async def _cancel_takes(self, order: Order) -> None:
        slow = self._fires("slow cancel", self.habits.slow_cancel)
        await asyncio.sleep(self._dice.uniform(2, 12) if slow else self._dice.uniform(0.03, 0.08))
        race = "fill races replace" if order.replaced_by and order.status is not _CANCELLING else "fill races cancel"
        if order.leaves and self._fires(race, self.habits.fill_in_cancel):
            self._fill(order, self._dice.randint(1, order.leaves), order.request.price or self.ask or Decimal(1))

    def _meet(self, order: Order, *, is_new: bool = False) -> None:
        """Execute what the far quote reaches: what comes in at that quote, what rests at its own price."""
        if order.status not in IN_THE_MARKET or not self._trades():
            return
        far = self.ask if order.is_buy else self.bid
        price = order.request.price
        if far is None or (price is not None and (far > price if order.is_buy else far < price)):
            return
        in_lots = order.leaves > 1 and self._fires("filled in lots", self.habits.lots)
        units = self._dice.randint(1, order.leaves - 1) if in_lots else order.leaves
        self._fill(order, units, far if price is None or is_new else price)
        if in_lots:
            self._start(self._next_lot(order))

    async def _next_lot(self, order: Order) -> None:
        await asyncio.sleep(self._dice.uniform(0.01, 4))
        self._meet(order)

    def _fill(self, order: Order, units: int, price: Decimal) -> None:
        if units <= 0:
            return
        units += self._beyond_what_was_asked(order, units)
        self._fills += 1
        order.fills.append(Fill(fill_id=f"F{self._fills}", quantity=units, price=price, at=self.now()))
        if order.replaced_by is not None:
            self.orders[order.replaced_by].is_outdated = True
        whole = order.filled >= order.quantity
        if whole and self._fires("filled before its last fill", self.habits.late_last_fill):
            order.withheld = 1
            self._start(self._attach(order))
        self._move(order, OrderStatus.FILLED if whole else order.status)

    def _beyond_what_was_asked(self, order: Order, units: int) -> int:
        is_last = order.is_entry and order.identifier and order.filled + units == order.quantity
        if not is_last or not self._fires("more filled than asked", self.habits.overfill):
            return 0
        extra = self._dice.randint(1, 2)
        order.unforeseen += extra
        return extra

    async def _attach(self, order: Order) -> None:
        await asyncio.sleep(self._dice.uniform(0.05, 5))
        order.withheld = 0
        self._move(order, order.status)

    def _move(self, order: Order, status: OrderStatus) -> None:
        order.status, order.updated_at = status, self.now()
        for listener in self.changed:
            listener(order)

    def _fires(self, what: str, chance: float) -> bool:
        return self.happens(what, chance)
