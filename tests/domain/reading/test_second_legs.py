"""Another strike beside an option, named without its call or put."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread, UnreadCode

ORDER = "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize(
    "tail",
    [
        "short the 240s",
        ", selling the 240 against it",
        "vs 240",
        "(vert)",
        "1x2 with the 240s",
        "/ 240",
        "capped at 240",
    ],
)
def test_another_strike_that_is_traded_makes_a_leg(tail: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER} {tail}").code is UnreadCode.MULTI_LEG


@pytest.mark.parametrize("tail", ["against 226", ", targets 234 and 238", "PT 235 / 240", ", stop under 225"])
def test_a_level_of_the_stock_makes_none(tail: str, one: Callable[[str], Alert]) -> None:
    assert str(one(f"{ORDER} {tail}")) == str(one(ORDER))
