"""Options on futures: their roots, when they expire, which future they deliver, and their two symbols.

    ./ESZ6 EW3U6 260918C9100     the future, padded to 6, the option's root and month, padded to 6, day, right, strike
    ./EW3U26C9100:XCME           the same option on the quote stream

On the S&P 500: ES on the quarterly third Friday at the open; EW1 to EW4 on Fridays, E1A to E5A on Mondays (B, C, D to
Thursday) and EW on the last session of a month, at the close. One of them a day, the end of the month before the week.
On crude: LO, six sessions before the 25th of the month before delivery (seven when the 25th is no session).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from domain.alert import OptionType
from domain.symbols import plain
from paper.listings.calendar import Expiry, MarketCalendar, months_from, third_friday
from paper.listings.catalogue import Settlement
from paper.listings.futures import MONTH_CODES, FuturesMonth, crude_stop, month_code, new_york
from paper.listings.strikes import strikes_around

OPTION_FUTURES = {
    "ES": Decimal(5),
    "CL": Decimal("0.5"),
}  # the products that have options, and the step of their strikes
INDEX_ROOTS = (
    *(f"E{week}{letter}" for letter in "ABCD" for week in range(1, 6)),
    *(f"EW{week}" for week in range(1, 5)),
    "EW",
    "ES",
)
ROOTS = {"ES": INDEX_ROOTS, "CL": ("LO",)}
_ORDER = re.compile(r"^\./(?P<future>\S{1,5}) +(?P<contract>\S{1,6}) +(?P<day>\d{6})(?P<right>[CP])(?P<strike>[\d.]+)$")
_STREAMER = re.compile(
    r"^\./(?P<root>[A-Z0-9]+?)(?P<month>[FGHJKMNQUVXZ])(?P<year>\d{2})(?P<right>[CP])(?P<strike>[\d.]+):(?P<venue>\w+)$"
)
_SERIES_OF_SESSIONS = 10
_SERIES_OF_FRIDAYS = 6
_SERIES_OF_MONTH_ENDS = 4
_QUARTERLY = "HMUZ"
_THURSDAY = 3
_AM = time(9, 30)
_CRUDE = time(14, 30)


@dataclass(frozen=True, slots=True)
class _Listing:
    """One expiry before it is known which future it delivers. `month` is its own: code and two digits of the year."""

    root: str
    month: str
    expiry: Expiry
    expires_at: datetime
    settlement: Settlement = Settlement.PM


@dataclass(frozen=True, slots=True)
class FutureSeries:
    """The strikes of one root on one expiry."""

    future: FuturesMonth
    root: str
    month: str  # code and two digits of the year
    expiry: Expiry
    expires_at: datetime
    settlement: Settlement
    strikes: tuple[Decimal, ...]

    @property
    def contract(self) -> str:
        """The option's root and month, e.g. EW3U6."""
        return f"{self.root}{self.month[0]}{self.month[-1]}"

    def symbol(self, strike: Decimal, option_type: OptionType) -> str:
        """The order symbol of one option."""
        underlying = f"{self.future.symbol:<6}{self.contract:<6}"
        return f".{underlying}{self.expiry.day:%y%m%d}{_right(option_type)}{plain(strike)}"

    def streamer_symbol(self, strike: Decimal, option_type: OptionType) -> str:
        """The quote symbol of one option."""
        return f"./{self.root}{self.month}{_right(option_type)}{plain(strike)}:{self.future.product.venue}"


def future_series(months: list[FuturesMonth], calendar: MarketCalendar, today: date) -> list[FutureSeries]:
    """Every series on a product's listed months, by expiry; empty for a product without options.

    An option delivers the first month that still trades after it: on a quarterly Friday that is the next one.
    """
    code = months[0].product.code
    if code not in OPTION_FUTURES:
        return []
    strikes = strikes_around(months[0].product.price, OPTION_FUTURES[code])
    listings = _index_listings(calendar, today) if code == "ES" else _crude_listings(months, calendar, today)
    found = []
    for listing in sorted(listings, key=lambda listing: (listing.expires_at, listing.root)):
        future = _delivered(months, listing)
        found.append(
            FutureSeries(
                future, listing.root, listing.month, listing.expiry, listing.expires_at, listing.settlement, strikes
            )
        )
    return found


def parse_order_symbol(symbol: str) -> tuple[str, Decimal, OptionType] | None:
    """Contract, strike and right of an order symbol; None when it isn't one."""
    found = _ORDER.match(symbol)
    return None if found is None else _facts(found["contract"], found["strike"], found["right"])


def parse_streamer_symbol(symbol: str) -> tuple[str, Decimal, OptionType] | None:
    """Contract, strike and right of a quote symbol; None when it isn't one."""
    found = _STREAMER.match(symbol)
    return (
        None
        if found is None
        else _facts(f"{found['root']}{found['month']}{found['year'][-1]}", found["strike"], found["right"])
    )


def _facts(contract: str, strike: str, right: str) -> tuple[str, Decimal, OptionType] | None:
    if strike.count(".") > 1 or strike == ".":
        return None
    return contract, Decimal(strike), OptionType.CALL if right == "C" else OptionType.PUT


def _delivered(months: list[FuturesMonth], listing: _Listing) -> FuturesMonth:
    """The quarterly is settled with its own month; whatever expires later than a month's last trade gets the next."""
    if listing.settlement is Settlement.AM:
        return next(month for month in months if month.last_day == listing.expiry.day)
    return next(month for month in months if month.last_day > listing.expiry.day)


def _index_listings(calendar: MarketCalendar, today: date) -> Iterator[_Listing]:
    days = {
        *calendar.next_sessions(today, _SERIES_OF_SESSIONS),
        *calendar.fridays(today, _SERIES_OF_FRIDAYS),
        *(calendar.month_end(*month) for month in months_from(today.year, today.month, _SERIES_OF_MONTH_ENDS)),
    }
    for day in days:
        if day >= today:
            yield _session_listing(calendar, day)
    for year, month in months_from(today.year, today.month, 12):
        day = calendar.session_on_or_before(third_friday(year, month))
        if MONTH_CODES[month - 1] in _QUARTERLY and day >= today:
            yield _Listing("ES", month_code(day), Expiry(day, "Regular"), new_york(day, _AM), Settlement.AM)


def _session_listing(calendar: MarketCalendar, day: date) -> _Listing:
    root, kind = _root_of(calendar, day)
    return _Listing(root, month_code(day), Expiry(day, kind), calendar.hours(day).closes_at)


def _root_of(calendar: MarketCalendar, day: date) -> tuple[str, str]:
    if day == calendar.month_end(day.year, day.month):
        return "EW", "End-Of-Month"
    tomorrow = day + timedelta(days=1)
    if day.weekday() == _THURSDAY and not calendar.is_session(tomorrow):
        return f"EW{_week(tomorrow)}", "Weekly"  # Friday is a holiday: its options expire today
    return (f"EW{_week(day)}" if day.weekday() > _THURSDAY else f"E{_week(day)}{'ABCD'[day.weekday()]}"), "Weekly"


def _week(day: date) -> int:
    """Which one of its month's Mondays, Tuesdays... a day is."""
    return (day.day - 1) // 7 + 1


def _crude_listings(months: list[FuturesMonth], calendar: MarketCalendar, today: date) -> Iterator[_Listing]:
    for month in months:
        day = crude_stop(calendar, month.month, sessions=6)
        if day >= today:
            yield _Listing("LO", month_code(month.month), Expiry(day, "Regular"), new_york(day, _CRUDE))


def _right(option_type: OptionType) -> str:
    return "C" if option_type is OptionType.CALL else "P"
