"""Words and numbers of a message that say another thing than what was read."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

ORDER = "BTO NVDA 190c 12/18 @ 4.10"


@pytest.mark.parametrize(
    "text",
    [
        "BTO NVDA 12/18 calls 5",
        "BTO SOFI 12/18 calls $1.20",
        "BTO 190 NVDA 12/18 calls 4.10",
        "BTO SPY 12/4 1.20c",
        f"{ORDER} PT 2x",
        f"{ORDER} lotto 10x",
        "STC NVDA 190c 12/18 @ 8.20 for 2x",
        "BTO NVDA 190c Dec 18 26 @ 4.10",
        "BTO\nNVDA 190c 12/18\nPrice: 4.10\nUnderlying: 188",
        "BTO\nNVDA 190c 12/18\nPrice: 4.10\nStrike: 195",
        "BTO\nNVDA 190c 12/18\nPrice: 4.10\nFilled: 0",
        "BTO 100 shares NVDA 190c 12/18 @ 4.10",
        "out /ES +12 @ 6850",
        "STC /ES 12 pts",
        "Bought 10 shares of NVDA for $1,902",
        "Bought NVDA 190c 12/18 at .40 delta for 4.10",
        "BTO NVDA 190c 12/18 risk $2",
        "BTO NVDA 190c 12/18 @ .2 cents",
    ],
)
def test_a_number_of_another_thing_is_no_part_of_the_order(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "sold NVDA 190p 12/18 @ 4.10 to open",
        "Sold NVDA 190p 12/18 @ 4.10 (opening)",
        "bought NVDA 190c 12/18 @ 4.10 closing my short",
        "buy 100 NVDA @ 190.20 cover",
        f"{ORDER} > 188",
        f"{ORDER} w/ 188 break",
        "STC NVDA 190c 12/18 @ 6 another 25%",
        "STC NVDA 190c 12/18 @ 6 minus 1",
        "STC NVDA 190c 12/4 @ 4.10 -> 12/18",
        f"{ORDER} SL 3 no 3.5",
        f"'{ORDER}'",
        "Exit\nContract: NVDA 190c 12/18\nPrice: 4.10\nComments: set limit at 5",
    ],
)
def test_words_behind_the_price_may_make_it_another_order(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORDER} x2",
        f"{ORDER} delta .40",
        f"{ORDER} size accordingly",
        f"{ORDER}, stop is a daily close < 185",
        "BTO NVDA 12/18 calls 190 @ 4.10",
        "BTO 2 NVDA 190c 12/18 @ 4.10 risk 10 pts",
    ],
)
def test_words_that_agree_leave_it_as_it_is(one: Callable[[str], Alert], text: str) -> None:
    assert str(one(text)).endswith("NVDA 190c 12/18 @ 4.10")
