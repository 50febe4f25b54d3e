"""The queue at a price, and the flow of other people's orders that works it off.

A resting order trades in two ways: the market comes to it (matching), or somebody who wants out takes its price
although it is not the far quote. The more edge it gives away, the more people take it; whoever stood there before goes
first.

Arrivals fall off exponentially with the distance from the mid, as in Avellaneda and Stoikov, "High-frequency trading in
a limit order book" (Quantitative Finance 8, 2008). Floats throughout: these are the simulated market's opinions.
"""

import math
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from domain.contract import InstrumentType
from paper.market.quote import Quote
from paper.trading.orders import Order

_STEEPNESS = 1.2  # per half spread: an order at the bid meets a third of what one at the mid meets
_MOST_EDGE = 1.0  # half spreads: beyond the far quote it is marketable, and no matter of waiting
_GIVE_UP = 120.0  # seconds in which those who stand before lose patience, on average
_MOST_ARRIVALS = 50  # in one step of the market


class Flow(NamedTuple):
    """Orders of others that take a price at the mid: how many a second, and contracts in each, on average."""

    rate: float
    size: float


class Trade(NamedTuple):
    """Somebody took `units` of a resting order."""

    order: Order
    units: int


_SHARES = Flow(rate=0.5, size=200)
_OPTIONS = Flow(rate=0.05, size=6)
_FUTURES = Flow(rate=1.0, size=8)


def flow_in(instrument_type: InstrumentType) -> Flow:
    """How busy such an instrument is."""
    if instrument_type is InstrumentType.EQUITY:
        return _SHARES
    return _OPTIONS if instrument_type.value.endswith("Option") else _FUTURES


def arrival_rate(flow: Flow, quote: Quote, price: Decimal, *, buying: bool) -> float:
    """How many a second take an order that rests at `price`; none where the market has not two sides."""
    if quote.bid is None or quote.ask is None or quote.ask <= quote.bid:
        return 0.0
    middle, half = (quote.bid + quote.ask) / 2, (quote.ask - quote.bid) / 2
    edge = float((price - middle) / half) * (1 if buying else -1)
    return flow.rate * math.exp(_STEEPNESS * min(edge, _MOST_EDGE))


def standing_before(quote: Quote, price: Decimal, tick: Decimal, *, buying: bool) -> int:
    """Contracts that trade before a new order at `price`: nobody when it is the best, all of them when it is behind."""
    best, size = (quote.bid, quote.bid_size) if buying else (quote.ask, quote.ask_size)
    if best is None:
        return 0
    behind = (best - price if buying else price - best) / tick
    return 0 if behind < 0 else size * (1 + int(behind))


class Queue:
    """Where each resting order stands. The same seed and the same orders give the same trades."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice: dict[str, random.Random] = {}
        self._ahead: dict[int, float] = {}

    def ahead(self, order_id: int) -> int | None:
        """Contracts before an order at its price; None when it does not stand in line."""
        ahead = self._ahead.get(order_id)
        return None if ahead is None else math.ceil(ahead)

    def join(self, order: Order, quote: Quote, tick: Decimal) -> None:
        """Stand in line behind everybody who is there already."""
        if order.price is not None:
            buying = order.legs[0].action.is_buy
            self._ahead[order.id] = standing_before(quote, order.price, tick, buying=buying)

    def leave(self, order_id: int) -> None:
        """It stands in line no more."""
        self._ahead.pop(order_id, None)

    def pass_time(self, symbol: str, orders: Sequence[Order], quote: Quote, flow: Flow, seconds: float) -> list[Trade]:
        """What others take of these orders in `seconds`; orders at one price stand in their own order."""
        taken: list[Trade] = []
        for buying in (True, False):
            here = [order for order in orders if order.id in self._ahead and order.legs[0].action.is_buy == buying]
            for price in sorted({order.price for order in here if order.price is not None}, reverse=buying):
                line = [order for order in here if order.price == price]
                self._move_up(line, quote, price, seconds, buying=buying)
                rate = arrival_rate(flow, quote, price, buying=buying)
                for size in self._arrivals(symbol, rate, flow.size, seconds):
                    taken += self._serve(line, size)
        return _summed(taken)

    def _move_up(self, line: Sequence[Order], quote: Quote, price: Decimal, seconds: float, *, buying: bool) -> None:
        best = quote.bid if buying else quote.ask
        is_best = best is None or (price > best if buying else price < best)
        patience = math.exp(-seconds / _GIVE_UP)
        for order in line:
            self._ahead[order.id] = 0.0 if is_best else self._ahead[order.id] * patience

    def _arrivals(self, symbol: str, rate: float, size: float, seconds: float) -> Iterator[int]:
        if rate <= 0:
            return
        dice = self._dice.setdefault(symbol, random.Random(f"{self._seed}/{symbol}/flow"))  # noqa: S311
        at = dice.expovariate(rate)
        for _ in range(_MOST_ARRIVALS):
            if at > seconds:
                return
            yield 1 + int(dice.expovariate(1 / size))
            at += dice.expovariate(rate)

    def _serve(self, line: Sequence[Order], size: int) -> Iterator[Trade]:
        """One arrival works through the line: first what stands before each order, then the order."""
        passed = 0.0  # what of this arrival went to those before: they stand before every later order, too
        for order in line:
            before = max(self._ahead[order.id] - passed, 0.0)
            step = min(before, size)
            passed += step
            size -= math.ceil(step)
            self._ahead[order.id] = before - step
            units = min(size, order.leaves)
            if units > 0:
                yield Trade(order, units)
                size -= units


def _summed(taken: Sequence[Trade]) -> list[Trade]:
    """One trade an order, never more than it has left."""
    units: dict[int, int] = {}
    for trade in taken:
        units[trade.order.id] = units.get(trade.order.id, 0) + trade.units
    orders = {trade.order.id: trade.order for trade in taken}
    return [Trade(order, min(units[order_id], order.leaves)) for order_id, order in orders.items()]
