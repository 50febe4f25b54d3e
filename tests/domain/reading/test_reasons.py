"""A word on the market before an order."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "before", ["CPI was soft.", "Market is weak.", "Heads up,", "Strong open,", "Been waiting for this one."]
)
def test_a_word_on_the_market_says_nothing_to_the_order(before: str) -> None:
    assert [str(alert) for alert in read(f"{before} Bought QQQ 624c 11/27 @ 4.10", AT).alerts] == [
        "BTO QQQ 624c 11/27 @ 4.10"
    ]


@pytest.mark.parametrize(
    "before",
    ["If CPI is soft,", "CPI is tomorrow.", "SPY is over 688,", "Market is strong if 688 holds.", "Not working."],
)
def test_a_condition_or_another_day_before_it_makes_it_none(before: str) -> None:
    assert not read(f"{before} Bought QQQ 624c 11/27 @ 4.10", AT).alerts
