"""Numbers behind an order: a second price makes the first one doubtful, the stock's own does not."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize("words", ["HON at 231.40", "HON 231.40", "Happy owner at 221.75", "= $1,600"])
def test_the_stock_s_price_and_the_sum_are_no_second_price(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"BTO 4 HON 230c 12/18 @ 4.00, {words}").price == Decimal("4.00")


@pytest.mark.parametrize("words", ["entry at 231.40", "231.40 trigger", "4.40", "or 4.40", "231.40"])
def test_a_number_that_is_not_named_is_another_price(words: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"BTO 4 HON 230c 12/18 @ 4.00, {words}")


def test_shares_behind_a_covered_call_are_no_count(one: Callable[[str], Alert]) -> None:
    assert one("STO 1 HON 240c 12/18 @ 2.00 against 100 shares").quantity == 1
