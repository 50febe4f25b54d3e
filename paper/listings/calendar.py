"""The trading days: sessions, holidays, half days, and the expiries that follow from them.

Days and hours are those of the New York Stock Exchange (exchange_calendars, XNYS).
"""

import warnings
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import exchange_calendars

NEW_YORK = ZoneInfo("America/New_York")
FUTURES_OPEN = time(18)  # New York, the evening before
_FUTURES_CLOSE, _FUTURES_EARLY = time(17), time(13)
_FRIDAY = 4
_SATURDAY = 5
_HORIZON = timedelta(days=1500)  # two years beyond the last listed expiry, for an exchange that isn't restarted
_WEEKLY_SERIES = 8
_DAILY_SERIES = 10
_MONTHLY_SERIES = 13
_MONTH_END_SERIES = 6
_QUARTER = 3  # months
_GOOD_FRIDAYS = (date(2000, 3, 19), date(2000, 4, 24))  # Good Friday lies between these days, whatever the year


class Cadence(StrEnum):
    """How often an option root has an expiry."""

    MONTHLY = "monthly"
    WEEKLY = "weekly"  # each Friday, and the months
    DAILY = "daily"  # each session, each Friday, the months, and the ends of months and quarters


class Expiry(NamedTuple):
    """One expiry of a chain; `kind` is the broker's word: Regular, Weekly, Quarterly or End-Of-Month."""

    day: date
    kind: str


class Hours(NamedTuple):
    """One session: its day, and when it opens and closes (aware, UTC)."""

    day: date
    opens_at: datetime
    closes_at: datetime


class MarketCalendar:
    """The sessions from a year before `today` to well after the last listed expiry."""

    def __init__(self, today: date) -> None:
        self._first = today - timedelta(days=370)
        self._last = today + _HORIZON
        self._xnys = _new_york_stock_exchange(self._first, self._last)
        self._sessions = [stamp.date() for stamp in self._xnys.sessions]
        self._session_set = frozenset(self._sessions)
        self._hours: dict[date, Hours] = {}
        half_days = {stamp.date() for stamp in self._xnys.early_closes}
        holidays = {day for day in _days(self._first, self._last) if day.weekday() < _SATURDAY} - self._session_set
        self._futures_shut = frozenset(day for day in holidays if _shuts_futures(day))
        self._futures_early = frozenset(holidays - self._futures_shut | half_days)

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on that day."""
        return day in self._session_set

    def hours(self, day: date) -> Hours:
        """The hours of a session; ValueError when `day` is none."""
        if not self.is_session(day):
            raise ValueError(f"no session on {day}")
        if day not in self._hours:
            opens, closes = self._xnys.session_open(str(day)), self._xnys.session_close(str(day))
            utc = [stamp.to_pydatetime().astimezone(UTC) for stamp in (opens, closes)]
            self._hours[day] = Hours(day, utc[0], utc[1])
        return self._hours[day]

    def session_on_or_before(self, day: date) -> date:
        """`day`, or the last session before it."""
        while not self.is_session(day):
            day -= timedelta(days=1)
        return day

    def session_on_or_after(self, day: date) -> date:
        """`day`, or the first session after it."""
        while not self.is_session(day):
            day += timedelta(days=1)
        return day

    def session_before(self, day: date) -> date:
        """The last session before `day`."""
        return self.session_on_or_before(day - timedelta(days=1))

    def session_after(self, day: date) -> date:
        """The first session after `day`."""
        return self.session_on_or_after(day + timedelta(days=1))

    def sessions_back(self, day: date, count: int) -> date:
        """The session `count` sessions before `day`, which need not be one."""
        for _ in range(count):
            day = self.session_before(day)
        return day

    def month_end(self, year: int, month: int) -> date:
        """The last session of a month."""
        return self.session_on_or_before(date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))

    def is_open(self, at: datetime) -> bool:
        """Whether regular trading goes on at that moment."""
        day = at.astimezone(NEW_YORK).date()
        if not self.is_session(day):
            return False
        hours = self.hours(day)
        return hours.opens_at <= at < hours.closes_at

    def holidays(self, year: int) -> list[date]:
        """The weekdays of a year without a session, as far as the calendar reaches."""
        days = _days(max(date(year, 1, 1), self._first), min(date(year, 12, 31), self._last))
        return [day for day in days if day.weekday() < _SATURDAY and not self.is_session(day)]

    def half_days(self, year: int) -> list[date]:
        """The sessions of a year that close early."""
        return [stamp.date() for stamp in self._xnys.early_closes if stamp.year == year]

    def futures_holidays(self, year: int) -> list[date]:
        """The weekdays on which the futures exchange stays shut: New Year, Good Friday and Christmas."""
        return sorted(day for day in self._futures_shut if day.year == year)

    def futures_half_days(self, year: int) -> list[date]:
        """The days on which it closes early: the stock exchange's other holidays, and its half days."""
        return sorted(day for day in self._futures_early if day.year == year)

    def futures_close(self, day: date) -> time | None:
        """When the trading day of futures that began the evening before ends, in New York; None when there is none."""
        if day.weekday() >= _SATURDAY or day in self._futures_shut:
            return None
        return _FUTURES_EARLY if day in self._futures_early else _FUTURES_CLOSE

    def futures_hours(self, day: date) -> Hours | None:
        """The trading day of futures, from the evening before; None when there is none."""
        close = self.futures_close(day)
        if close is None:
            return None
        ends = [(day - timedelta(days=1), FUTURES_OPEN), (day, close)]
        return Hours(day, *(datetime.combine(at, clock, NEW_YORK).astimezone(UTC) for at, clock in ends))

    def expiries(self, cadence: Cadence, today: date) -> list[Expiry]:
        """The listed expiries from `today` on, in order."""
        kinds: dict[date, str] = {}
        if cadence is Cadence.DAILY:
            kinds |= dict.fromkeys(self.next_sessions(today, _DAILY_SERIES), "Weekly")
        if cadence is not Cadence.MONTHLY:
            kinds |= dict.fromkeys(self.fridays(today, _WEEKLY_SERIES), "Weekly")
        kinds |= dict.fromkeys(self._monthlies(today), "Regular")
        if cadence is Cadence.DAILY:
            kinds |= self._month_ends(today)
        return [Expiry(day, kinds[day]) for day in sorted(kinds) if day >= today]

    def _monthlies(self, today: date) -> list[date]:
        return [
            self.session_on_or_before(third_friday(year, month))
            for year, month in months_from(today.year, today.month, _MONTHLY_SERIES)
        ]

    def _month_ends(self, today: date) -> dict[date, str]:
        return {
            self.month_end(year, month): "End-Of-Month" if month % _QUARTER else "Quarterly"
            for year, month in months_from(today.year, today.month, _MONTH_END_SERIES)
        }

    def fridays(self, today: date, count: int) -> list[date]:
        """When each of the next weeks' options expire: on Friday, or on the session before it when that is a holiday.

        The first may lie before `today`.
        """
        first = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
        return [self.session_on_or_before(first + timedelta(weeks=week)) for week in range(count)]

    def next_sessions(self, today: date, count: int) -> list[date]:
        """The next sessions, `today` included if it is one."""
        days = [self.session_on_or_after(today)]
        while len(days) < count:
            days.append(self.session_after(days[-1]))
        return days


def third_friday(year: int, month: int) -> date:
    """The third Friday of a month, holiday or not."""
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


def months_from(year: int, month: int, count: int) -> list[tuple[int, int]]:
    """`count` months as (year, month), the given one first."""
    return [(year + (month - 1 + ahead) // 12, (month - 1 + ahead) % 12 + 1) for ahead in range(count)]


def new_york_day(at: datetime) -> date:
    """The calendar day in New York, which is the broker's day."""
    return at.astimezone(NEW_YORK).date()


def _new_york_stock_exchange(first: date, last: date) -> Any:
    with warnings.catch_warnings():
        # exchange_calendars 4.13 uses what pandas 3.1 deprecates; nothing that we could change.
        warnings.filterwarnings("ignore", message="Series.values", category=DeprecationWarning)
        return exchange_calendars.get_calendar("XNYS", start=str(first), end=str(last))


def _shuts_futures(holiday: date) -> bool:
    """Whether a holiday of the stock exchange is one of the futures exchange's three."""
    earliest, latest = (day.replace(year=holiday.year) for day in _GOOD_FRIDAYS)
    is_good_friday = holiday.weekday() == _FRIDAY and earliest <= holiday <= latest
    is_new_year = (holiday.month, holiday.day) in ((1, 1), (1, 2), (12, 31))
    return is_good_friday or is_new_year or (holiday.month == 12 and 24 <= holiday.day <= 26)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
