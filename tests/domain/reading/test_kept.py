"""What a close keeps: an amount, said of the position."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize(
    "kept",
    [
        "one still marching",
        "2 left",
        "left 2 on",
        "keeping the other for luck",
        "holding one more",
        "riding the rest",
        "leaving a runner",
        "rest later",
    ],
)
def test_an_amount_that_stays_makes_the_close_a_part(kept: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, {kept}").partial


def test_the_other_half_that_stays_says_how_much_goes(one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, other half rides").fraction == Decimal("0.5")


@pytest.mark.parametrize(
    "talk",
    [
        "not holding overnight",
        "left money on the table",
        "out of what was left",
        "leaving for lunch",
        "keep the change",
        "but what a ride",
        "half day friday",
        "half asleep here",
        "third time lucky",
        "part of the plan",
        "some you win",
        "rest is history",
        "taking the rest of the day off",
    ],
)
def test_a_part_of_something_else_is_none_of_the_position(talk: str, one: Callable[[str], Alert]) -> None:
    alert = one(f"{CLOSE}, {talk}")
    assert (alert.fraction in (None, Decimal(1)), alert.partial) == (True, False)


@pytest.mark.parametrize("words", ["risk free now", "took my cost out", "playing with house money"])
def test_words_that_only_a_part_would_have_make_a_close_unclear(words: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{CLOSE}, {words}")


def test_a_note_s_part_is_heard_and_its_talk_is_not(one: Callable[[str], Alert]) -> None:
    closed = "Closed\nOption: HON 12/18 230C\nFill: 6.00\nNote: "
    assert one(f"{closed}first third off").fraction == Decimal("0.3333")
    assert not one(f"{closed}not holding overnight").partial


def test_another_position_that_is_left_is_no_part_of_what_is_sold(one: Callable[[str], Alert]) -> None:
    alert = one("Sold my last 150 SOFI 28.95. Only FCX left")
    assert (str(alert), alert.fraction) == ("STC 150 SOFI @ 28.95", 1)


@pytest.mark.parametrize("left", ["Only ONE left", "Only HON left"])
def test_what_is_left_of_it_is_no_other_position(left: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE}. {left}")
