"""What the account may still spend: cash, less what positions and working orders tie up.

Long options and shares are paid in full, short options as paper.trading.margin has it. An order is judged by what the
account would look like after it, beside the older orders in its underlying that go the same way.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_UP, Decimal
from typing import NamedTuple

from domain.contract import InstrumentType
from paper.listings.instruments import Listings
from paper.market.market import Market
from paper.trading.account import Account, Position
from paper.trading.fees import Fees, fees_for
from paper.trading.margin import Margin
from paper.trading.matching import net_price
from paper.trading.orders import Leg, Order

_ZERO = Decimal(0)
_GRAIN = Decimal("0.0001")
Claims = Mapping[str, int]
_NOTHING: Claims = {}


class Effect(NamedTuple):
    """What an order would do. Dollars: `change` is negative when it uses buying power, fees included."""

    change: Decimal
    margin: Decimal
    current: Decimal
    fees: Fees

    @property
    def after(self) -> Decimal:
        """What would be left."""
        return self.current + self.change


def claims_of(order: Order) -> dict[str, int]:
    """What the rest of an order adds to the positions: contracts by symbol, signed."""
    return {leg.symbol: leg.leaves if leg.action.is_buy else -leg.leaves for leg in order.legs}


class BuyingPower:
    """The account's means, marked at the market's mid."""

    def __init__(self, account: Account, market: Market, listings: Listings) -> None:
        self._account = account
        self._market = market
        self._listings = listings
        self._margin = Margin(market, listings)

    def available(self, reserved: Decimal) -> Decimal:
        """Cash and what open futures gained, less margin requirements and what is `reserved` for working orders."""
        return self._account.cash + self._open_gains() - self.requirement() - reserved

    def reservation(self, order: Order, beside: Claims = _NOTHING) -> Decimal:
        """What is to be set aside for the rest of a working order, dollars; nothing for one that brings money.

        `beside` is what the orders claim that go its way.
        """
        needed = -self._change(order, beside, None)[0]
        return needed.quantize(_GRAIN, ROUND_UP) if needed > 0 else _ZERO

    def requirement(self, underlying: str | None = None) -> Decimal:
        """What open positions tie up: all of them, or those in one underlying."""
        return self._margin.requirement(self._held(underlying))

    def futures_requirement(self) -> Decimal:
        """The part of it that futures tie up."""
        return self._margin.futures(self._held())

    def effect(self, order: Order, reserved: Decimal, beside: Claims = _NOTHING, after: Order | None = None) -> Effect:
        """What placing `order` would do while so much is reserved for others.

        `beside` is what those of them that go its way claim, `after` the order whose fill it waits for.
        """
        change, margin, fees = self._change(order, beside, after)
        return Effect(change, margin, self.available(reserved), fees)

    def ties_margin(self, order: Order) -> bool:
        """Whether the rest of an order may tie up, or set free, more than its price."""
        return (
            order.sells
            or order.legs[0].instrument_type is InstrumentType.FUTURE
            or any(quantity < 0 for quantity in self._held(order.underlying).values())
        )

    def mark(self, position: Position) -> Decimal:
        """The price a position is valued at; what it was traded at when it is no longer quoted."""
        instrument = self._listings.find(position.symbol)
        mid = None if instrument is None else self._market.quote(instrument).mid
        return position.average_price if mid is None else mid

    def value(self, position: Position) -> Decimal:
        """Dollars the position is worth now, signed."""
        return position.value(self.mark(position))

    def _change(self, order: Order, beside: Claims, after: Order | None) -> tuple[Decimal, Decimal, Fees]:
        """The change in buying power by what is left of `order`, its margin, and its fees."""
        fees, margin = self._fees(order), self._margin_of(order, beside, after)
        price = order.signed_price
        net = self._market_price(order) if price is None else price
        first = self._listings.find(order.legs[0].symbol)
        is_paid = first is not None and first.instrument_type is not InstrumentType.FUTURE
        multiplier = first.multiplier if first is not None and is_paid else _ZERO
        return net * order.leaves * multiplier - margin - fees.total, margin, fees

    def _open_gains(self) -> Decimal:
        """Of futures, which are settled in cash each day: what they gained or lost is as good as paid."""
        futures = (p for p in self._account.positions.values() if p.instrument_type is InstrumentType.FUTURE)
        return sum((self.value(position) for position in futures), _ZERO)

    def _fees(self, order: Order) -> Fees:
        fees = Fees()
        for leg in order.legs:
            leg_fees = fees_for(leg.instrument_type, order.underlying, leg.leaves, opening=self._opens(leg))
            fees = Fees(*(a + b for a, b in zip(fees, leg_fees, strict=True)))
        return fees

    def _margin_of(self, order: Order, beside: Claims, after: Order | None) -> Decimal:
        """What the order adds to the requirement; negative when it sets something free.

        Nobody knows which orders are filled first: it counts what is worse, all of those beside it before it, or none.
        """
        if not self.ties_margin(order):
            return _ZERO
        alone = Counter(self._held(order.underlying))
        alone.update({} if after is None else claims_of(after))
        last = alone.copy()
        last.update(beside)
        return max(self._added(order, alone), self._added(order, last))

    def _added(self, order: Order, before: Counter[str]) -> Decimal:
        then = before.copy()
        then.update(claims_of(order))
        return self._margin.requirement(then) - self._margin.requirement(before)

    def _held(self, underlying: str | None = None) -> dict[str, int]:
        positions = self._account.positions.items()
        return {
            symbol: position.quantity
            for symbol, position in positions
            if underlying is None or position.underlying == underlying
        }

    def _opens(self, leg: Leg) -> bool:
        if leg.action.is_opening or leg.action.is_closing:
            return leg.action.is_opening
        return not self._account.can_close(leg.symbol, leg.action, leg.leaves)

    def _market_price(self, order: Order) -> Decimal:
        prices = []
        for leg in order.legs:
            instrument = self._listings.find(leg.symbol)
            quote = None if instrument is None else self._market.quote(instrument)
            offer = None if quote is None else quote.takeable(buying=leg.action.is_buy)
            prices.append(offer[0] if offer else ((quote.mid if quote else None) or _ZERO))
        return net_price(order.legs, prices, order.units)
