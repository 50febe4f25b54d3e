"""Phrases that say an order in another order of words."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("paid 1.85 for 20 XLU 84c 12/18", "bought 20 XLU 84c 12/18 @ 1.85"),
        ("Covered 3 short KRE 58p 12/18 at .42", "buying to close 3 KRE 58p 12/18 at .42"),
        ("SOLD 4 WMB 12/18 62 C to close, @ 1.42", "sold to close 4 WMB 12/18 62 C @ 1.42"),
        ("Sold 2 F 12/11 12.5 puts to open @ .21", "sold to open 2 F 12/11 12.5 puts @ .21"),
        ("BTO HON 230c 12/18 range 4.00 - 4.20", "BTO HON 230c 12/18 @ 4.00-4.20"),
        ("BTO HON 230c 12/18 @ [4.00-4.20]", "BTO HON 230c 12/18 @ 4.00-4.20"),
        ("BTO HON 230c 12/18 qty=2 px=4.00", "BTO 2 HON 230c 12/18 @ 4.00"),
    ],
)
def test_a_phrase_is_read_as_the_plain_order(text: str, order: str, one: Callable[[str], Alert]) -> None:
    assert one(text) == one(order)


@pytest.mark.parametrize("text", ["HON 230c 12/18 from 4.00 to 6.20", "paid 1.85 for my XLU 84c, now 3.20"])
def test_a_story_with_such_a_phrase_stays_a_story(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text)


def test_more_than_anybody_has_contracts_are_shares(one: Callable[[str], Alert]) -> None:
    alert = one("STC 250 KULR @ 4.39 into the wall")
    assert (alert.quantity, alert.strike, alert.price) == (250, None, Decimal("4.39"))


@pytest.mark.parametrize("text", ["BTO 500 AMD @ 3.20 calls", "BTO 500 AMD @ 3.20 12/18", "BTO 20 AMD @ 3.20"])
def test_what_may_be_an_option_is_not_read_as_shares(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("BTO 3 × HON 230c 12/18 @ 4.00", "BTO 3 HON 230c 12/18 @ 4.00"),
        ("Bought HON 230c 12/18, 4.00 a contract", "Bought HON 230c 12/18 @ 4.00"),
        ("BTO HON 230c 12/18 @ 4.00, 10 of them", "BTO 10 HON 230c 12/18 @ 4.00"),
        ("Bought back my HON 230c 12/18, both, at .22", "Bought back 2 HON 230c 12/18 at .22"),
        ("Webull: Filled BUY 3 HON 12/18/26 230C @ 4.00", "BUY 3 HON 230c 12/18 @ 4.00"),
        ("HON 230c 12/18 half off 6.00", "sold half HON 230c 12/18 @ 6.00"),
        ("BTO HON 230c 12/18 @ 4.00ish", "BTO HON 230c 12/18 @ 4.00"),
    ],
)
def test_a_turn_of_phrase_is_read_as_the_plain_order(text: str, order: str, one: Callable[[str], Alert]) -> None:
    assert one(text) == one(order)
