"""How the page writes things."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from paper.control.wording import (
    action_text,
    moment_text,
    money_text,
    percent_text,
    places,
    price_text,
    signed_price_text,
    signed_text,
    spoken,
)
from paper.trading.words import Action


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ("0.5", "0.50"),
        ("270", "270.00"),
        ("0.4205", "0.4205"),
        ("2.0333333", "2.0333"),
        ("6702.25", "6702.25"),
        ("NaN", "NaN"),
        (None, "–"),
    ],
)
def test_a_price_has_two_decimals_and_up_to_four_when_it_needs_them(price: str | None, text: str) -> None:
    assert price_text(None if price is None else Decimal(price)) == text


def test_prices_on_a_fine_tick_all_have_its_decimals() -> None:
    assert price_text(Decimal("0.42"), places(Decimal("0.0001"))) == "0.4200"
    assert price_text(Decimal("6700"), places(Decimal("0.5"))) == "6700.00"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.5", "+1,234.50"), ("-1234.5", "−1,234.50"), ("0", "0.00"), ("-0.001", "0.00"), ("0.004", "0.00")],
)
def test_profit_is_signed_unless_it_is_none(amount: str, text: str) -> None:
    assert signed_text(Decimal(amount)) == text


def test_money_that_is_no_number_is_said_to_be_none() -> None:
    assert money_text(Decimal("NaN")) == "NaN"
    assert signed_text(Decimal("NaN")) == "NaN"


def test_changes_are_signed_and_a_percentage_of_nothing_is_not_told() -> None:
    assert signed_price_text(Decimal("0.05")) == "+0.05"
    assert percent_text(Decimal("-1"), Decimal(50)) == "−2.00%"
    assert percent_text(Decimal(1), Decimal(0)) == "–"


def test_moments_are_in_new_york_and_have_their_day_when_it_is_another() -> None:
    at = datetime(2026, 11, 23, 15, 0, 5, tzinfo=UTC)
    assert moment_text(at, date(2026, 11, 23)) == "10:00:05"
    assert moment_text(at, date(2026, 11, 24)) == "11/23 10:00"
    assert moment_text(None, date(2026, 11, 24)) == "–"


def test_contracts_and_actions_go_by_the_traders_words() -> None:
    assert spoken("UBER  261204P00078000") == "UBER 78p 12/04"
    assert spoken("SPXW  261204C06702500") == "SPXW 6702.5c 12/04"
    assert spoken("/ESZ6") == "/ESZ6"
    assert [action_text(action) for action in Action] == ["BTO", "STO", "BTC", "STC", "Buy", "Sell"]
