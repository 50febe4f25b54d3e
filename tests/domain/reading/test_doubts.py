"""What a close leaves in doubt is refused: on its words all of the position would be sold."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize(
    "words",
    [
        "halfway out",
        "hanging in there",
        "paying myself",
        "freerolling",
        "next exit 9.50",
        "stops to BE",
        "covered cost",
        "saving one for the close",
        "decided to hold",
        "partly",
        "keeping half the DAL",
        "also trimmed ROKU",
        "glad I trimmed on the way up",
        "half was sold yesterday",
        "half out of boredom",
    ],
)
def test_a_word_about_the_amount_that_nothing_explains_is_refused(words: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE}, {words}")


@pytest.mark.parametrize(
    "words",
    [
        "took a chunk off",
        "majority off here",
        "almost all of it",
        "not fully out though",
        "cutting size here",
        "taking risk off",
        "first exit",
        "keeping a moonbag",
        "holding a lil bit into earnings",
        "will take more off at 8",
    ],
)
def test_a_part_without_a_number_is_one(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, {words}").partial


@pytest.mark.parametrize(
    "words",
    [
        "2 hours left",
        "1 day trade left",
        "holding some cash",
        "took some heat",
        "a few pennies off",
        "left some meat on the bone",
    ],
)
def test_an_amount_of_something_else_is_none_of_the_position(words: str, one: Callable[[str], Alert]) -> None:
    alert = one(f"{CLOSE}, {words}")
    assert (alert.fraction, alert.partial, alert.quantity) == (None, False, None)


def test_one_of_several_runners_is_a_part(one: Callable[[str], Alert]) -> None:
    assert one("Sold a runner HON 230c 12/18 @ 6.00").partial
    assert one("STC runner HON 230c 12/18 @ 6.00").fraction == 1


@pytest.mark.parametrize("head", ["First exit -", "Size down:", "Stop loss -"])
def test_a_title_that_tells_of_a_part_or_a_stop_is_refused(head: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{head} STC HON 230c 12/18 @ 6.00")


@pytest.mark.parametrize("words", ["half each", "leaving runners on both", "runners on"])
def test_a_part_said_once_for_several_closes_is_refused(words: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE}\nSTC DAL 62c 12/18 @ 2.10\n{words}")
