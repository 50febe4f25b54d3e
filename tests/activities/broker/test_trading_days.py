"""When options stop trading."""

from datetime import UTC, date, datetime

import pytest

from activities.broker.trading_days import last_trade


@pytest.mark.parametrize(
    ("expiry", "settlement", "expected"),
    [
        (date(2026, 12, 4), "PM", datetime(2026, 12, 4, 21, tzinfo=UTC)),  # winter
        (date(2026, 7, 17), "PM", datetime(2026, 7, 17, 20, tzinfo=UTC)),  # summer
        (date(2026, 11, 27), "PM", datetime(2026, 11, 27, 18, tzinfo=UTC)),  # the half day after Thanksgiving
        (date(2026, 12, 18), "AM", datetime(2026, 12, 17, 21, tzinfo=UTC)),  # settled in the morning
        (date(2025, 6, 20), "AM", datetime(2025, 6, 18, 20, tzinfo=UTC)),  # and the day before was a holiday
        (date(2026, 12, 19), "PM", datetime(2026, 12, 18, 21, tzinfo=UTC)),  # a Saturday, as old series wrote it
    ],
)
def test_the_last_session_ends_by_the_calendar(expiry: date, settlement: str, expected: datetime) -> None:
    assert last_trade(expiry, settlement) == expected


def test_beyond_the_calendar_it_is_four_in_the_afternoon() -> None:
    assert last_trade(date(2049, 1, 15), "PM") == datetime(2049, 1, 15, 21, tzinfo=UTC)
