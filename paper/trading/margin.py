"""What positions tie up beyond their price: short options naked or covered, short shares, and futures.

A short option is covered by a long one of its underlying and type that expires no earlier: it then ties up no more
than the distance between the strikes. A short call is covered by its shares as well.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from domain.alert import OptionType
from domain.contract import InstrumentType
from paper.listings.catalogue import FUTURES
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from paper.market.market import Market

_ZERO = Decimal(0)
_SHORT_SHARES = Decimal("1.5")  # of the value: the proceeds and half again
_NAKED = Decimal("0.20")  # of the underlying, less what the option is out of the money
_NAKED_FLOOR = Decimal("0.10")
_NEVER = datetime.max.replace(tzinfo=UTC)


class Written(NamedTuple):
    """A short option: contracts, and the dollars that one ties up while nothing covers it."""

    strike: Decimal
    expires_at: datetime
    quantity: int
    naked: Decimal
    multiplier: Decimal


class Cover(NamedTuple):
    """What may cover short options: long ones, or (for calls) shares, which are as good as a call struck at nothing."""

    strike: Decimal
    expires_at: datetime
    quantity: int


def written_requirement(written: list[Written], covers: list[Cover], side: int) -> Decimal:
    """The dollars that short options of one underlying and type tie up; `side` is 1 for calls, -1 for puts.

    Each takes the cover that leaves it the least. Any pairing is on the safe side: it is what could at most be lost.
    """
    left = [cover.quantity for cover in covers]
    total = _ZERO
    for short in sorted(written, key=lambda option: option.strike * side):
        uncovered = short.quantity
        for width, place in _by_width(short, covers, side):
            taken = min(uncovered, left[place]) if width < short.naked else 0
            total += width * taken
            left[place] -= taken
            uncovered -= taken
        total += short.naked * uncovered
    return total


def _by_width(short: Written, covers: list[Cover], side: int) -> list[tuple[Decimal, int]]:
    """What is at risk with each cover that lasts as long as the short option, and its place; the least first.

    Among equals the least valuable comes first, so that the better ones are left for others.
    """
    found = [
        (max((cover.strike - short.strike) * side, _ZERO) * short.multiplier, place)
        for place, cover in enumerate(covers)
        if cover.expires_at >= short.expires_at
    ]
    return sorted(found, key=lambda pair: (pair[0], -covers[pair[1]].strike * side))


class Margin:
    """The requirement of any set of positions, at today's prices."""

    def __init__(self, market: Market, listings: Listings) -> None:
        self._market = market
        self._listings = listings

    def requirement(self, quantities: Mapping[str, int]) -> Decimal:
        """Dollars tied up by so much (signed) of each symbol."""
        return self.futures(quantities) + self.securities(quantities)

    def futures(self, quantities: Mapping[str, int]) -> Decimal:
        """The part that futures tie up: the same on either side."""
        return sum(
            (
                FUTURES[instrument.product].margin * abs(quantity)
                for instrument, quantity in self._known(quantities)
                if instrument.instrument_type is InstrumentType.FUTURE
            ),
            _ZERO,
        )

    def securities(self, quantities: Mapping[str, int]) -> Decimal:
        """The part that short shares and short options tie up."""
        if not any(quantity < 0 for quantity in quantities.values()):
            return _ZERO
        known = sorted(self._known(quantities), key=lambda pair: pair[0].underlying)
        return sum((self._one_underlying(list(group)) for _, group in groupby(known, lambda p: p[0].underlying)), _ZERO)

    def _known(self, quantities: Mapping[str, int]) -> Iterator[tuple[Instrument, int]]:
        for symbol, quantity in quantities.items():
            instrument = self._listings.find(symbol) if quantity else None
            if instrument is not None:
                yield instrument, quantity

    def _one_underlying(self, held: list[tuple[Instrument, int]]) -> Decimal:
        shares = sum(quantity for one, quantity in held if one.instrument_type is InstrumentType.EQUITY)
        short_shares = min(shares, 0) * -self._spot(held[0][0]) * _SHORT_SHARES if shares < 0 else _ZERO
        return short_shares + self._options(held, OptionType.CALL, shares) + self._options(held, OptionType.PUT, 0)

    def _options(self, held: list[tuple[Instrument, int]], option_type: OptionType, shares: int) -> Decimal:
        options = [(one, quantity) for one, quantity in held if one.option_type is option_type]
        written = [self._written(one, -quantity) for one, quantity in options if quantity < 0]
        covers = [Cover(_strike(one), one.expires_at or _NEVER, quantity) for one, quantity in options if quantity > 0]
        if written and shares > 0:
            covers.append(Cover(_ZERO, _NEVER, int(shares / written[0].multiplier)))
        return written_requirement(written, covers, 1 if option_type is OptionType.CALL else -1)

    def _written(self, instrument: Instrument, quantity: int) -> Written:
        expires_at = instrument.expires_at or _NEVER
        return Written(_strike(instrument), expires_at, quantity, self._naked(instrument), instrument.multiplier)

    def _naked(self, instrument: Instrument) -> Decimal:
        premium = (self._market.quote(instrument).mid or _ZERO) * instrument.multiplier
        if instrument.product:
            return FUTURES[instrument.product].margin + premium
        spot, strike = self._spot(instrument), _strike(instrument)
        side = 1 if instrument.option_type is OptionType.CALL else -1
        out_of_the_money = max((strike - spot) * side, _ZERO)
        naked = max(spot * _NAKED - out_of_the_money, spot * _NAKED_FLOOR)
        return naked * instrument.multiplier + premium

    def _spot(self, instrument: Instrument) -> Decimal:
        return Decimal(str(round(self._market.spot(instrument), 2)))


def _strike(instrument: Instrument) -> Decimal:
    return _ZERO if instrument.strike is None else instrument.strike
