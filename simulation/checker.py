"""What must be true of the broker's book after every step, by the numbers of docs/invariants.md.

It reads the book and what was written down, never the story's own sums, and adds everything up by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditEvent, AuditKind
from domain.orders import OrderStatus, OrderType
from domain.trade import TradeState, TradeView
from simulation.broker import Order, SimulatedBroker

_HALF = Decimal("0.5")
_ONE_TICK = Decimal("0.05")
_UNHEARD = timedelta(seconds=75)  # a sweep comes once a minute


@dataclass(frozen=True)
class Violation:
    """A promise that did not hold."""

    invariant: int
    at: float
    what: str


@dataclass
class Promised:
    """What one trade promised: its size, its limits, and what it has written down, as far as the checker may know."""

    workflow_id: str
    ceiling: Decimal | None = None
    sized: int | None = None
    intents: set[str] = field(default_factory=set)


class Checker:
    """Looks after each change of the book. `trade_of` gives an order's trade; None for somebody else's."""

    def __init__(self, broker: SimulatedBroker, most_steps: int) -> None:
        self.violations: list[Violation] = []
        self.promised: dict[str, Promised] = {}
        self._broker = broker
        self._most_steps = most_steps
        self._entry_prices: defaultdict[str, list[Decimal]] = defaultdict(list)
        self._seen: set[int] = set()

    def step(self, at: float, order: Order, workflow_id: str | None) -> None:
        """One change of one order."""
        if workflow_id is None:
            return
        promised = self.promised[workflow_id]
        entries, exits = self._orders_of(workflow_id)
        if order.order_id not in self._seen:
            self._seen.add(order.order_id)
            self._new_order(at, order, promised, entries)
        open_entries = [entry for entry in entries if self._may_execute(entry)]
        bought = sum(entry.filled for entry in entries)
        leaves = sum(entry.leaves for entry in open_entries)
        self._expect(5, at, len(open_entries) <= 1, f"{len(open_entries)} entry orders are open")
        if promised.sized is not None:
            # What a dead order still fills nobody can foresee (11): it is no reason to have sent less.
            late = sum(entry.late_fills for entry in entries)
            fits = bought - late + leaves <= promised.sized
            self._expect(7, at, fits, f"{bought} bought, {late} of it late, and {leaves} open of {promised.sized}")
        sold = sum(sale.filled for sale in exits)
        out = sum(sale.leaves for sale in exits if self._may_execute(sale))
        self._expect(15, at, sold + out <= bought, f"{sold} sold and {out} out for sale of {bought} bought")

    def at_rest(self, at: float, workflow_id: str, view: TradeView) -> None:
        """Faults have ended and the trade has come to rest: it and the book agree, and what is held has its exit."""
        entries, exits = self._orders_of(workflow_id)
        bought, sold = sum(o.filled for o in entries), sum(o.filled for o in exits)
        needs_person = view.state is TradeState.NEEDS_OPERATOR
        if not needs_person:
            self._expect(19, at, view.filled == bought, f"it counts {view.filled} bought, the book {bought}")
            self._expect(19, at, view.exited == sold, f"it counts {view.exited} sold, the book {sold}")
            open_entries = [entry for entry in entries if self._may_execute(entry)]
            self._expect(9, at, not open_entries, "an entry order is still open")
        if view.state is TradeState.HOLDING:
            self.has_its_exit(at, workflow_id)
            self._exit_price(at, entries, exits)

    def has_moved(self, at: float, workflow_id: str, state: TradeState) -> None:
        """A trade that ends as cancelled has left nothing in the market but the exit of what it bought."""
        if state is TradeState.CANCELLED:
            entries, _ = self._orders_of(workflow_id)
            working = [entry.order_id for entry in entries if self._may_execute(entry)]
            self._expect(9, at, not working, f"ended with {working} in the market")
            self.has_its_exit(at, workflow_id)

    def _exit_price(self, at: float, entries: Sequence[Order], exits: Sequence[Order]) -> None:
        """Twice the true average of what was bought, a tick up or down for rounding (14)."""
        cost = sum((fill.price * fill.quantity for entry in entries for fill in entry.fills), Decimal(0))
        bought = sum(entry.filled for entry in entries)
        for sale in exits:
            price = sale.request.price
            if self._may_execute(sale) and price is not None and bought:
                off = abs(price - 2 * cost / bought)
                self._expect(14, at, off <= _ONE_TICK, f"exit at {price}, twice the average is {2 * cost / bought:.4f}")

    def has_its_exit(self, at: float, workflow_id: str) -> None:
        """What is held has the exit that it should (14, 16)."""
        entries, exits = self._orders_of(workflow_id)
        bought, sold = sum(o.filled for o in entries), sum(o.filled for o in exits)
        out = sum(sale.leaves for sale in exits if self._may_execute(sale))
        expected = int(bought * _HALF)
        late = sum(sale.late_fills for sale in exits)
        what = f"{out} out and {sold} sold for exit, {late} of it late, {expected} promised"
        self._expect(16, at, expected <= sold + out <= expected + late or self._any_unheard(exits), what)

    def written(self, at: float, workflow_id: str, rows: Sequence[AuditEvent], *, left_exit: bool) -> None:
        """Each execution is in the rows once (10, 23).

        A cancelled trade ends with its exit standing (`left_exit`): what is sold of that is not its business any more.
        """
        entries, exits = self._orders_of(workflow_id)
        told = Counter(row.fill_id or "" for row in rows if row.kind is AuditKind.FILL)
        book = Counter(fill.fill_id for order in (*entries, *exits) for fill in order.fills)
        if left_exit:
            sold = Counter(fill.fill_id for order in exits for fill in order.fills)
            book -= sold - told
        self._expect(23, at, told == book, f"written {sorted(told.elements())}, in the book {sorted(book.elements())}")

    def _new_order(self, at: float, order: Order, promised: Promised, entries: list[Order]) -> None:
        self._expect(22, at, order.identifier in promised.intents, f"{order.identifier} has no intent")
        same = [o for o in self._broker.orders.values() if o.identifier == order.identifier]
        self._expect(6, at, len(same) == 1, f"{order.identifier} was sent {len(same)} times")
        if not order.is_buy:
            return
        if promised.sized is not None and order.replaces is None:
            rest = promised.sized - sum(o.filled for o in entries)
            late = sum(o.late_fills for o in entries)
            fits = rest <= order.quantity <= rest + late
            self._expect(7, at, fits, f"sent for {order.quantity}, unfilled {rest}, filled late {late}")
        price = order.request.price
        if order.request.order_type is OrderType.LIMIT and price is not None:
            prices = self._entry_prices[promised.workflow_id]
            converts = any(entry.request.price is None for entry in entries)  # at the far quote, wherever that is
            self._expect(8, at, not prices or price >= max(prices) or converts, f"{price} after {prices}")
            prices.append(price)
            if promised.ceiling is not None:
                self._expect(8, at, price <= promised.ceiling, f"{price} is above {promised.ceiling}")
            self._expect(8, at, len(set(prices)) <= self._most_steps + 2, f"steps {prices}")

    def _orders_of(self, workflow_id: str) -> tuple[list[Order], list[Order]]:
        promised = self.promised[workflow_id].intents
        ours = [order for order in self._broker.orders.values() if order.identifier in promised]
        return [o for o in ours if o.is_buy], [o for o in ours if not o.is_buy]

    def _any_unheard(self, orders: Sequence[Order]) -> bool:
        return any(_is_unheard(order, self._broker.now()) for order in orders)

    def _may_execute(self, order: Order) -> bool:
        """A replacement that waits is one order with its original, and is given up when that one fills."""
        if order.status is OrderStatus.CONTINGENT and order.replaces is not None:
            return self._broker.orders[order.replaces].status is OrderStatus.CANCELLED
        return not order.status.is_terminal

    def _expect(self, invariant: int, at: float, holds: bool, what: str) -> None:
        if not holds:
            self.violations.append(Violation(invariant, at, what))


def _is_unheard(order: Order, now: datetime) -> bool:
    """Whether the venue or a hand ended it so lately that nobody needs to have heard of it."""
    return order.ended_unasked and order.updated_at is not None and now - order.updated_at < _UNHEARD
