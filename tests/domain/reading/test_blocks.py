"""Labelled blocks become sentences."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread, UnreadCode
from domain.reading.blocks import Sentence, unfold


def test_a_block_is_the_same_order_in_a_sentence() -> None:
    block = "Open\nPrice: 2.55\nTicker: HON\nExp: 12/18\nStrike: 230C\nNote: with the trend"
    assert unfold(block) == Sentence("Open\n HON 230C 12/18 @ 2.55", "with the trend")


def test_talk_with_a_colon_is_no_block() -> None:
    assert unfold("Lotto: BTO HON 230c 12/18 @ 2.55").order == "Lotto: BTO HON 230c 12/18 @ 2.55"


@pytest.mark.parametrize(
    "title", ["Update", "Watch", "Result", "Pending", "Signal cancelled", "Correction", "Reminder", "LOADING"]
)
def test_only_the_titles_of_orders_make_orders(title: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{title}\nContract: HON 12/18 230C\nEntry: 2.55")


def test_a_field_that_no_order_has(refused: Callable[[str], Unread]) -> None:
    assert refused("Open\nContract: HON 12/18 230C\nEntry: 2.55\nCurrent: 3.10").code is UnreadCode.NOT_AN_ALERT


def test_a_comment_may_chat_and_may_not_withdraw(one: Callable[[str], Alert], refused: Callable[[str], Unread]) -> None:
    block = "Open\nContract: HON 12/18 230C\nEntry: 2.55\nComment: "
    assert one(f"{block}only if you can watch it, 690 is key").price is not None
    refused(f"{block}this is a test, do not trade")


def test_an_entry_and_an_exit_are_no_entry(refused: Callable[[str], Unread]) -> None:
    assert refused("Open\nContract: HON 12/18 230C\nEntry: 2.55\nExit: 3.10").code is UnreadCode.AMBIGUOUS


def test_json_as_a_webhook_posts_it(one: Callable[[str], Alert]) -> None:
    text = '{"action": "BTO", "symbol": "HON", "strike": 230, "type": "call", "expiry": "2026-12-18", "price": 2.55}'
    assert str(one(text)) == "BTO HON 230c 12/18 @ 2.55"
