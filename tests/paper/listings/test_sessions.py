"""When the market is open."""

from datetime import UTC, datetime

import pytest

from domain.contract import InstrumentType
from paper.listings.calendar import MarketCalendar
from paper.listings.sessions import Sessions
from paper.settings import SessionMode


def state(at: datetime, kind: InstrumentType = InstrumentType.EQUITY, mode: SessionMode = SessionMode.REAL) -> str:
    return Sessions(MarketCalendar(at.date()), mode, lambda: at).state(kind)


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


@pytest.mark.parametrize(("mode", "expected"), [(SessionMode.OPEN, "Open"), (SessionMode.CLOSED, "Closed")])
def test_a_driven_session_does_not_look_at_the_clock(mode: SessionMode, expected: str) -> None:
    sunday = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
    assert state(sunday, mode=mode) == expected
