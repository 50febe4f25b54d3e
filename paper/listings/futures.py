"""The months of a futures product: their symbols, when they stop trading, and which one is the active month.

When trading stops, by the exchange's rules; a session is one of the stock exchange's:

    index     the third Friday at the open, or the session before when that is a holiday
    crude     three sessions before the 25th of the month before delivery, four when the 25th is no session
    metal     the third last session of the delivery month
    treasury  seven sessions before the last one of the delivery month

What is delivered (metals, treasuries) gives first notice on the last session of the month before, and a position is
rolled before that day; anything else is rolled before it expires.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from paper.listings.calendar import NEW_YORK, MarketCalendar, months_from, third_friday
from paper.listings.catalogue import Delivery, FuturesProduct

MONTH_CODES = "FGHJKMNQUVXZ"
_LISTED = 6
_SEARCHED = 24  # months ahead: enough for six quarters
_CRUDE_DAY = 25
_STOPS_AT = {
    Delivery.INDEX: time(9, 30),
    Delivery.CRUDE: time(14, 30),
    Delivery.METAL: time(13, 30),
    Delivery.TREASURY: time(13, 1),
}  # in New York


@dataclass(frozen=True, slots=True)
class FuturesMonth:
    """One listed month of a product."""

    product: FuturesProduct
    month: date  # the first day of the delivery month
    symbol: str
    streamer_symbol: str
    last_day: date
    expires_at: datetime
    first_notice: date | None
    is_active: bool
    is_next: bool
    next_symbol: str  # what a position is rolled to


@dataclass(frozen=True, slots=True)
class _End:
    """A delivery month and the days that matter in it."""

    month: date
    last_day: date
    first_notice: date | None

    @property
    def anchor(self) -> date:
        """The day before which positions are rolled."""
        return self.first_notice or self.last_day


def listed_months(product: FuturesProduct, calendar: MarketCalendar, today: date) -> list[FuturesMonth]:
    """The months that still trade on `today`, nearest first."""
    ends = _ends(product, calendar, today)
    active = next(n for n, end in enumerate(ends) if calendar.sessions_back(end.anchor, product.roll) >= today)
    codes = [month_code(end.month) for end in ends]
    symbols = [f"/{product.code}{code[0]}{code[-1]}" for code in codes]
    return [
        FuturesMonth(
            product=product,
            month=end.month,
            symbol=symbols[n],
            streamer_symbol=f"/{product.code}{codes[n]}:{product.venue}",
            last_day=end.last_day,
            expires_at=new_york(end.last_day, _STOPS_AT[product.delivery]),
            first_notice=end.first_notice,
            is_active=n == active,
            is_next=n == active + 1,
            next_symbol=symbols[min(n + 1, len(symbols) - 1)],
        )
        for n, end in enumerate(ends)
    ]


def month_code(month: date) -> str:
    """A delivery month as the exchange writes it, with two digits of the year: Z26."""
    return f"{MONTH_CODES[month.month - 1]}{month.year % 100:02d}"


def crude_stop(calendar: MarketCalendar, month: date, sessions: int) -> date:
    """So many sessions before the 25th of the month before delivery; one more when the 25th is no session."""
    day = (month - timedelta(days=1)).replace(day=_CRUDE_DAY)
    return calendar.sessions_back(calendar.session_on_or_before(day), sessions)


def new_york(day: date, at: time) -> datetime:
    """A time of day in New York, in UTC."""
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def _ends(product: FuturesProduct, calendar: MarketCalendar, today: date) -> list[_End]:
    """Enough of them that the active month and the next one are among them on any day."""
    ends: list[_End] = []
    for year, number in months_from(today.year, today.month, _SEARCHED):
        month = date(year, number, 1)
        last_day = _last_day(product.delivery, calendar, month) if MONTH_CODES[number - 1] in product.months else None
        if last_day is not None and last_day >= today and len(ends) < _LISTED:
            ends.append(_End(month, last_day, _first_notice(product, calendar, month)))
    return ends


def _last_day(delivery: Delivery, calendar: MarketCalendar, month: date) -> date:
    if delivery is Delivery.INDEX:
        return calendar.session_on_or_before(third_friday(month.year, month.month))
    if delivery is Delivery.CRUDE:
        return crude_stop(calendar, month, sessions=3)
    end = calendar.month_end(month.year, month.month)
    return calendar.sessions_back(end, 2 if delivery is Delivery.METAL else 7)


def _first_notice(product: FuturesProduct, calendar: MarketCalendar, month: date) -> date | None:
    return calendar.session_before(month) if product.has_first_notice else None
