"""The trading days: sessions, holidays, half days, and the expiries that follow from them.

Days and hours are those of the New York Stock Exchange (exchange_calendars, XNYS).
"""

import warnings
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import exchange_calendars

NEW_YORK = ZoneInfo("America/New_York")
_FRIDAY = 4
_SATURDAY = 5
_HORIZON = timedelta(days=800)  # longer than the last listed expiry
_WEEKLY_SERIES = 8
_DAILY_SERIES = 10
_MONTHLY_SERIES = 13


class Cadence(StrEnum):
    """How often an option root has an expiry."""

    MONTHLY = "monthly"
    WEEKLY = "weekly"  # each Friday, and the months
    DAILY = "daily"  # each session, each Friday, and the months


class Expiry(NamedTuple):
    """One expiry of a chain; `kind` is the broker's word: Regular or Weekly."""

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

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on that day."""
        return day in self._session_set

    def hours(self, day: date) -> Hours:
        """The hours of a session; ValueError when `day` is none."""
        if not self.is_session(day):
            raise ValueError(f"no session on {day}")
        opens, closes = self._xnys.session_open(str(day)), self._xnys.session_close(str(day))
        return Hours(day, opens.to_pydatetime().astimezone(UTC), closes.to_pydatetime().astimezone(UTC))

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

    def expiries(self, cadence: Cadence, today: date) -> list[Expiry]:
        """The listed expiries from `today` on, in order; a monthly is called Regular."""
        monthlies = set(self._monthlies(today))
        days = set(monthlies)
        if cadence is not Cadence.MONTHLY:
            days |= set(self._fridays(today))
        if cadence is Cadence.DAILY:
            days |= set(self._dailies(today))
        return [Expiry(day, "Regular" if day in monthlies else "Weekly") for day in sorted(days) if day >= today]

    def _monthlies(self, today: date) -> list[date]:
        months = [(today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1)
                  for ahead in range(_MONTHLY_SERIES)]  # fmt: skip
        return [self.session_on_or_before(third_friday(year, month)) for year, month in months]

    def _fridays(self, today: date) -> list[date]:
        """Each Friday; when it is a holiday the week's options expire on the session before it."""
        first = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
        return [self.session_on_or_before(first + timedelta(weeks=week)) for week in range(_WEEKLY_SERIES)]

    def _dailies(self, today: date) -> list[date]:
        day = self.session_on_or_after(today)
        days = [day]
        while len(days) < _DAILY_SERIES:
            day = self.session_after(day)
            days.append(day)
        return days


def third_friday(year: int, month: int) -> date:
    """The third Friday of a month, holiday or not."""
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


def new_york_day(at: datetime) -> date:
    """The calendar day in New York, which is the broker's day."""
    return at.astimezone(NEW_YORK).date()


def _new_york_stock_exchange(first: date, last: date) -> Any:
    with warnings.catch_warnings():
        # exchange_calendars 4.13 uses what pandas 3.1 deprecates; nothing that we could change.
        warnings.filterwarnings("ignore", message="Series.values", category=DeprecationWarning)
        return exchange_calendars.get_calendar("XNYS", start=str(first), end=str(last))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
