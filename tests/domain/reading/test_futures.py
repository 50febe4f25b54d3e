"""What a future's entry may have behind it."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize(
    "text",
    [
        "Long /ES 6850 area",
        "Long /ES 6850 area stop 6840",
        "Buying /ES 6850 support",
        "/ES 6850 long, 6885 short",
        "Buy /ES 6850, sell 6880",
        "Long /ES 50.25",
        "Long /ES 6850, 12 points so far",
        "Long /ES 6850 7 pts green",
        "Long /ES 6850 since the Asia open",
        "Long /ES 6850 HVN",
        "Long /MES 6868 Sim101",
    ],
)
def test_a_level_a_plan_or_a_running_trade_is_no_entry(text: str, refused: Callable[[str], Unread]) -> None:
    refused(text)


@pytest.mark.parametrize("tail", ["scalp", "small, tight stop", "risk 8 pts", "stop 6842"])
def test_known_words_behind_a_future_leave_the_entry(tail: str, one: Callable[[str], Alert]) -> None:
    assert one(f"Long /ES 6850 {tail}").price == one("Long /ES 6850").price


def test_the_price_of_a_product_that_is_not_known_is_not_judged(one: Callable[[str], Alert]) -> None:
    assert str(one("BTO 1 /6E @ 1.1648")) == str(one("BTO 1 /6E @ 1.1648 stop 1.1630"))


@pytest.mark.parametrize(
    "text",
    [
        "cover /ES 6840 area",
        "out /ES 6866 zone",
        "scale out /ES 6866, 6870, 6875",
        "out half /ES 6866, other half 6872",
        "OUT /ES @ 6866, fill was 6865.75",
        "OUT /ES @ 6866, coop's fill",
        "OUT /ES @ 6866, says coop",
    ],
)
def test_a_level_or_several_exits_or_anothers_exit_of_a_future_is_none(
    text: str, refused: Callable[[str], Unread]
) -> None:
    refused(text)


def test_what_a_future_made_is_no_other_exit(one: Callable[[str], Alert]) -> None:
    assert str(one("OUT /ES @ 6866, +12.5, nice")) == "STC /ES @ 6866"
