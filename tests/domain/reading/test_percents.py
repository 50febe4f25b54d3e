"""A percentage behind a close: a part of the position, or what came of the trade."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread, UnreadCode

CLOSE = "STC HON 230c 12/18 @ 6.00"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("50% of my position", "0.5"),
        ("unloading 75% into this pop", "0.75"),
        ("sold 50 percent", "0.5"),
        ("20% off the table", "0.2"),
        ("80pct out", "0.8"),
    ],
)
def test_a_percentage_of_the_position_is_a_part(words: str, part: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{CLOSE}, {words}").fraction == Decimal(part)


@pytest.mark.parametrize(
    "words", ["up 50% here", "made 40% here", "20% off the highs", "quick 22%", "60% in 4 min", "for 50%", "48% gain"]
)
def test_a_gain_is_no_part(words: str, one: Callable[[str], Alert]) -> None:
    alert = one(f"{CLOSE}, {words}")
    assert (alert.fraction, alert.partial, alert.quantity) == (None, False, None)


@pytest.mark.parametrize("words", ["50%", "sold 40% above entry", "~35%"])
def test_what_may_be_a_gain_or_a_part_is_refused(words: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{CLOSE}, {words}").code is UnreadCode.AMBIGUOUS


def test_beside_what_was_paid_a_trim_s_percentage_is_its_gain(one: Callable[[str], Alert]) -> None:
    assert one("Trim HON 230c 12/18 @ 6.00 (50%)").fraction == Decimal("0.5")
    assert one("Trim HON 230c 12/18 @ 6.00 (50%) from 4.00").partial


@pytest.mark.parametrize("head", ["Booked 40% on", "Locked in 60% on", "Stopped out 25%", "Cut for 20%"])
def test_a_result_before_the_symbol_is_no_part(head: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{head} HON 230c 12/18 @ 6.00")
