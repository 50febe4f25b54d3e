"""Whether a market is open: by the calendar, or as the control plane says.

Index options' curb and overnight hours are not modelled.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.contract import InstrumentType
from paper.clock import Clock
from paper.listings.calendar import FUTURES_OPEN, NEW_YORK, MarketCalendar, new_york_day
from paper.settings import SessionMode

_FRIDAY, _SUNDAY = 4, 6
_NIGHT = time(20)  # New York: when the week of round-the-clock share trading begins and ends
_PRE_MARKET = timedelta(hours=2, minutes=30)
_AFTER_HOURS = timedelta(hours=4)


class Hours(StrEnum):
    """When things trade. The last two are for shares whose order says so."""

    REGULAR = "regular"  # shares and options on them
    FUTURES = "futures"  # and options on them
    EXTENDED = "extended"
    ROUND_THE_CLOCK = "round the clock"

    @classmethod
    def of(cls, instrument_type: InstrumentType) -> "Hours":
        """The hours of an ordinary order in such an instrument."""
        return cls.FUTURES if instrument_type.value.startswith("Future") else cls.REGULAR


class Sessions:
    """The session states. A driven `mode` rules all hours alike; an open one has no close but New York's midnight."""

    def __init__(self, calendar: MarketCalendar, mode: SessionMode, clock: Clock) -> None:
        self.calendar = calendar
        self.mode = mode
        self._clock = clock

    def is_open(self, hours: Hours) -> bool:
        """Whether there is trading in these hours now."""
        if self.mode is not SessionMode.REAL:
            return self.mode is SessionMode.OPEN
        now = self._clock()
        match hours:
            case Hours.REGULAR:
                return self.calendar.is_open(now)
            case Hours.FUTURES:
                return self._futures_open(now.astimezone(NEW_YORK))
            case Hours.EXTENDED:
                return self._extended_open(now)
            case Hours.ROUND_THE_CLOCK:
                return _week_open(now.astimezone(NEW_YORK))

    def state(self, hours: Hours) -> str:
        """The broker's word for it: Open, Pre-market, Extended or Closed."""
        if self.is_open(hours):
            return "Open"
        if hours is Hours.FUTURES or self.mode is not SessionMode.REAL or not self._extended_open(self._clock()):
            return "Closed"
        today = self.calendar.hours(new_york_day(self._clock()))
        return "Pre-market" if self._clock() < today.opens_at else "Extended"

    def last_close(self, hours: Hours, after: datetime, until: datetime) -> datetime | None:
        """The last close in these hours later than `after` and not later than `until`; None when there was none."""
        closes = [at for day in _days(after, until) if (at := self._close_on(hours, day)) and after < at <= until]
        return max(closes, default=None)

    def trading_time(self, after: datetime, until: datetime) -> timedelta:
        """How long regular trading went on between two moments."""
        if self.mode is not SessionMode.REAL:
            return until - after if self.mode is SessionMode.OPEN else timedelta(0)
        total = timedelta(0)
        for day in _days(after, until):
            if self.calendar.is_session(day):
                session = self.calendar.hours(day)
                total += max(min(until, session.closes_at) - max(after, session.opens_at), timedelta(0))
        return total

    def _close_on(self, hours: Hours, day: date) -> datetime | None:
        if self.mode is not SessionMode.REAL:
            return _new_york(day, time(0)) if self.mode is SessionMode.OPEN else None
        if hours is Hours.FUTURES:
            close = self.calendar.futures_close(day)
            return None if close is None else _new_york(day, close)
        if hours is Hours.ROUND_THE_CLOCK:
            return _new_york(day, _NIGHT) if day.weekday() == _FRIDAY else None
        if not self.calendar.is_session(day):
            return None
        return self.calendar.hours(day).closes_at + (_AFTER_HOURS if hours is Hours.EXTENDED else timedelta(0))

    def _futures_open(self, local: datetime) -> bool:
        if local.time() >= FUTURES_OPEN:
            return self.calendar.futures_close(local.date() + timedelta(days=1)) is not None
        close = self.calendar.futures_close(local.date())
        return close is not None and local.time() < close

    def _extended_open(self, at: datetime) -> bool:
        day = new_york_day(at)
        if not self.calendar.is_session(day):
            return False
        session = self.calendar.hours(day)
        return session.opens_at - _PRE_MARKET <= at < session.closes_at + _AFTER_HOURS


def _week_open(local: datetime) -> bool:
    if local.weekday() == _SUNDAY:
        return local.time() >= _NIGHT
    return local.weekday() < _FRIDAY or (local.weekday() == _FRIDAY and local.time() < _NIGHT)


def _days(after: datetime, until: datetime) -> Iterator[date]:
    day, last = new_york_day(after), new_york_day(until)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _new_york(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK)
