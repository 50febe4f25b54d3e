"""Whether the market is open: by the calendar, or as the control plane says."""

from datetime import datetime, timedelta

from domain.contract import InstrumentType
from paper.listings.calendar import NEW_YORK, MarketCalendar
from paper.listings.instruments import Clock
from paper.settings import SessionMode

_SATURDAY, _SUNDAY, _FRIDAY = 5, 6, 4
_FUTURES_CLOSE, _FUTURES_OPEN = 17, 18  # New York hours: Sunday evening to Friday afternoon, one hour off a day
_PRE_MARKET = timedelta(hours=2)
_AFTER_HOURS = timedelta(hours=4)


class Sessions:
    """The session state of shares and their options, and of futures."""

    def __init__(self, calendar: MarketCalendar, mode: SessionMode, clock: Clock) -> None:
        self.calendar = calendar
        self.mode = mode
        self._clock = clock

    def is_open(self, instrument_type: InstrumentType) -> bool:
        """Whether that kind of instrument trades now."""
        if self.mode is not SessionMode.REAL:
            return self.mode is SessionMode.OPEN
        if instrument_type is InstrumentType.FUTURE:
            return _futures_open(self._clock())
        return self.calendar.is_open(self._clock())

    def state(self, instrument_type: InstrumentType) -> str:
        """The broker's word for it: Open, Pre-market, Extended or Closed."""
        if self.is_open(instrument_type):
            return "Open"
        if self.mode is SessionMode.REAL and instrument_type is not InstrumentType.FUTURE:
            return self._off_hours(self._clock())
        return "Closed"

    def _off_hours(self, at: datetime) -> str:
        day = at.astimezone(NEW_YORK).date()
        if not self.calendar.is_session(day):
            return "Closed"
        hours = self.calendar.hours(day)
        if hours.opens_at - _PRE_MARKET <= at < hours.opens_at:
            return "Pre-market"
        return "Extended" if hours.closes_at <= at < hours.closes_at + _AFTER_HOURS else "Closed"


def _futures_open(at: datetime) -> bool:
    local = at.astimezone(NEW_YORK)
    if local.weekday() == _SATURDAY:
        return False
    if local.weekday() == _SUNDAY:
        return local.hour >= _FUTURES_OPEN
    if local.weekday() == _FRIDAY:
        return local.hour < _FUTURES_CLOSE
    return not _FUTURES_CLOSE <= local.hour < _FUTURES_OPEN
