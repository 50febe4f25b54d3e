"""What the account may still spend: cash, less what positions and working orders tie up.

Simple and on the safe side of the broker's own computation: long positions are paid in full, a short leg of a spread
gets no relief from the long one.
"""

from decimal import Decimal
from typing import NamedTuple

from domain.alert import OptionType
from domain.contract import InstrumentType
from paper.listings.catalogue import FUTURES
from paper.listings.instruments import Instrument, Listings
from paper.market.market import Market
from paper.trading.account import Account, Position
from paper.trading.fees import Fees, fees_for
from paper.trading.matching import net_price
from paper.trading.orders import Leg, Order

_ZERO = Decimal(0)
_SHORT_SHARES = Decimal("1.5")  # of the value: the proceeds and half again
_NAKED = Decimal("0.20")  # of the underlying, less what the option is out of the money
_NAKED_FLOOR = Decimal("0.10")


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


class BuyingPower:
    """The account's means, marked at the market's mid."""

    def __init__(self, account: Account, market: Market, listings: Listings) -> None:
        self._account = account
        self._market = market
        self._listings = listings

    def available(self, reserved: Decimal) -> Decimal:
        """Cash less margin requirements and less what is `reserved` for working orders."""
        return self._account.cash - self.requirement() - reserved

    def reservation(self, order: Order) -> Decimal:
        """What is to be set aside for the rest of a working order, dollars; nothing for one that brings money."""
        return max(-self._change(order)[0], _ZERO)

    def requirement(self, underlying: str | None = None) -> Decimal:
        """What open positions tie up: all of them, or those in one underlying."""
        held = (p for p in self._account.positions.values() if underlying in (None, p.underlying))
        return sum((self._held_margin(position) for position in held), _ZERO)

    def effect(self, order: Order, reserved: Decimal) -> Effect:
        """What placing `order` would do while so much is reserved for others."""
        change, margin, fees = self._change(order)
        return Effect(change, margin, self.available(reserved), fees)

    def mark(self, position: Position) -> Decimal:
        """The price a position is valued at; what it was traded at when it is no longer quoted."""
        instrument = self._listings.find(position.symbol)
        mid = None if instrument is None else self._market.quote(instrument).mid
        return position.average_price if mid is None else mid

    def value(self, position: Position) -> Decimal:
        """Dollars the position is worth now, signed."""
        return position.value(self.mark(position))

    def _change(self, order: Order) -> tuple[Decimal, Decimal, Fees]:
        """The change in buying power by what is left of `order`, its margin, and its fees."""
        fees, margin, share = Fees(), _ZERO, Decimal(order.leaves) / order.units
        for leg in order.legs:
            opening = self._opens(leg)
            leg_fees = fees_for(leg.instrument_type, order.underlying, leg.leaves, opening=opening)
            fees = Fees(*(a + b for a, b in zip(fees, leg_fees, strict=True)))
            margin += self._leg_margin(leg) if opening else _ZERO
        price = order.signed_price
        net = self._market_price(order) if price is None else price
        first = self._listings.find(order.legs[0].symbol)
        is_paid = first is not None and first.instrument_type is not InstrumentType.FUTURE
        multiplier = first.multiplier if first is not None and is_paid else _ZERO
        return net * order.units * share * multiplier - margin - fees.total, margin, fees

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

    def _leg_margin(self, leg: Leg) -> Decimal:
        instrument = self._listings.find(leg.symbol)
        if instrument is None or (leg.action.is_buy and instrument.instrument_type is not InstrumentType.FUTURE):
            return _ZERO
        return self._margin(instrument, leg.leaves)

    def _held_margin(self, position: Position) -> Decimal:
        instrument = self._listings.find(position.symbol)
        is_future = position.instrument_type is InstrumentType.FUTURE
        if instrument is None or position.quantity == 0 or (position.quantity > 0 and not is_future):
            return _ZERO
        return self._margin(instrument, abs(position.quantity))

    def _margin(self, instrument: Instrument, quantity: int) -> Decimal:
        """What a short position ties up (of a future: either side), dollars."""
        if instrument.instrument_type is InstrumentType.FUTURE:
            return FUTURES[instrument.product].margin * quantity
        premium = self._market.quote(instrument).mid or _ZERO
        if instrument.product:  # an option on a future ties up what its future does
            return (FUTURES[instrument.product].margin + premium * instrument.multiplier) * quantity
        spot = Decimal(str(round(self._market.spot(instrument), 2)))
        if instrument.strike is None:
            return spot * quantity * _SHORT_SHARES
        side = 1 if instrument.option_type is OptionType.CALL else -1
        out_of_the_money = max((instrument.strike - spot) * side, _ZERO)
        naked = max(spot * _NAKED - out_of_the_money, spot * _NAKED_FLOOR)
        return (naked + premium) * instrument.multiplier * quantity
