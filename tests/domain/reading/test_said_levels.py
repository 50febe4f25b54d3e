"""Levels that are said in words."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("behind", "stop"),
    [("invalid below 228", 228), ("228 is my line", 228), ("out if 228 breaks", 228), ("I'm wrong under 228", 228)],
)
def test_a_level_said_in_words_is_the_underlyings_stop(behind: str, stop: int) -> None:
    (alert,) = read(f"BTO AMZN 232.5c 12/04 @ 3.25, {behind}", AT).alerts
    assert alert.on_underlying.stop == stop


@pytest.mark.parametrize(
    "behind", ["invalid", "went invalid below 228", "3.10 is my limit", "close below 228 and I'm in", "want 3.00"]
)
def test_what_takes_it_back_or_is_another_price_is_no_level(behind: str) -> None:
    assert not read(f"BTO AMZN 232.5c 12/04 @ 3.25, {behind}", AT).alerts
