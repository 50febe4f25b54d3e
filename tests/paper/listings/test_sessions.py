"""When the market is open."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.contract import InstrumentType
from paper.listings.calendar import NEW_YORK, MarketCalendar
from paper.listings.sessions import Hours, Sessions
from paper.settings import SessionMode


def sessions_at(at: datetime, mode: SessionMode = SessionMode.REAL) -> Sessions:
    return Sessions(MarketCalendar(at.date()), mode, lambda: at)


def state(at: datetime, kind: InstrumentType = InstrumentType.EQUITY, mode: SessionMode = SessionMode.REAL) -> str:
    return sessions_at(at, mode).state(Hours.of(kind))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), "Pre-market"),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "Open"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "Extended"),
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "Closed"),
        (datetime(2026, 11, 26, 15, 0, tzinfo=UTC), "Closed"),  # Thanksgiving
        (datetime(2026, 11, 27, 18, 30, tzinfo=UTC), "Extended"),  # a half day
    ],
)
def test_the_real_session_follows_the_calendar(at: datetime, expected: str) -> None:
    assert state(at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "Open"),
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "Closed"),  # the daily hour off
        (datetime(2026, 11, 28, 15, 0, tzinfo=UTC), "Closed"),  # Saturday
        (datetime(2026, 11, 29, 22, 0, tzinfo=UTC), "Closed"),  # Sunday afternoon
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), "Open"),
        (datetime(2026, 11, 27, 22, 30, tzinfo=UTC), "Closed"),  # Friday evening
    ],
)
def test_futures_trade_through_the_night(at: datetime, expected: str) -> None:
    assert state(at, InstrumentType.FUTURE) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 26, 17, 59, tzinfo=UTC), "Open"),  # Thanksgiving: a short day for futures
        (datetime(2026, 11, 26, 18, 0, tzinfo=UTC), "Closed"),
        (datetime(2026, 11, 26, 23, 0, tzinfo=UTC), "Open"),
        (datetime(2026, 12, 24, 19, 0, tzinfo=UTC), "Closed"),  # Christmas Eve, after its early end
        (datetime(2026, 12, 25, 15, 0, tzinfo=UTC), "Closed"),
        (datetime(2027, 3, 25, 22, 30, tzinfo=UTC), "Closed"),  # the evening before Good Friday
    ],
)
def test_futures_have_short_days_and_three_holidays(at: datetime, expected: str) -> None:
    assert state(at, InstrumentType.FUTURE_OPTION) == expected


@pytest.mark.parametrize(("mode", "expected"), [(SessionMode.OPEN, "Open"), (SessionMode.CLOSED, "Closed")])
def test_a_driven_session_does_not_look_at_the_clock(mode: SessionMode, expected: str) -> None:
    sunday = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
    assert state(sunday, mode=mode) == expected


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "extended", "round_the_clock"),
    [
        ("2026-11-23T06:59", False, True),
        ("2026-11-23T07:00", True, True),
        ("2026-11-23T19:59", True, True),
        ("2026-11-23T20:00", False, True),
        ("2026-11-27T16:59", True, True),  # four hours after a half day's close
        ("2026-11-27T17:00", False, True),
        ("2026-11-27T20:00", False, False),  # Friday night
        ("2026-11-29T20:00", False, True),  # Sunday night
    ],
)
def test_shares_trade_longer_for_orders_that_say_so(at: str, extended: bool, round_the_clock: bool) -> None:
    sessions = sessions_at(new_york(at))
    assert (sessions.is_open(Hours.EXTENDED), sessions.is_open(Hours.ROUND_THE_CLOCK)) == (extended, round_the_clock)


@pytest.mark.parametrize(
    ("hours", "after", "until", "close"),
    [
        (Hours.REGULAR, "2026-11-23T15:59", "2026-11-23T16:00", "2026-11-23T16:00"),
        (Hours.REGULAR, "2026-11-23T16:00", "2026-11-24T15:59", None),
        (Hours.REGULAR, "2026-11-23T10:00", "2026-11-29T10:00", "2026-11-27T13:00"),  # the half day, not Thanksgiving
        (Hours.EXTENDED, "2026-11-23T10:00", "2026-11-24T10:00", "2026-11-23T20:00"),
        (Hours.FUTURES, "2026-11-20T10:00", "2026-11-22T10:00", "2026-11-20T17:00"),
        (Hours.FUTURES, "2026-11-27T10:00", "2026-11-29T10:00", "2026-11-27T13:00"),  # the half day
        (Hours.ROUND_THE_CLOCK, "2026-11-23T10:00", "2026-11-27T19:00", None),
    ],
)
def test_no_close_is_missed_however_long_nobody_looked(hours: Hours, after: str, until: str, close: str | None) -> None:
    sessions = sessions_at(new_york(until))
    expected = None if close is None else new_york(close)
    assert sessions.last_close(hours, new_york(after), new_york(until)) == expected


def test_a_market_that_is_always_open_ends_its_day_at_midnight() -> None:
    sessions = sessions_at(new_york("2026-11-24T10:00"), SessionMode.OPEN)
    closed = sessions.last_close(Hours.REGULAR, new_york("2026-11-23T10:00"), new_york("2026-11-24T10:00"))
    assert closed == new_york("2026-11-24T00:00")


def test_trading_time_skips_nights_holidays_and_the_end_of_a_half_day() -> None:
    sessions = sessions_at(new_york("2026-11-30T10:30"))
    traded = sessions.trading_time(new_york("2026-11-25T15:00"), new_york("2026-11-30T10:30"))
    assert traded == timedelta(hours=1 + 3.5 + 1)
