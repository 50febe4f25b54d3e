"""What happens to positions at their expiry: each once, in the order in which they came due.

An option in the money by a cent is exercised (long) or assigned (short), against the underlying's last mid. What
delivers nothing (an index option) is settled in cash, a future at its last price. A long option whose exercise would
leave the account without buying power is sold for what it is worth, as the broker's risk desk does before the close.
Assignments come before exercises: what they deliver may pay for those. They can't be refused, so an account may end up
owing. Whoever was away when a contract ended finds it settled at the prices of his return, and dated when it ended.
"""

from datetime import datetime
from decimal import Decimal

from domain.contract import InstrumentType
from paper.listings.catalogue import FUTURES
from paper.listings.instruments import Listings
from paper.market.market import Market
from paper.trading.account import Account, Position
from paper.trading.book import Book
from paper.trading.buying_power import BuyingPower
from paper.trading.deliveries import Delivery, closed_at_expiry, exercised, is_exercised, sold_out
from paper.trading.terms import Terms

_CENTS = 2


class Settlement:
    """Brings every contract that ended to its end."""

    def __init__(self, book: Book, market: Market, listings: Listings) -> None:
        self._book = book
        self._market = market
        self._listings = listings

    @property
    def _account(self) -> Account:
        return self._book.account

    def run(self, now: datetime) -> None:
        """Settle all that came due by `now`, what a delivery brought in included."""
        while due := self._due(now):
            position, terms = min(due, key=_turn)
            self._book.deliver(self._deliveries(position, terms))

    def _due(self, now: datetime) -> list[tuple[Position, Terms]]:
        return [
            (position, position.terms)
            for position in self._account.positions.values()
            if position.quantity and position.terms is not None and position.terms.settles_at <= now
        ]

    def _deliveries(self, position: Position, terms: Terms) -> list[Delivery]:
        price = self._price(position, terms)
        if terms.delivers is None or not is_exercised(terms, price):
            return [closed_at_expiry(position, terms, price)]
        lines = exercised(position, terms, terms.delivers, self._account.held(terms.delivers.symbol))
        if position.quantity > 0 and not self._can_pay(lines):
            return [sold_out(position, terms, price)]
        return lines

    def _can_pay(self, lines: list[Delivery]) -> bool:
        """Whether buying power is left after these lines, or at least no less of it than before."""
        before = BuyingPower(self._account, self._market, self._listings).available(self._book.reserved)
        sheet = self._account.copy()
        for line in lines:
            sheet.book(line, line.terms)
        after = BuyingPower(sheet, self._market, self._listings).available(self._book.reserved)
        return after >= min(before, Decimal(0))

    def _price(self, position: Position, terms: Terms) -> Decimal:
        """The last mid of what decides: of an option its underlying, of a future itself."""
        symbol = position.symbol if terms.strike is None else position.underlying
        instrument = self._listings.find(symbol)
        quote = self._market.pinned(symbol) or (None if instrument is None else self._market.quote(instrument))
        if quote is not None and quote.mid is not None:
            return quote.mid
        return self._walked(terms.product or symbol)

    def _walked(self, name: str) -> Decimal:
        """Where the simulated price stands, when nothing is quoted any more: a future's to its tick."""
        spot = Decimal(str(round(self._market.walks[name], _CENTS)))
        if name not in FUTURES:
            return spot
        tick = FUTURES[name].tick
        return round(spot / tick) * tick


def _turn(due: tuple[Position, Terms]) -> tuple[datetime, bool, bool, str]:
    """Who comes first: the earliest, options before futures, assignments before exercises."""
    position, terms = due
    is_future = position.instrument_type is InstrumentType.FUTURE
    return terms.settles_at, is_future, position.quantity > 0, position.symbol
