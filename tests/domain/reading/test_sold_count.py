"""A count behind a close: sold, kept, or of something else."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Unread

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize("words", ["sold 3", "3 contracts", "x3", "3 cons off", "qty 3"])
def test_a_count_alone_or_beside_a_word_for_selling_is_sold(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE} {words}").quantity == 3


@pytest.mark.parametrize("words", ["easy 2x", "for a 3x", "almost 2x from entry", "2 for 2 today"])
def test_a_count_of_what_is_kept_or_made_is_no_quantity(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, {words}").quantity is None


@pytest.mark.parametrize(
    "words",
    [
        "down to 2 cons",
        "taking 2 contracts overnight",
        "started with 6 contracts",
        "sold 20 cents off the high",
        "sold 10 min after entry",
        "(exit 1 of 2)",
        "2 of 3 targets hit",
        "out 3",
    ],
)
def test_a_count_of_what_nobody_knows_is_refused(words: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{CLOSE}, {words}")


@pytest.mark.parametrize(
    "text",
    [
        "SPX 6885C 0DTE: took 2 of 3 off at 5.10",
        "Took two of three off SPX 6885C 0DTE at 5.10",
        "got 2 out of 3 off SPX 6885C 0DTE at 5.10",
        "SPX 6885C 0DTE: took off 2 of 3 at 5.10",
    ],
)
def test_what_is_taken_off_is_sold(text: str, one: Callable[[str], Alert]) -> None:
    alert = one(text)
    assert (alert.action, alert.quantity, alert.fraction) == (Action.STC, 2, Decimal("0.6667"))
