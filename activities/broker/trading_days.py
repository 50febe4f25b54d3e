"""When an option's last trading day ends, by the calendar of the New York Stock Exchange: half days, holidays.

A chain tells the expiry and how it is settled, not the hour. https://www.cboe.com/about/hours/us-options
"""

import warnings
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import exchange_calendars

NEW_YORK = ZoneInfo("America/New_York")
# Some index and fund options trade a quarter of an hour longer; nobody should count on it.
_USUAL_CLOSE = time(16, 0)
_FIRST_DAY = "2024-01-01"  # the past costs time to build, and nothing expires there


def last_trade(expiry: date, settlement: str) -> datetime:
    """The close of the last session: the expiry's own, or for an AM-settled option the one before."""
    calendar = _calendar()
    if not calendar.first_session.date() < expiry <= calendar.last_session.date():
        return usual_close(expiry)  # further than the calendar knows; a later day's reading will
    last_day = expiry - timedelta(days=1) if settlement == "AM" else expiry
    session = calendar.date_to_session(last_day.isoformat(), "previous")
    close: datetime = calendar.session_close(session).to_pydatetime()
    return close.astimezone(UTC)


def load() -> None:
    """Build the calendar now: it takes a fifth of a second that the first alert should not pay."""
    _calendar()


def usual_close(day: date) -> datetime:
    """Four in the afternoon in New York."""
    return datetime.combine(day, _USUAL_CLOSE, NEW_YORK).astimezone(UTC)


@cache
def _calendar() -> exchange_calendars.ExchangeCalendar:
    with warnings.catch_warnings():
        # exchange_calendars 4.13 uses what pandas 3.1 deprecates; nothing that we could change.
        warnings.simplefilter("ignore")
        return exchange_calendars.get_calendar("XNYS", start=_FIRST_DAY)
