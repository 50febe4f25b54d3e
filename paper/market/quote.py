"""One quote: a best bid and offer, what can be taken of it, and how it looks with our own orders in it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Level(NamedTuple):
    """A price, and how many contracts stand there."""

    price: Decimal
    size: int


class Interest(NamedTuple):
    """The best levels of our own resting orders in one instrument; None where there is none."""

    bid: Level | None = None
    ask: Level | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Best bid and offer of one instrument, in price units; None where a side has no price."""

    bid: Decimal | None
    ask: Decimal | None
    bid_size: int
    ask_size: int
    at: datetime

    @property
    def mid(self) -> Decimal | None:
        """Halfway, not on tick; the one side there is; None without any."""
        if self.bid is None or self.ask is None:
            return self.bid if self.ask is None else self.ask
        return (self.bid + self.ask) / 2

    def takeable(self, *, buying: bool) -> Level | None:
        """The far side's price and what is left there; None when nothing can be taken."""
        price, size = (self.ask, self.ask_size) if buying else (self.bid, self.bid_size)
        return Level(price, size) if price and size > 0 else None

    def after_taking(self, quantity: int, *, buying: bool) -> "Quote":
        """The quote once a fill took that much of it."""
        if buying:
            return replace(self, ask_size=self.ask_size - quantity)
        return replace(self, bid_size=self.bid_size - quantity)

    def joined_by(self, own: Interest) -> "Quote":
        """The quote as everybody sees it: our own resting orders are part of the market.

        An order at or through the far price is not shown: it waits for size there, and would cross the market.
        """
        shown = self
        if own.bid is not None and (self.ask is None or own.bid.price < self.ask):
            price, size = _best(self.bid, self.bid_size, own.bid, 1)
            shown = replace(shown, bid=price, bid_size=size)
        if own.ask is not None and (self.bid is None or own.ask.price > self.bid):
            price, size = _best(self.ask, self.ask_size, own.ask, -1)
            shown = replace(shown, ask=price, ask_size=size)
        return shown


def _best(price: Decimal | None, size: int, own: Level, side: int) -> tuple[Decimal, int]:
    """The better of the market's level and ours, together where they are at one price."""
    if price is None or (own.price - price) * side > 0:
        return own.price, own.size
    return price, size + own.size if own.price == price else size
