"""What the page shows and nobody else keeps: the orders that ended last, the newest fills, and the way prices came.

Each of these is bounded: an exchange that runs for weeks shows its last minutes.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice

from paper.control.rows import FillRow, OrderRow
from paper.control.unchanged import Unchanged
from paper.exchange import Exchange
from paper.listings.calendar import new_york_day
from paper.market.quote import Interest
from paper.trading.orders import Execution, Order

ENDED_ORDERS = 50
FILLS = 100
_POINTS = 90  # of a price's way: one a second, as long as the real ladder's window
_SCALE = 100  # the way is told in whole numbers from 0 (the lowest) to this
_KEPT_ROWS = 200  # of a kind: more than are shown
_LOOKED_THROUGH = 1000  # orders of an earlier run, for those that ended last


class PricePath:
    """The way of one price since it was first seen."""

    def __init__(self, start: Decimal) -> None:
        self.start = start
        self.drawn: tuple[int, ...] = ()
        self._points: deque[float] = deque(maxlen=_POINTS)

    def add(self, price: Decimal) -> None:
        """Go on to `price`."""
        self._points.append(float(price))
        low, high = min(self._points), max(self._points)
        width = high - low
        self.drawn = tuple(round((point - low) / width * _SCALE) if width else _SCALE // 2 for point in self._points)


class Recollection:
    """Listens to the book from the moment it is made, and starts with what an earlier run left there."""

    def __init__(self, exchange: Exchange) -> None:
        book = exchange.book
        self.order_rows: Unchanged[OrderRow] = Unchanged(_KEPT_ROWS)
        self.fill_rows: Unchanged[FillRow] = Unchanged(_KEPT_ROWS)
        self.fills: deque[Execution] = deque(book.executions[-FILLS:], maxlen=FILLS)
        self._exchange = exchange
        self._ended: OrderedDict[int, Order] = OrderedDict()
        self._paths: dict[str, PricePath] = {}
        self._interests: dict[str, Interest] = {}
        self._fee_day = exchange.listings.today
        self._fees = Decimal(0)
        for order in sorted(islice(reversed(book.orders.values()), _LOOKED_THROUGH), key=_end):
            self._order_changed(order)
        for execution in reversed(book.executions):
            if new_york_day(execution.at) != self._fee_day:
                break
            self._fees += execution.fees
        book.order_changed.append(self._order_changed)
        book.executed.append(self._executed)

    @property
    def fees_today(self) -> Decimal:
        """Dollars paid for the executions of this day in New York."""
        return self._fees if self._fee_day == self._exchange.listings.today else Decimal(0)

    def ended(self) -> Iterable[Order]:
        """The orders that ended last, newest first."""
        return reversed(self._ended.values())

    def path(self, symbol: str) -> PricePath | None:
        """How the price of a symbol came here; None for one that isn't followed."""
        return self._paths.get(symbol)

    def interest(self, symbol: str) -> Interest:
        """The best of our own resting orders in a symbol, counted anew only when one of them has changed."""
        if symbol not in self._interests:
            self._interests[symbol] = self._exchange.book.interest_in(symbol)
        return self._interests[symbol]

    def note(self, prices: dict[str, Decimal]) -> None:
        """Take down the prices of this second, by symbol. What is not among them is no longer followed."""
        self._paths = {symbol: self._paths.get(symbol) or PricePath(price) for symbol, price in prices.items()}
        for symbol, price in prices.items():
            self._paths[symbol].add(price)
        self._interests = {symbol: interest for symbol, interest in self._interests.items() if symbol in prices}

    def _order_changed(self, order: Order) -> None:
        for leg in order.legs:
            self._interests.pop(leg.symbol, None)
        if not order.status.is_terminal:
            return
        self._ended[order.id] = order
        self._ended.move_to_end(order.id)
        if len(self._ended) > ENDED_ORDERS:
            self._ended.popitem(last=False)

    def _executed(self, execution: Execution) -> None:
        self.fills.append(execution)
        day = new_york_day(execution.at)
        if day != self._fee_day:
            self._fee_day, self._fees = day, Decimal(0)
        self._fees += execution.fees


def _end(order: Order) -> float:
    return order.terminal_at.timestamp() if order.terminal_at is not None else 0.0
