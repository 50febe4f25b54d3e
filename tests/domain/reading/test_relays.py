"""What a program that relays trades writes around one."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

CONTRACT = "SMCI 12/11/26 $42 Put"
OPENED = f"TradeEcho\nMara opened a position\n{CONTRACT}"
ADDED = f"TradeEcho\nMara added to a position\n{CONTRACT}"
CLOSED = f"Mara closed her position\n{CONTRACT}"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (
            f"TradeEcho\nMara opened a position\n{CONTRACT}\nQty 6 · Fill $1.34 · SL $0.90",
            "BTO 6 SMCI 42p 12/11 @ 1.34",
        ),
        (
            f"TradeEcho\nMara added to a position\n{CONTRACT}\nQty 2 · Fill $1.18 · New avg $1.30",
            "BTO 2 SMCI 42p 12/11 @ 1.18",
        ),
        (
            f"Mara closed her position\n{CONTRACT}\nQty 4 · Entry $1.34 · Exit $1.71 · +31.5%",
            "STC 4 SMCI 42p 12/11 @ 1.71",
        ),
        ("TradeEcho\nMara opened a position\nUBER\n100 shares · Fill $88.20", "BTO 100 UBER @ 88.20"),
        ("BTO CRM 250c 12/4 @ 3.85\nfor a swing\nharbor relay · 2207", "BTO CRM 250c 12/04 @ 3.85"),
        ("NEW POSITION #1183\nAMZN $235 Call · Dec 11\nFilled: $3.20\nContracts: 3", "BTO 3 AMZN 235c 12/11 @ 3.20"),
        ("CLOSED #1183\nAMZN $235 Call · Dec 11\nSold: $4.45 (from $3.20)\nResult: +39%", "STC AMZN 235c 12/11 @ 4.45"),
        (
            "NEW POSITION #7\nSELL TO OPEN\nDAL $62 Put · Dec 18\nFilled: $0.92\nContracts: 2",
            "STO 2 DAL 62p 12/18 @ 0.92",
        ),
    ],
)
def test_the_order_stands_between_what_the_program_says(one: Callable[[str], Alert], text: str, order: str) -> None:
    assert str(one(text)) == order


def test_a_part_of_a_position_is_read(one: Callable[[str], Alert]) -> None:
    alert = one(f"TradeEcho\nMara reduced a position\n{CONTRACT}\nQty 4 of 8 · Fill $1.95 · +50.0%")
    assert (alert.quantity, alert.fraction) == (4, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        f"Paper League\nMara opened a position\n{CONTRACT}\nQty 4 · Fill $1.71",
        f"TradeEcho\nMara edited a trade\n{CONTRACT}\nFill $2.40",
        f"TradeEcho\nMara's position update\n{CONTRACT}\nAvg $1.30 · Mark $1.52",
        f"TradeEcho\nNobody opened a position\n{CONTRACT}\nQty 4 · Fill $1.71",
        "TradeEcho\nMara opened a position\nSMCI 12/11/26 $42/$40 Put\nQty 4 · Fill $1.71",
        f"TradeEcho\nMara reduced a position\n{CONTRACT}\nQty 4 · Left 4 · Fill $1.95",
        "BTO CRM 250c 12/4 @ 3.85\nfor a swing\nrelay test · 2207",
        "UPDATE #1183\nAMZN $235 Call · Dec 11\nFilled: $3.20\nContracts: 3",
        "Benioff sold his position\nCRM 5000 shares\nFill $240.30",
        "Mara opened a position\nCRM 240c 12/18\nQty 2 · Entry $5.30 · Price $7.35",
        "BTO CRM 250c 12/4 @ 3.85\nfor a swing\nmax pain - 250",
    ],
)
def test_what_is_not_understood_around_it_is_refused(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)
