"""The rest of a position: sold with the others, or kept."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize(
    "words",
    [
        "stop on the rest at 3.80",
        "SL to BE on remaining",
        "PT 8.00 for the rest",
        "rest: SL 4.00",
        "swinging the rest",
        "rest for 8.00",
        "will sell the rest higher",
        "selling the rest into the close",
    ],
)
def test_a_rest_that_is_not_sold_makes_the_close_a_part(words: str, one: Callable[[str], Alert]) -> None:
    alert = one(f"{CLOSE}, {words}")
    assert alert.partial or (alert.fraction is not None and alert.fraction < 1)


@pytest.mark.parametrize("words", ["out of the rest", "rest sold", "the rest", "rest is out"])
def test_a_rest_that_is_sold_makes_it_all(words: str, one: Callable[[str], Alert]) -> None:
    alert = one(f"{CLOSE}, {words}")
    assert (alert.fraction, alert.partial) == (1, False)


@pytest.mark.parametrize("words", ["stop hit on the rest", "rest is gravy"])
def test_a_rest_of_which_nothing_is_understood_is_refused(words: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE}, {words}")


def test_the_other_half_in_any_spelling_is_all_that_is_left(one: Callable[[str], Alert]) -> None:
    assert one("STC the other 50% HON 230c 12/18 @ 6.00").fraction == 1
    assert one(f"{CLOSE}, other 1/2 out").fraction == 1
