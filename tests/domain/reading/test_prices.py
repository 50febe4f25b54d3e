"""Numbers and prices."""

from decimal import Decimal

import pytest

from domain.reading.prices import check_price, fraction_of, level, number, price_range
from domain.reading.refusal import NotRead


@pytest.mark.parametrize(
    ("written", "value"), [("2.15", "2.15"), (".75", "0.75"), ("$1.20", "1.20"), ("1,65", "1.65"), ("5", "5")]
)
def test_a_number_as_typed(written: str, value: str) -> None:
    assert number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["0.44.5", "-2", "1,950.00", "", "1e3", "9" * 20])
def test_no_clear_number(written: str) -> None:
    with pytest.raises(NotRead):
        number(written)


def test_a_level_may_have_thousands() -> None:
    assert level("6,900") == 6900


@pytest.mark.parametrize(
    ("price", "strike"),
    [("0", "50"), ("50", "50"), ("215", "165"), ("62", "300"), ("420", "6900"), ("40.5", "50")],
)
def test_a_price_that_can_not_be_meant(price: str, strike: str) -> None:
    with pytest.raises(NotRead):
        check_price(Decimal(price), Decimal(strike), opens=True)


@pytest.mark.parametrize(
    ("price", "strike"), [("5", "325"), ("42", "2150"), ("0.31", "3"), ("12.50", "90"), ("45", "6900")]
)
def test_a_price_that_can(price: str, strike: str) -> None:
    check_price(Decimal(price), Decimal(strike), opens=True)


def test_a_winner_is_closed_far_above_its_entry() -> None:
    check_price(Decimal(40), Decimal(50), opens=False)


def test_a_range_is_put_in_order() -> None:
    assert price_range(Decimal("1.25"), Decimal("1.20")) == (Decimal("1.20"), Decimal("1.25"))


def test_a_wide_range_is_none() -> None:
    with pytest.raises(NotRead):
        price_range(Decimal(5), Decimal(50))


@pytest.mark.parametrize(
    ("written", "part"), [("1/2", "0.5"), ("3/4", "0.75"), ("12/18", None), ("2/1", None), ("1/15", None)]
)
def test_fractions_and_days(written: str, part: str | None) -> None:
    assert fraction_of(written) == (None if part is None else Decimal(part))
