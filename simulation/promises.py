"""What each trade promised, where it stands by the broker's book, and which promises were found broken."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from domain.closing import CloseRequest
from domain.contract import Quote
from domain.identifiers import OrderRole, role_of
from domain.orders import OrderStatus
from simulation.broker import Order, SimulatedBroker
from simulation.guarding import Guarding
from simulation.shorts import Shorts

_TINY = Decimal("1e-9")  # a third is a little less than that


@dataclass(frozen=True)
class Violation:
    """A promise that did not hold."""

    invariant: int
    at: float
    what: str


class Findings(list[Violation]):
    """All that was found in one seed."""

    def expect(self, invariant: int, at: float, holds: bool, what: str) -> None:
        """Note a promise that does not hold."""
        if not holds:
            self.append(Violation(invariant, at, what))


@dataclass(frozen=True)
class Rules:
    """What holds for all trades of a seed; money in dollars, times in seconds."""

    price: Decimal  # the alerts'
    ceiling: Decimal
    penny_pilot: bool
    most_steps: int = 3
    window: float = 90.0
    grace: float = 15.0
    alert_age: float = 10.0
    money: Decimal = Decimal(100_000)
    open_trades: int = 20
    entries_a_day: int = 100
    duplicate_window: float = 1.0
    exit_percent: int = 50
    exits_single: bool = False
    partial_percent: int = 50
    trims_one: bool = True  # a part of less than one contract sells one
    closes_at_market: bool = False  # what a closing ladder does not sell
    anybody_closes: bool = False
    guarding: Guarding = field(default_factory=Guarding)
    shorts: Shorts | None = None

    def seen(self, price: Decimal) -> Decimal:
        """A price as the rules see it: of what sells first in a mirror, where what is dearer is cheaper."""
        return price if self.shorts is None else 2 * self.price - price

    def quoted(self, quote: Quote) -> Quote:
        """A quote as the rules see it: in the mirror who bids asks."""
        if self.shorts is None:
            return quote
        bid, ask = (None if side is None else self.seen(side) for side in (quote.ask, quote.bid))
        return quote.model_copy(update={"bid": bid, "ask": ask})

    def tick(self, price: Decimal) -> Decimal:
        """The tick that rules at a price."""
        return Decimal("0.05") if self.penny_pilot and price >= 3 else Decimal("0.01")

    def exit_for(self, bought: int) -> int:
        """How many of what is bought are for sale (14)."""
        if bought == 1 and self.exits_single:
            return 1
        return bought * self.exit_percent // 100

    def down(self, price: Decimal, ticks: int = 1) -> Decimal:
        """So many ticks lower."""
        for _ in range(ticks):
            price -= self.tick(price - Decimal("0.01"))
        return price

    def to_sell(self, request: CloseRequest, named: int, bought: int, held: int) -> int:
        """How many of `held` a request sells; `named`: the contracts that the opening alert named.

        A number is the author's: the same part of ours. Parts are rounded down, and less than one is one or none.
        """
        if request.quantity is not None:
            part = bought * request.quantity // named
        elif request.partial and request.fraction is None:
            part = held * self.partial_percent // 100
        elif request.fraction is not None and request.fraction < 1:
            part = int(held * request.fraction + _TINY)
        else:
            return held
        return min(max(part, 1 if self.trims_one else 0), held)


@dataclass
class Promised:
    """One trade: its message, its size, and what it has written down, as far as the checker may know."""

    workflow_id: str
    posted_at: datetime
    author_id: int = 0
    may_trade: bool = True
    named: int = 1  # contracts, by its alert
    sized: int | None = None
    intents: set[str] = field(default_factory=set)


@dataclass
class Standing:
    """One trade by the broker's book, in contracts."""

    entries: list[Order] = field(default_factory=list)
    exits: list[Order] = field(default_factory=list)
    closes: list[Order] = field(default_factory=list)  # what sells before the exit does
    bought: int = 0
    sold_by_exit: int = 0
    sold_by_close: int = 0
    open_entries: int = 0  # orders
    open_exits: int = 0
    open_closes: int = 0
    leaves: int = 0  # of the open entries
    in_excess: int = 0  # of that, by the broker's way of replacing
    out_for_exit: int = 0
    out_for_close: int = 0
    out_in_excess: int = 0  # of that, by the broker's way of replacing
    gone: int = 0  # of what was sold first: assigned, or bought back by hand, as the trade was told
    unforeseen: int = 0  # of what is bought: after a cancel, or beyond what was asked
    sold_unforeseen: int = 0

    @property
    def is_selling(self) -> bool:
        """Something is bought still, or sold before the exit does."""
        return self.open_entries + self.open_closes > 0

    @property
    def sales(self) -> list[Order]:
        """All that sells."""
        return self.exits + self.closes

    @property
    def sold(self) -> int:
        """By whatever order."""
        return self.sold_by_exit + self.sold_by_close

    @property
    def out(self) -> int:
        """For sale."""
        return self.out_for_exit + self.out_for_close

    @property
    def held(self) -> int:
        """Bought and not sold."""
        return self.bought - self.sold - self.gone


class Book:
    """The broker's book, by trades."""

    def __init__(self, broker: SimulatedBroker) -> None:
        self.broker = broker
        self.spare = 0  # shares that calls need or needed: a trade may keep them from its exit
        self.told_gone: dict[str, int] = {}  # by trade: contracts in all that are short no more
        self._orders: defaultdict[str, list[Order]] = defaultdict(list)

    def add(self, workflow_id: str, order: Order) -> None:
        """An order that is seen for the first time."""
        self._orders[workflow_id].append(order)

    def trades(self) -> list[str]:
        """Those that ever had an order, oldest first."""
        return list(self._orders)

    def orders(self, workflow_id: str) -> list[Order]:
        """All of a trade's."""
        return self._orders.get(workflow_id, [])

    def standing(self, workflow_id: str) -> Standing:
        """Add everything up."""
        at = Standing()
        for order in self.orders(workflow_id):
            if order.is_entry:
                self._add_entry(at, order)
            else:
                self._add_sale(at, order)
        at.gone = max(0, min(self.told_gone.get(workflow_id, 0), at.bought - at.sold))
        return at

    def may_execute(self, order: Order) -> bool:
        """A replacement that waits is one order with its original, and is given up when that one fills."""
        if order.status is OrderStatus.CONTINGENT and order.replaces is not None:
            is_next = self.broker.orders[order.replaces].status is OrderStatus.CANCELLED
            return is_next and not order.is_outdated
        return not order.status.is_terminal

    def _add_entry(self, at: Standing, order: Order) -> None:
        may_execute = self.may_execute(order)
        at.entries.append(order)
        at.bought += order.filled
        at.unforeseen += order.unforeseen + (0 if may_execute else order.filled_in_excess)
        at.open_entries += may_execute
        at.leaves += order.leaves if may_execute else 0
        at.in_excess += order.in_excess if may_execute else 0

    def _add_sale(self, at: Standing, order: Order) -> None:
        may_execute = self.may_execute(order)
        leaves = order.leaves if may_execute else 0
        at.sold_unforeseen += order.unforeseen + (0 if may_execute else order.filled_in_excess)
        at.out_in_excess += order.in_excess if may_execute else 0
        if role_of(order.identifier) is OrderRole.CLOSE:
            at.closes.append(order)
            at.sold_by_close += order.filled
            at.open_closes += may_execute
            at.out_for_close += leaves
        else:
            at.exits.append(order)
            at.sold_by_exit += order.filled
            at.open_exits += may_execute
            at.out_for_exit += leaves
