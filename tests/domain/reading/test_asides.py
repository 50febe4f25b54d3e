"""What is said beside an order, and changes nothing of it."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

ORDER = "BTO MDB 380c 12/04 @ 9.10"


@pytest.mark.parametrize(
    "text",
    [
        f"{ORDER}, prints tmrw AMC",
        f"{ORDER}; they report on thursday",
        f"{ORDER} ($910 of $4,184)",
        f"{ORDER} (that's $910 risk)",
        f"{ORDER}, dont go over 9.60",
        f"{ORDER}. Please don't chase it above 9.60",
        f"{ORDER} DO NOT CHASE over 9.60",
        f"{ORDER} exit all by noon",
        f"{ORDER} | risk now 2/5",
        "MDB 380c 12/04, paid 9.10",
        "BTO MDB 380c 12/04 ➡️ 9.10",
        "BTO MDB 380 c12/04 @ 9.10",
        "BTO MDB 380c 12/04 @ $ 9.10",
        f"3 minutes to the bell, {ORDER}",
    ],
)
def test_it_is_the_same_order(one: Callable[[str], Alert], text: str) -> None:
    assert str(one(text)) == ORDER


@pytest.mark.parametrize(
    "text",
    [
        f"{ORDER}, if it reports tomorrow",
        f"{ORDER} after it reports tomorrow",
        f"{ORDER} as a hedge - not an alert",
        f"{ORDER} as a hedge against my shorts never mind",
        f"{ORDER} as a swing, jk",
        f"{ORDER}, don't buy above 245 until it holds",
        "MDB 380c 12/04, paid 9.10, now 14",
        "MDB 380c 12/04, paid 9.10 on Friday",
        "MDB 380c 12/04, paid 9.10. still holding",
        "MDB 380c 12/04 ➡️ 9.10",
        "BTO MDB 380c 12/04 4.20 ➡️ 9.10",
    ],
)
def test_what_changes_it_is_not_passed_over(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)


def test_an_add_may_keep_its_stop_and_count_with_a_plus(one: Callable[[str], Alert]) -> None:
    alert = one("ADD SMCI 40p 12/04 @ .74, +3 cons, SL unchanged")
    assert (str(alert), alert.is_add) == ("BTO 3 SMCI 40p 12/04 @ 0.74", True)
