"""What an order can take from the book now, and when a stop wakes. Pure: an order, quotes, and nothing else."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from paper.market.quote import Quote
from paper.trading.orders import Leg, Order

_GRAIN = Decimal("0.0001")


class Take(NamedTuple):
    """So many units of an order, at these prices leg by leg."""

    units: int
    prices: tuple[Decimal, ...]


def marketable(
    order: Order, quotes: Sequence[Quote | None], lot: int | None = None, *, resting: bool = False
) -> Take | None:
    """What `order` trades at the far quotes: never worse than its limit, never more than is displayed there.

    A `resting` limit order gets its own price: the others come to it, not it to them. `lot` bounds the units of this
    one execution. None when nothing can be traded.
    """
    offers = [_offer(leg, quote) for leg, quote in zip(order.legs, quotes, strict=True)]
    taken = [offer for offer in offers if offer is not None]
    if len(taken) < len(order.legs):
        return None
    prices = tuple(price for price, _ in taken)
    if not _within_limit(order, prices):
        return None
    units = order.units
    shown = min(size * units // leg.quantity for leg, (_, size) in zip(order.legs, taken, strict=True))
    quantity = min(order.leaves, shown, lot or order.leaves)
    if quantity <= 0:
        return None
    return Take(quantity, at_the_limit(order, prices) if resting else prices)


def wakes(order: Order, quote: Quote | None) -> bool:
    """Whether the market has reached a stop's trigger: the bid has come down to a sell's, the ask up to a buy's.

    The broker's documents don't say which price counts. This is the one that hurts in a wide market.
    """
    if order.stop_trigger is None or quote is None:
        return False
    if order.legs[0].action.is_buy:
        return quote.ask is not None and quote.ask >= order.stop_trigger
    return quote.bid is not None and quote.bid <= order.stop_trigger


def net_price(legs: Sequence[Leg], prices: Sequence[Decimal], units: int) -> Decimal:
    """The credit (positive) or debit (negative) of one unit at these leg prices."""
    return sum((_signed(leg, price) / units for leg, price in zip(legs, prices, strict=True)), Decimal(0))


def at_the_limit(order: Order, prices: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The legs' prices moved, one after the other, until all of them together come to the limit; none below zero."""
    limit = order.signed_price
    if limit is None or order.price is None:
        return tuple(prices)
    if len(order.legs) == 1:
        return (order.price,)
    better, moved = net_price(order.legs, prices, order.units) - limit, []
    for leg, price in zip(order.legs, prices, strict=True):
        ratio = leg.quantity // order.units
        most = max(better / ratio, -price) if leg.action.is_buy else min(better / ratio, price)
        change = most.quantize(_GRAIN, ROUND_FLOOR)  # what can't be divided stays with the order
        better -= change * ratio
        moved.append(price + change if leg.action.is_buy else price - change)
    return tuple(moved)


def _signed(leg: Leg, price: Decimal) -> Decimal:
    return price * leg.quantity * (-1 if leg.action.is_buy else 1)


def _offer(leg: Leg, quote: Quote | None) -> tuple[Decimal, int] | None:
    return None if quote is None else quote.takeable(buying=leg.action.is_buy)


def _within_limit(order: Order, prices: Sequence[Decimal]) -> bool:
    limit = order.signed_price
    return limit is None or net_price(order.legs, prices, order.units) >= limit
