"""Shares that are named without their word, and options whose strike is missing."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("bought 200 PLTR 18.40", "BTO 200 PLTR @ 18.40"),
        ("out 500 PLUG 2.38", "STC 500 PLUG @ 2.38"),
        ("in SOFI 27.20, stop 26.80", "BTO SOFI @ 27.20"),
        ("Bought ANET at 142.60", "BTO ANET @ 142.60"),
    ],
)
def test_a_count_a_price_or_a_stop_that_no_option_has_is_of_shares(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "bought PLTR 18.40",
        "sold AMD 3.10",
        "in SOFI 27.20",
        "buy 200 PLTR 18.40",
        "closed AMD 222.10",
        "bought 200 PLTR 18.40 calls",
        "sold 200 PLTR 18.40, short",
        "sold ETH 3050.50",
    ],
)
def test_what_may_be_an_option_a_plan_or_the_market_is_none(text: str) -> None:
    assert not read(text, AT).alerts
