"""A card's position is long or short: whether it opens or closes stands over it."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

CALL = "Instrument: LLY Dec 11 2026 $1060 Call"
PUT = "Instrument: TSLA Dec 11 2026 $400 Put"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (f"OPENED\n{CALL}\nSide: Long\nFill: 14.20", "BTO LLY 1060c 12/11 @ 14.20"),
        (f"REDUCED\n{CALL}\nSide: Long\nSold: 2 of 5\nFill: 19.80", "STC 2 LLY 1060c 12/11 @ 19.80"),
        (f"CLOSED\n{CALL}\nSide: Long\nSold: remainder\nFill: 21.40\nGain: +48%", "STC LLY 1060c 12/11 @ 21.40"),
        (f"Sold\n{CALL}\nSide: Long\nFill: 21.40", "STC LLY 1060c 12/11 @ 21.40"),
        (f"OPENED\n{CALL}\nDirection: Short\nFill: 14.20", "STO LLY 1060c 12/11 @ 14.20"),
        (f"OPENED\n{PUT}\nSide: Short\nFill: 2.10", "STO TSLA 400p 12/11 @ 2.10"),
        (f"OPENED\n{PUT}\nBias: Short\nFill: 2.10\nNote: happy to own it at 400", "STO TSLA 400p 12/11 @ 2.10"),
        (f"CLOSED\n{PUT}\nSide: Short\nBought back: all 2\nFill: 1.05", "BTC 2 TSLA 400p 12/11 @ 1.05"),
        ("CLOSED\nInstrument: UBER (stock)\nSide: Long\nSold: all 150 shares\nFill: 90.05", "STC 150 UBER @ 90.05"),
    ],
)
def test_the_side_is_of_the_position(one: Callable[[str], Alert], text: str, order: str) -> None:
    assert str(one(text)) == order


@pytest.mark.parametrize(
    "text",
    [
        f"OPENED\n{PUT}\nDirection: Short\nFill: 2.10",
        f"CLOSED\n{PUT}\nBias: Short\nFill: 2.10",
        f"CLOSED\n{CALL}\nSide: Long\nBought back: 2\nFill: 2.10",
        f"UPDATE\n{CALL}\nSide: Long\nFill: 4.35",
        f"CLOSED\n{CALL}\nSide: Long\nStop: 10.50\nFill: 20.90",
    ],
)
def test_a_side_that_may_mean_either_is_refused(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)


def test_what_is_held_in_all_is_told_of_an_add_alone(
    one: Callable[[str], Alert], refused: Callable[[str], Unread]
) -> None:
    card = f"{CALL}\nSide: Long\nFill: 10.85\nSize: 1\nTotal size: 2"
    assert str(one(f"ADDED\n{card}")) == "BTO 1 LLY 1060c 12/11 @ 10.85"
    assert refused(f"OPENED\n{card}")
