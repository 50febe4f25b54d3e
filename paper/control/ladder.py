"""The price ladder of one contract: the levels around the touch, what is displayed there, and our own orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from domain.frozen import Frozen
from domain.ticks import TickSchedule
from paper.control.wording import places, price_text
from paper.market.quote import Quote
from paper.trading.orders import Order

_BEYOND = 4  # ticks shown outside the touch
_BETWEEN = 5  # ticks shown inside a wide market, from either side
_OWN_LEVELS = 12  # prices of our own that are shown, however far away

Ahead = Callable[[int], int | None]  # contracts in line before an order; None when it does not stand in line


class Own(NamedTuple):
    """Our working orders at one price: contracts bid and offered, how many orders, and what stands before the first."""

    buying: int
    selling: int
    orders: int
    ahead: int | None


_NONE = Own(0, 0, 0, None)


class Level(Frozen):
    """One price; sizes are of everybody else and None away from the touch. `gap` when prices above it are left out."""

    price: str
    bid_size: int | None
    ask_size: int | None
    buying: int
    selling: int
    orders: int
    ahead: int | None
    gap: bool


class Ladder(Frozen):
    """The ladder of one contract, the highest price first."""

    symbol: str
    name: str
    levels: tuple[Level, ...]


def levels(ticks: TickSchedule, quote: Quote, own: Mapping[Decimal, Own]) -> tuple[Level, ...]:
    """The levels from the highest price down."""
    bid, ask = _price(quote.bid), _price(quote.ask)
    rows = []
    for price, text, gap in _prices(ticks, bid, ask, tuple(_nearest(own, bid, ask))):
        ours = own.get(price, _NONE)
        rows.append(
            Level(
                price=text,
                bid_size=quote.bid_size if price == bid else None,
                ask_size=quote.ask_size if price == ask else None,
                buying=ours.buying,
                selling=ours.selling,
                orders=ours.orders,
                ahead=ours.ahead,
                gap=gap,
            )
        )
    return tuple(rows)


def own_levels(working: Iterable[Order], ahead: Ahead) -> Mapping[Decimal, Own]:
    """Our resting orders by their price; a spread has no place on one contract's ladder, nor has a stop that sleeps."""
    levels: dict[Decimal, list[Order]] = {}
    for order in working:
        if order.is_displayed and order.price is not None:
            levels.setdefault(order.price, []).append(order)
    return {price: _joined(orders, ahead) for price, orders in levels.items()}


def _joined(orders: Sequence[Order], ahead: Ahead) -> Own:
    legs = [order.legs[0] for order in orders]
    return Own(
        buying=sum(leg.leaves for leg in legs if leg.action.is_buy),
        selling=sum(leg.leaves for leg in legs if not leg.action.is_buy),
        orders=len(orders),
        ahead=min((before for order in orders if (before := ahead(order.id)) is not None), default=None),
    )


def _nearest(own: Mapping[Decimal, Own], bid: Decimal | None, ask: Decimal | None) -> list[Decimal]:
    """Our prices, those closest to the market if they are many."""
    touch = [price for price in (bid, ask) if price is not None]
    middle = sum(touch, Decimal(0)) / len(touch) if touch else Decimal(0)
    return sorted(sorted(own, key=lambda price: abs(price - middle))[:_OWN_LEVELS])


@lru_cache(maxsize=512)
def _prices(
    ticks: TickSchedule, bid: Decimal | None, ask: Decimal | None, own: tuple[Decimal, ...]
) -> tuple[tuple[Decimal, str, bool], ...]:
    """The prices to show, the highest first, each with its text and whether a tick above it is left out."""
    touch = sorted(price for price in (bid, ask) if price is not None)
    shown = set(own) | set(touch)
    if touch:
        low, high = touch[0], touch[-1]
        shown |= {*_run(ticks, high, _BEYOND, up=True), *_run(ticks, low, _BEYOND, up=False)}
        inside = {*_run(ticks, low, _BETWEEN, up=True), *_run(ticks, high, _BETWEEN, up=False)}
        shown |= {price for price in inside if low < price < high}
    prices = sorted(shown, reverse=True)
    gaps = [False, *(ticks.up(price) < higher for higher, price in pairwise(prices))]
    return tuple(
        (price, price_text(price, places(ticks.at(price))), gap) for price, gap in zip(prices, gaps, strict=False)
    )


def _run(ticks: TickSchedule, start: Decimal, steps: int, *, up: bool) -> list[Decimal]:
    """The prices next to `start`, one tick apart, none at or below zero."""
    prices: list[Decimal] = []
    for _ in range(steps):
        start = ticks.up(start) if up else ticks.down(start)
        if start <= 0:
            break
        prices.append(start)
    return prices


def _price(price: Decimal | None) -> Decimal | None:
    """A side's price when it is one: neither missing, nor NaN, nor zero."""
    return price if price is not None and price.is_finite() and price > 0 else None
