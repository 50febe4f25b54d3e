"""What the reader's tests share: a fixed moment, and the one alert in a text."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from domain.alert import Alert, Unread
from domain.reading import read

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 10:00 in New York


@pytest.fixture
def one() -> Callable[[str], Alert]:
    def only_alert(text: str) -> Alert:
        reading = read(text, MONDAY)
        assert len(reading.alerts) == 1, reading
        return reading.alerts[0]

    return only_alert


@pytest.fixture
def refused() -> Callable[[str], Unread]:
    def reason(text: str) -> Unread:
        reading = read(text, MONDAY)
        assert reading.refused is not None, reading
        return reading.refused

    return reason
