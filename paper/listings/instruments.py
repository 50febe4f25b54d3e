"""Finding what is listed: by order symbol, by streamer symbol, along an option chain or the months of a future.

What is listed follows from the day in New York, so nothing here goes stale.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from domain.alert import OptionType
from domain.symbols import OptionSymbol, parse_occ
from paper.clock import Clock
from paper.listings.calendar import NEW_YORK, Expiry, MarketCalendar, new_york_day
from paper.listings.catalogue import FUTURES, UNDERLYINGS, OptionRoot, Settlement, Underlying
from paper.listings.future_options import FutureSeries, future_series, parse_order_symbol, parse_streamer_symbol
from paper.listings.futures import FuturesMonth, listed_months
from paper.listings.series import Instrument, Series, future, future_option, share
from paper.listings.strikes import strikes_around

_A_DAY = timedelta(days=1)
_STREAMER_OPTION = re.compile(r"^\.(?P<root>[A-Z]+)(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>\d+(?:\.\d+)?)$")
_ROOTS: dict[str, tuple[Underlying, OptionRoot]] = {
    root.symbol: (underlying, root) for underlying in UNDERLYINGS.values() for root in underlying.roots
}


class Listings:
    """The instruments listed today. Everything unknown is None, never an error."""

    def __init__(self, calendar: MarketCalendar, clock: Clock) -> None:
        self.calendar = calendar
        self._clock = clock
        self._day = date.min
        self._began = self._ends = datetime.min.replace(tzinfo=UTC)  # of that day
        self._series: dict[str, dict[date, Series]] = {}
        self._months: dict[str, list[FuturesMonth]] = {}
        self._futures: dict[str, FuturesMonth] = {}  # by either symbol
        self._future_series: dict[str, list[FutureSeries]] = {}
        self._contracts: dict[str, FutureSeries] = {}  # by the option's root and month
        self._found: dict[str, Instrument] = {}

    @property
    def today(self) -> date:
        """The day in New York."""
        self._turn_the_day()
        return self._day

    def find(self, symbol: str) -> Instrument | None:
        """The instrument of an order symbol: `AAPL`, `/ESZ6`, and those of options with all of their spaces."""
        self._turn_the_day()
        known = self._found.get(symbol)
        if known is None:
            known = self._look_up(symbol)
            if known is not None:
                self._found[symbol] = known  # only what is listed, so that it can't grow with what is asked for
        return known

    def has_ended(self, symbol: str) -> bool:
        """Whether it trades no more: not listed, or past its last trade on its last day."""
        instrument = self.find(symbol)
        return instrument is None or (instrument.expires_at is not None and instrument.expires_at <= self._clock())

    def find_streamer(self, symbol: str) -> Instrument | None:
        """The instrument of a quote symbol (`AAPL`, `.SPY261218C600`, `/ESZ26:XCME`)."""
        found = _STREAMER_OPTION.match(symbol)
        if found:
            occ = _option_symbol(found["root"], found["expiry"], found["right"], Decimal(found["strike"]))
            return None if occ is None else self.find(occ.occ)
        on_future = parse_streamer_symbol(symbol)
        if on_future:
            option = self._future_option(*on_future)
            return option if option is not None and option.streamer_symbol == symbol else None
        month = self.month(symbol)
        return self.find(month.symbol if month else symbol)

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
            self._months[code] = listed_months(FUTURES[code], self.calendar, self.today)
        return self._months[code]

    def month(self, symbol: str) -> FuturesMonth | None:
        """The month of a future's order or quote symbol; None when it isn't listed."""
        self._turn_the_day()
        if not self._futures:
            for month in (month for code in FUTURES for month in self.months(code)):
                self._futures[month.symbol] = self._futures[month.streamer_symbol] = month
        return self._futures.get(symbol)

    def future_chain(self, code: str) -> list[FutureSeries]:
        """Every series of options on a product's months, by expiry; empty when it has none."""
        self._turn_the_day()
        if code not in self._future_series:
            self._future_series[code] = future_series(self.months(code), self.calendar, self.today)
        return self._future_series[code]

    def series_of(self, option: Instrument) -> FutureSeries | None:
        """The series that an option on a future belongs to; None for anything else."""
        known = parse_order_symbol(option.symbol)
        return None if known is None else self._by_contract().get(known[0])

    def _turn_the_day(self) -> None:
        now = self._clock()
        if not self._began <= now < self._ends:  # every look-up asks: two comparisons, not a time zone
            self._day = new_york_day(now)
            self._began, self._ends = (
                datetime.combine(day, time(0), NEW_YORK).astimezone(UTC) for day in (self._day, self._day + _A_DAY)
            )
            for kept in (self._series, self._months, self._futures, self._future_series, self._contracts, self._found):
                kept.clear()

    def _look_up(self, symbol: str) -> Instrument | None:
        if symbol in UNDERLYINGS:
            return share(UNDERLYINGS[symbol])
        if symbol.startswith("/"):
            month = self.month(symbol)
            return None if month is None or month.symbol != symbol else future(month)
        if on_future := parse_order_symbol(symbol):
            listed = self._future_option(*on_future)
            return listed if listed is not None and listed.symbol == symbol else None
        option = parse_occ_or_none(symbol)
        if option is None or option.root not in _ROOTS:
            return None
        series = self._root_series(option.root).get(option.expiry)
        if series is None or option.strike not in series.strikes:
            return None
        return series.option(option.strike, option.option_type)

    def _future_option(self, contract: str, strike: Decimal, option_type: OptionType) -> Instrument | None:
        """The option of a contract such as EW3U6; what the rest of its symbol says is for the caller to compare."""
        series = self._by_contract().get(contract)
        return future_option(series, strike, option_type) if series and strike in series.strikes else None

    def _by_contract(self) -> dict[str, FutureSeries]:
        self._turn_the_day()
        if not self._contracts:
            chains = [self.future_chain(code) for code in FUTURES]
            self._contracts.update({series.contract: series for chain in chains for series in chain})
        return self._contracts

    def _root_series(self, root_symbol: str) -> dict[date, Series]:
        if root_symbol not in self._series:
            underlying, root = _ROOTS[root_symbol]
            expiries = self.calendar.expiries(root.cadence, self.today)
            self._series[root_symbol] = {expiry.day: self._one_series(underlying, root, expiry) for expiry in expiries}
        return self._series[root_symbol]

    def _one_series(self, underlying: Underlying, root: OptionRoot, expiry: Expiry) -> Series:
        last_day = expiry.day if root.settlement is Settlement.PM else self.calendar.session_before(expiry.day)
        return Series(
            underlying,
            root,
            expiry,
            self.calendar.hours(last_day).closes_at,
            strikes_around(underlying.price, underlying.strike_step),
        )


def parse_occ_or_none(symbol: str) -> OptionSymbol | None:
    """An equity option's facts; None also for a day that doesn't exist."""
    try:
        return parse_occ(symbol)
    except ValueError:
        return None


def _option_symbol(root: str, expiry: str, right: str, strike: Decimal) -> OptionSymbol | None:
    return parse_occ_or_none(f"{root:<6}{expiry}{right}{int(strike * 1000):08d}")
