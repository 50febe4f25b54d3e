"""The price of a close, among what was paid and what it made."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread

HELD = "HON 230c 12/18"


@pytest.mark.parametrize(
    "text",
    [
        f"STC {HELD} paid 4.20, sold 6.00",
        f"STC {HELD} avg cost 4.20, out 6.00",
        f"STC {HELD} in at 4.20 out at 6.00",
        f"Sold {HELD} 4.20 cost basis",
        f"STC {HELD} for .40 profit",
        f"Sold {HELD} for a .35 gain",
        f"Closed {HELD} for $85 loss",
        f"Closed {HELD} 4.40 - 4.60 for a small gain",
        f"STC {HELD} 4.40/4.60 +5%",
        f"STC {HELD} @ 600",
        f"STC {HELD} @ 6.00, 6.40 on the other half",
        f"STC {HELD} @ 6.00, other 2 for 6.40",
        f"STC {HELD} @ 6.00 half, rest sold at 6.40",
        f"Close\nContract: {HELD}\nCost: 5.10",
    ],
)
def test_a_number_that_may_be_another_than_the_price_is_refused(text: str, refused: Callable[[str], Unread]) -> None:
    refused(text)


@pytest.mark.parametrize("words", ["paid 4.20", "in at 4.20", "from 4.20", "bought at 4.20", "(entry 4.20)", "+1.80"])
def test_what_was_paid_is_told_behind_the_price(words: str, one: Callable[[str], Alert]) -> None:
    assert one(f"STC {HELD} @ 6.00 {words}").price == Decimal("6.00")


@pytest.mark.parametrize(
    "text",
    [
        "Sold HON 220p 12/18 @ 2.10, happy to own it there",
        "Sold HON 240c 12/18 @ 2.10 against my shares",
        "Sold HON 220p 12/18 @ 2.10 for income",
        "Sold a put HON 220p 12/18 @ 2.10",
        "Bought back HON 230c 12/18 @ 3.40, stop 2.80",
        "Bought back HON 230c 12/18 @ 3.40, re-entry",
        "Sold 900 HON 230c 12/18 @ 6.00 on the bid",
    ],
)
def test_a_sale_that_may_open_and_a_purchase_that_may_not_close_are_refused(
    text: str, refused: Callable[[str], Unread]
) -> None:
    refused(text)
