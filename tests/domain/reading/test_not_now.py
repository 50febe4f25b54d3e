"""A close that is none of now: it depends, comes later, was done before, or only rests at the broker."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize(
    "words",
    [
        "if my stop gets hit",
        "if it loses the next level",
        "on a close below 225",
        "on a 5 min close under VWAP",
        "as soon as VWAP breaks",
        "first thing tomorrow",
        "Wednesday before the holiday",
        "in the morning",
        "by end of day",
        "at the open",
        "stop limit",
        "OCO",
        "come on fill me",
        "not hit yet",
        "actually gonna hold",
        "not selling here",
        "Friday",
        "yesterday from 4.40",
        "last session",
        "on the 18th",
        "now 8",
    ],
)
def test_no_close_now(words: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE} {words}")


@pytest.mark.parametrize("level", ["SL 4.00", "with a stop at 4.00", "trailing stop 20%", "target 8"])
def test_a_level_without_a_price_is_a_plan(level: str, refused: Callable[[str], Unread]) -> None:
    refused(f"STC HON 230c 12/18 {level}")


@pytest.mark.parametrize(
    "words",
    [
        "we reload lower if it holds 225",
        "see you tomorrow",
        "earnings tomorrow",
        "CPI Wednesday",
        "not holding over the weekend",
        "before the print",
        "bought 4.20 on Friday",
        "stop hit",
    ],
)
def test_what_comes_before_or_after_a_close_takes_nothing_from_it(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, {words}") == one(CLOSE)


@pytest.mark.parametrize(
    "comment", ["only if it loses 225", "will sell at the open tomorrow", "closed on Friday", "limit order"]
)
def test_a_card_s_comment_is_heard_as_a_sentence_is(comment: str, refused: Callable[[str], Unread]) -> None:
    refused(f"Action: STC\nContract: HON 230C 12/18\nPrice: 6.00\nComment: {comment}")
