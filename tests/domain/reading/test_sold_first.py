"""What is sold may open, and what is taken or bought back may be a part: told in sentences it is not guessed."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize(
    "text",
    [
        "I sold two NKE December 18th 62 puts for a credit of 1.37.",
        "Nike is near support. I sold two NKE December 18th 62 puts, collecting 1.37 each.",
        "I own the stock and I like it. I sold two DIS December 18th 110 calls at 2.40.",
        "The wheel keeps turning. I sold two NKE December 18th 62 puts for 1.37.",
        "With IV this high I sold two NVDA Dec 18 170 puts at 4.10.",
        "NVDA looks toppy here, so I sold two Dec 18 190 calls at 4.10.",
        "Vol is rich so I sold SPY 680p 12/4 at 1.20",
        "Sold CRM Dec 18 240 calls at 5.30. I would rather keep the shares.",
        "Sold CRM Dec 18 230 puts at 5.30. I'm happy to own it there.",
        "Fading the pop. I sold 100 NKE shares at 63.10.",
        "Closed NVDA, 2 Dec 18 170 puts for 0.10, max profit",
    ],
)
def test_a_sale_in_words_of_one_that_opens_is_refused(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Into that dip I sold one of my two NKE December 18th 62 puts at 1.37.", "STC 1 NKE 62p 12/18 @ 1.37"),
        ("I sold my NKE December 18th 62 puts at 1.37, the income book needs room.", "STC NKE 62p 12/18 @ 1.37"),
        (
            "Back to income. I sold to open two NKE December 18th 62 puts and collected 1.37.",
            "STO 2 NKE 62p 12/18 @ 1.37",
        ),
    ],
)
def test_what_was_held_and_what_is_said_to_open_is_read(one: Callable[[str], Alert], text: str, order: str) -> None:
    assert str(one(text)) == order


@pytest.mark.parametrize(
    "text",
    [
        "Taking 2 of my NKE 62c 12/18 at 1.37 here",
        "Took two of my NKE 62c 12/18 here at 1.37, leaving three",
        "Taking two of the NKE 62 calls Dec 18 at 1.37, three stay on",
        "With NKE up big, I took two of my Dec 18 62 calls at 1.37.",
    ],
)
def test_some_of_what_is_held_is_not_bought(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)
