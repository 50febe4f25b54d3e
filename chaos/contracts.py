"""The contracts that are traded: listed options of a few underlyings, one after the other, and an alert's words."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.alert import OptionType
from domain.symbols import plain
from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.instruments import Listings
from paper.listings.series import Instrument

PRICE = Decimal("0.75")  # of every alert: the markets are made around it
# Few: a killed worker reads each chain again, and the broker allows two a second.
_UNDERLYINGS = ("UBER", "AAPL", "AMD", "TSLA")
_SOONEST = timedelta(days=3)
_SERIES = 3
_AROUND = 10  # strikes on each side of the middle


def contracts() -> Iterator[Instrument]:
    """Contracts without end, from the beginning again after several hundred."""
    return itertools.cycle(_listed())


def alert_text(option: Instrument, quantity: int) -> str:
    """The alert for a contract, in the house format."""
    if option.strike is None or option.expiry is None or option.option_type is None:
        raise ValueError(f"{option.symbol} is no option")
    letter = option.option_type.value[0]
    return f"BTO {quantity} {option.underlying} {plain(option.strike)}{letter} {option.expiry.day:%m/%d} @ {PRICE}"


def _listed() -> list[Instrument]:
    listings = Listings(MarketCalendar(new_york_day(datetime.now(UTC))), lambda: datetime.now(UTC))
    found: list[list[Instrument]] = []
    for underlying in _UNDERLYINGS:
        later = [series for series in listings.chain(underlying) if series.expiry.day >= listings.today + _SOONEST]
        for series, kind in itertools.product(later[:_SERIES], OptionType):
            middle = len(series.strikes) // 2
            strikes = series.strikes[max(0, middle - _AROUND) : middle + _AROUND]
            found.append([series.option(strike, kind) for strike in strikes])
    # Across the underlyings in turn, so that neighbours in time are never neighbours in a chain.
    return [option for row in itertools.zip_longest(*found) for option in row if option is not None]
