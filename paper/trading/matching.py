"""What an order can take from the book now. Pure: an order, the quotes of its legs, and nothing else."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from paper.market.quote import Quote
from paper.trading.orders import Leg, Order


class Take(NamedTuple):
    """So many units of an order, at these prices leg by leg."""

    units: int
    prices: tuple[Decimal, ...]


def marketable(order: Order, quotes: Sequence[Quote | None], lot: int | None = None) -> Take | None:
    """What `order` takes at the far quotes: never worse than its limit, never more than is displayed there.

    `lot` bounds the units of this one execution. None when nothing can be taken.
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
    return Take(quantity, prices) if quantity > 0 else None


def net_price(legs: Sequence[Leg], prices: Sequence[Decimal], units: int) -> Decimal:
    """The credit (positive) or debit (negative) of one unit at these leg prices."""
    return sum((_signed(leg, price) / units for leg, price in zip(legs, prices, strict=True)), Decimal(0))


def _signed(leg: Leg, price: Decimal) -> Decimal:
    return price * leg.quantity * (-1 if leg.action.is_buy else 1)


def _offer(leg: Leg, quote: Quote | None) -> tuple[Decimal, int] | None:
    return None if quote is None else quote.takeable(buying=leg.action.is_buy)


def _within_limit(order: Order, prices: Sequence[Decimal]) -> bool:
    limit = order.signed_price
    return limit is None or net_price(order.legs, prices, order.units) >= limit
