"""The exchange's record of every order, execution and delivery. Changes are committed first, then told.

This is the only place where an order's state or the account's books change.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from paper.clock import Clock
from paper.listings.instruments import Listings
from paper.market.market import Market
from paper.market.quote import Interest, Level
from paper.refusals import NotFoundError
from paper.trading.account import Account
from paper.trading.buying_power import BuyingPower
from paper.trading.deliveries import Delivery
from paper.trading.fees import fees_for
from paper.trading.history import Transaction, in_sequence, ledger_rows
from paper.trading.orders import Execution, Fill, Leg, Order
from paper.trading.reservations import Reservations
from paper.trading.store import Saved, Store
from paper.trading.terms import terms_of
from paper.trading.words import Status

FIRST_ORDER_ID = 1_000_001
OrderListener = Callable[[Order], None]
ExecutionListener = Callable[[Execution], None]
DeliveryListener = Callable[[Delivery], None]


class Book:
    """Orders by id, executions in order, and the account they change.

    `history` has executions and deliveries in the order in which they were entered. `order_changed` hears of each
    state an order goes through, `executed` of each execution, `delivered` of each delivery, all after the commit.
    """

    def __init__(
        self,
        saved: Saved,
        account: Account,
        power: BuyingPower,
        store: Store,
        listings: Listings,
        market: Market,
        clock: Clock,
    ) -> None:
        self.account = account
        self._power = power
        self.reservations = Reservations(power)
        self.orders = {order.id: order for order in saved.orders}
        self.executions = list(saved.executions)
        self.history: list[Transaction] = in_sequence(saved.executions, saved.deliveries)
        self.order_changed: list[OrderListener] = []
        self.executed: list[ExecutionListener] = []
        self.delivered: list[DeliveryListener] = []
        self._store = store
        self._listings = listings
        self._market = market
        self._clock = clock
        self._next_id = max(self.orders, default=FIRST_ORDER_ID - 1) + 1
        self._open: dict[int, Order] = {}
        self._working: dict[str, dict[int, Order]] = {}
        self._concealed: dict[int, datetime] = {}  # by identity: concealed before it has an id
        self._withheld: set[int] = set()
        for order in self.orders.values():
            self._follow(order)

    def now(self) -> datetime:
        """The exchange's time."""
        return self._clock()

    def accept(self, order: Order, status: Status = Status.RECEIVED, **changes: Any) -> Order:
        """Take a new order in: it gets its id and is on record from now on."""
        order.status = status
        self._enter(order)
        self.change(order, **changes)
        return order

    def accept_together(self, orders: Sequence[Order]) -> None:
        """Take several orders in, each with the status it has: all of them, or none. Whoever asks tells of them."""
        for order in orders:
            self._enter(order)
            order.updated_at = self._clock()
        self._store.save(orders=orders)
        for order in orders:
            self._follow(order)

    def _enter(self, order: Order) -> None:
        order.id, self._next_id = self._next_id, self._next_id + 1
        order.received_at = self._clock()
        order.global_request_id = uuid.uuid4().hex
        order.client_order_id = f"J{uuid.uuid4().hex[:17]}"
        self.orders[order.id] = order

    def move(self, order: Order, status: Status, **changes: Any) -> None:
        """Take an order one step along its life cycle."""
        order.move(status, self._clock())
        self.change(order, **changes)

    def change(self, order: Order, **changes: Any) -> None:
        """Write fields of an order that are not its state."""
        for name, value in changes.items():
            setattr(order, name, value)
        order.updated_at = self._clock()
        self._store.save(orders=[order])
        self._follow(order)
        self.tell(order)

    def wake(self, order: Order) -> None:
        """The market has reached a stop's trigger."""
        self.change(order, triggered_at=self._clock())

    def execute(self, order: Order, units: int, prices: Sequence[Decimal]) -> None:
        """Fill `units` of an order at these prices, leg by leg: order, cash and positions in one commit."""
        at = self._clock()
        shares = [units * leg.quantity // order.units for leg in order.legs]
        executions = [
            self._fill(order, leg, quantity, price, at, number)
            for number, (leg, quantity, price) in enumerate(zip(order.legs, shares, prices, strict=True), start=1)
        ]
        if not order.leaves:
            order.move(Status.FILLED, at)
        order.updated_at = at
        self._commit(order, executions, [self._booked(execution) for execution in executions])
        self.executions += executions
        self.history += executions
        self._follow(order)
        if not order.status.is_terminal:
            self.reservations.refresh(order.underlying)
        self.tell(order)
        for execution in executions:
            for listener in self.executed:
                listener(execution)

    def deliver(self, deliveries: Sequence[Delivery]) -> None:
        """Enter what the end of one contract does: deliveries, cash and positions in one commit."""
        for number, delivery in enumerate(deliveries, start=len(self.history) + 1):
            delivery.number = number
        before = self.account.cash
        changes = [self.account.book(delivery, delivery.terms) for delivery in deliveries]
        words = [f"{delivery.kind.value} {delivery.symbol}" for delivery in deliveries]
        self._store.save(
            deliveries=deliveries,
            cash=ledger_rows(before, [delivery.at for delivery in deliveries], words, changes),
            positions={delivery.symbol: self.account.positions[delivery.symbol] for delivery in deliveries}.values(),
        )
        self.history += deliveries
        for delivery in deliveries:
            self.reservations.refresh(delivery.underlying)
            for listener in self.delivered:
                listener(delivery)

    def start_day(self, day: date) -> None:
        """Begin a day in New York: realised gains start anew, and what was closed before leaves the positions."""
        changed, closed = self.account.start_day(day, self._power.mark)
        if changed or closed:
            self._store.save(positions=changed, closed=closed)

    def tell(self, order: Order) -> None:
        """Announce an order as it stands now."""
        for listener in self.order_changed:
            listener(order)

    def find(self, order_id: int) -> Order:
        """An order that a client may see; NotFoundError otherwise."""
        order = self.orders.get(order_id)
        if order is None or self.is_concealed(order):
            raise NotFoundError(f"Order with id {order_id}")
        return order

    def visible(self) -> list[Order]:
        """Every order a client may see, newest first."""
        return [order for order in reversed(self.orders.values()) if not self.is_concealed(order)]

    def open_orders(self) -> list[Order]:
        """Orders that are not over."""
        return list(self._open.values())

    @property
    def reserved(self) -> Decimal:
        """What is set aside for all working orders, dollars."""
        return self.reservations.total

    def working_on(self, symbol: str) -> list[Order]:
        """Orders the venue has, with a leg in `symbol`, oldest first."""
        return list(self._working.get(symbol, {}).values())

    def interest_in(self, symbol: str) -> Interest:
        """The best of our own orders that the market displays there; spreads and waiting stops are not displayed."""
        bids: Counter[Decimal] = Counter()
        asks: Counter[Decimal] = Counter()
        for order in self._working.get(symbol, {}).values():
            if order.is_displayed and order.price is not None:
                (bids if order.legs[0].action.is_buy else asks)[order.price] += order.leaves
        return Interest(
            Level(max(bids), bids[max(bids)]) if bids else None, Level(min(asks), asks[min(asks)]) if asks else None
        )

    def conceal(self, order: Order, seconds: float) -> None:
        """Keep an order, accepted or about to be, out of every answer and stream for a while."""
        self._concealed[id(order)] = self._clock() + timedelta(seconds=seconds)

    def is_concealed(self, order: Order) -> bool:
        """Whether an order is to be kept out of sight now."""
        until = self._concealed.get(id(order))
        return until is not None and self._clock() < until

    def seen(self, order: Order) -> Order:
        """An order as clients see it: without its last fill while that is withheld."""
        if order.id not in self._withheld:
            return order
        shown = order.model_copy(deep=True)
        shown.legs[-1].fills.pop()
        return shown

    def withhold_last_fill(self, order: Order) -> None:
        """Show an order as Filled with its last fill missing, as the broker may for a moment."""
        self._withheld.add(order.id)

    def release_last_fill(self, order: Order) -> None:
        """Show the whole order again."""
        self._withheld.discard(order.id)
        self.tell(order)

    def _fill(self, order: Order, leg: Leg, quantity: int, price: Decimal, at: datetime, number: int) -> Execution:
        fill_id = f"SIM-{len(self.executions) + number}"
        leg.fills.append(Fill(fill_id=fill_id, quantity=quantity, price=price, at=at))
        instrument = self._listings.find(leg.symbol)
        assert instrument is not None, f"{leg.symbol} was filled after it left the list"  # noqa: S101
        opening = leg.action.is_opening or (
            not leg.action.is_closing and not self.account.can_close(leg.symbol, leg.action, quantity)
        )
        fees = fees_for(leg.instrument_type, order.underlying, quantity, opening=opening)
        return Execution(
            fill_id=fill_id,
            order_id=order.id,
            identifier=order.identifier,
            symbol=leg.symbol,
            instrument_type=leg.instrument_type,
            underlying=order.underlying,
            multiplier=instrument.multiplier,
            action=leg.action,
            quantity=quantity,
            price=price,
            commission=fees.commission,
            clearing_fees=fees.clearing,
            regulatory_fees=fees.regulatory,
            proprietary_fees=fees.proprietary,
            at=at,
        )

    def _booked(self, execution: Execution) -> Decimal:
        """Book an execution; of what it opens the terms are noted, while it is listed."""
        instrument = self._listings.find(execution.symbol)
        terms = None if instrument is None else terms_of(instrument, self._listings)
        return self.account.book(execution, terms)

    def _commit(self, order: Order, executions: Sequence[Execution], changes: Sequence[Decimal]) -> None:
        words = [f"trade {execution.fill_id}" for execution in executions]
        moments = [execution.at for execution in executions]
        self._store.save(
            orders=[order],
            executions=executions,
            cash=ledger_rows(self.account.cash - sum(changes), moments, words, changes),
            positions=[self.account.positions[execution.symbol] for execution in executions],
            pins=[(symbol, pin) for leg in order.legs if (pin := self._market.pinned(symbol := leg.symbol))],
        )

    def _follow(self, order: Order) -> None:
        """Keep count of what is open, what it ties up and what the venue has; have the market move those quotes."""
        if order.status.is_terminal:
            self._open.pop(order.id, None)
        else:
            self._open[order.id] = order
        self.reservations.follow(order)
        for leg in order.legs:
            self._follow_leg(order, leg.symbol)

    def _follow_leg(self, order: Order, symbol: str) -> None:
        here = self._working.setdefault(symbol, {})
        known = order.id in here
        if order.status.is_in_the_market and not known:
            here[order.id] = order
            self._market.watch(symbol)
        elif not order.status.is_in_the_market and known:
            del here[order.id]
            self._market.unwatch(symbol)
        if known or order.status.is_in_the_market:
            self._market.redraw(symbol)
