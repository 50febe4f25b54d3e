"""One tradable instrument, and finding it: by order symbol, by streamer symbol, and along an option chain.

What is listed follows from the day in New York, so nothing here goes stale.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from domain.alert import OptionType
from domain.contract import InstrumentType
from domain.symbols import OptionSymbol, parse_occ
from domain.ticks import TickSchedule
from paper.clock import Clock
from paper.listings.calendar import NEW_YORK, Expiry, MarketCalendar, new_york_day, third_friday
from paper.listings.catalogue import (
    FUTURES,
    SHARE_TICKS,
    UNDERLYINGS,
    FuturesProduct,
    OptionRoot,
    Settlement,
    Underlying,
)

MONTH_CODES = "FGHJKMNQUVXZ"
_STREAMER_OPTION = re.compile(r"^\.(?P<root>[A-Z]+)(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>\d+(?:\.\d+)?)$")
_INNER_STRIKES = 25  # each side of the money, one step apart
_OUTER_STRIKES = 12  # beyond them, five steps apart
_OUTER_STEP = 5
_FUTURES_LISTED = 6
_CRUDE_DAY = 25  # crude stops three sessions before the 25th of the month before delivery
_ROOTS: dict[str, tuple[Underlying, OptionRoot]] = {
    root.symbol: (underlying, root) for underlying in UNDERLYINGS.values() for root in underlying.roots
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One listed instrument; `multiplier` turns a price into dollars. Options alone have the last five."""

    symbol: str
    streamer_symbol: str
    instrument_type: InstrumentType
    underlying: str  # of a future: its own symbol
    multiplier: Decimal
    ticks: TickSchedule
    product: str = ""  # of a future: its product code
    root: str = ""
    expiry: Expiry | None = None
    expires_at: datetime | None = None
    strike: Decimal | None = None
    option_type: OptionType | None = None


@dataclass(frozen=True, slots=True)
class FuturesMonth:
    """One listed month of a product."""

    product: FuturesProduct
    symbol: str
    streamer_symbol: str
    expires_at: datetime
    is_active: bool
    is_next: bool
    next_symbol: str  # what a position is rolled to


@dataclass(frozen=True, slots=True)
class Series:
    """The strikes of one root on one expiry."""

    underlying: Underlying
    root: OptionRoot
    expiry: Expiry
    expires_at: datetime
    strikes: tuple[Decimal, ...]

    def option(self, strike: Decimal, option_type: OptionType) -> Instrument:
        """One option of the series."""
        symbol = OptionSymbol(root=self.root.symbol, expiry=self.expiry.day, option_type=option_type, strike=strike)
        return Instrument(
            symbol=symbol.occ,
            streamer_symbol=symbol.streamer,
            instrument_type=InstrumentType.EQUITY_OPTION,
            underlying=self.underlying.symbol,
            multiplier=Decimal(100),
            ticks=self.root.ticks,
            root=self.root.symbol,
            expiry=self.expiry,
            expires_at=self.expires_at,
            strike=strike,
            option_type=option_type,
        )

    def options(self) -> Iterator[Instrument]:
        """Every option, calls before puts at each strike."""
        for strike in self.strikes:
            yield self.option(strike, OptionType.CALL)
            yield self.option(strike, OptionType.PUT)


class Listings:
    """The instruments listed today. Everything unknown is None, never an error."""

    def __init__(self, calendar: MarketCalendar, clock: Clock) -> None:
        self.calendar = calendar
        self._clock = clock
        self._day = date.min
        self._series: dict[str, dict[date, Series]] = {}
        self._months: dict[str, list[FuturesMonth]] = {}
        self._found: dict[str, Instrument | None] = {}

    @property
    def today(self) -> date:
        """The day in New York."""
        return new_york_day(self._clock())

    def find(self, symbol: str) -> Instrument | None:
        """The instrument of an order symbol (`AAPL`, `/ESZ6`, or 21 characters with their spaces)."""
        self._turn_the_day()
        if symbol not in self._found:
            self._found[symbol] = self._look_up(symbol)
        return self._found[symbol]

    def find_streamer(self, symbol: str) -> Instrument | None:
        """The instrument of a quote symbol (`AAPL`, `.SPY261218C600`, `/ESZ26:XCME`)."""
        found = _STREAMER_OPTION.match(symbol)
        if found:
            option = _option_symbol(found["root"], found["expiry"], found["right"], Decimal(found["strike"]))
            return None if option is None else self.find(option.occ)
        months = [month for code in FUTURES for month in self.months(code)]
        future = next((month for month in months if month.streamer_symbol == symbol), None)
        return self.find(future.symbol if future else symbol)

    def find_any(self, symbol: str) -> Instrument | None:
        """The instrument of either kind of symbol."""
        return self.find(symbol) or self.find_streamer(symbol)

    def chain(self, underlying: str) -> list[Series]:
        """Every series of an underlying, by root and then by expiry; empty when it has no options."""
        self._turn_the_day()
        known = UNDERLYINGS.get(underlying)
        return [series for root in known.roots for series in self._root_series(root.symbol).values()] if known else []

    def months(self, code: str) -> list[FuturesMonth]:
        """The listed months of a product, nearest first."""
        self._turn_the_day()
        if code not in self._months:
            self._months[code] = _listed_months(FUTURES[code], self.calendar, self.today)
        return self._months[code]

    def _turn_the_day(self) -> None:
        if self._day != self.today:
            self._day = self.today
            self._series.clear()
            self._months.clear()
            self._found.clear()

    def _look_up(self, symbol: str) -> Instrument | None:
        if symbol in UNDERLYINGS:
            return _share(UNDERLYINGS[symbol])
        if symbol.startswith("/"):
            return self._future(symbol)
        option = parse_occ_or_none(symbol)
        if option is None or option.root not in _ROOTS:
            return None
        series = self._root_series(option.root).get(option.expiry)
        if series is None or option.strike not in series.strikes:
            return None
        return series.option(option.strike, option.option_type)

    def _future(self, symbol: str) -> Instrument | None:
        months = [month for code in FUTURES for month in self.months(code)]
        month = next((month for month in months if month.symbol == symbol), None)
        if month is None:
            return None
        return Instrument(
            symbol=symbol,
            streamer_symbol=month.streamer_symbol,
            instrument_type=InstrumentType.FUTURE,
            underlying=symbol,
            multiplier=month.product.multiplier,
            ticks=TickSchedule.flat(str(month.product.tick)),
            product=month.product.code,
            expires_at=month.expires_at,
        )

    def _root_series(self, root_symbol: str) -> dict[date, Series]:
        if root_symbol not in self._series:
            underlying, root = _ROOTS[root_symbol]
            expiries = self.calendar.expiries(root.cadence, self.today)
            self._series[root_symbol] = {expiry.day: self._one_series(underlying, root, expiry) for expiry in expiries}
        return self._series[root_symbol]

    def _one_series(self, underlying: Underlying, root: OptionRoot, expiry: Expiry) -> Series:
        last_day = expiry.day if root.settlement is Settlement.PM else self.calendar.session_before(expiry.day)
        return Series(underlying, root, expiry, self.calendar.hours(last_day).closes_at, _strikes(underlying))


def parse_occ_or_none(symbol: str) -> OptionSymbol | None:
    """An equity option's facts; None also for a day that doesn't exist."""
    try:
        return parse_occ(symbol)
    except ValueError:
        return None


@lru_cache
def _strikes(underlying: Underlying) -> tuple[Decimal, ...]:
    step, wide = underlying.strike_step, underlying.strike_step * _OUTER_STEP
    middle = round(underlying.price / step) * step
    inner = [middle + step * offset for offset in range(-_INNER_STRIKES, _INNER_STRIKES + 1)]
    above = (inner[-1] // wide + 1) * wide
    below = -(-inner[0] // wide) * wide - wide
    outer = [edge for n in range(_OUTER_STRIKES) for edge in (above + wide * n, below - wide * n)]
    return tuple(sorted({strike for strike in (*inner, *outer) if strike > 0}))


def _share(underlying: Underlying) -> Instrument:
    return Instrument(
        symbol=underlying.symbol,
        streamer_symbol=underlying.symbol,
        instrument_type=InstrumentType.EQUITY,
        underlying=underlying.symbol,
        multiplier=Decimal(1),
        ticks=SHARE_TICKS,
    )


def _option_symbol(root: str, expiry: str, right: str, strike: Decimal) -> OptionSymbol | None:
    return parse_occ_or_none(f"{root:<6}{expiry}{right}{int(strike * 1000):08d}")


def _listed_months(product: FuturesProduct, calendar: MarketCalendar, today: date) -> list[FuturesMonth]:
    ends: list[tuple[str, datetime]] = []
    year, month = today.year, today.month
    while len(ends) < _FUTURES_LISTED:
        code = MONTH_CODES[month - 1]
        expires_at = _future_expiry(product, calendar, year, month)
        if code in product.months and new_york_day(expires_at) >= today:
            ends.append((f"{code}{year % 100:02d}", expires_at))
        year, month = year + month // 12, month % 12 + 1
    active = next(n for n, (_, expires_at) in enumerate(ends) if new_york_day(expires_at) - product.roll > today)
    symbols = [f"/{product.code}{month[0]}{month[-1]}" for month, _ in ends]
    return [
        FuturesMonth(
            product=product,
            symbol=symbols[n],
            streamer_symbol=f"/{product.code}{month_year}:{product.venue}",
            expires_at=expires_at,
            is_active=n == active,
            is_next=n == active + 1,
            next_symbol=symbols[min(n + 1, len(symbols) - 1)],
        )
        for n, (month_year, expires_at) in enumerate(ends)
    ]


def _future_expiry(product: FuturesProduct, calendar: MarketCalendar, year: int, month: int) -> datetime:
    """Index futures end on the third Friday at the open; crude three sessions before the 25th of the month before."""
    if product.code != "CL":
        return datetime.combine(third_friday(year, month), time(9, 30), NEW_YORK).astimezone(UTC)
    day = date(year, month, 1) - timedelta(days=1)
    day = day.replace(day=_CRUDE_DAY)
    for _ in range(3):
        day = calendar.session_before(day)
    return datetime.combine(day, time(14, 30), NEW_YORK).astimezone(UTC)
