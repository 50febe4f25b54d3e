"""An order that its author states among other sentences."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

STATED = "I bought two DIS December 18th 110 calls at 2.40"
ORDER = "BTO 2 DIS 110c 12/18 @ 2.40"


@pytest.mark.parametrize(
    "text",
    [
        f"All right, here is my first trade of the day. {STATED}.",
        f"It is time to take the plunge. {STATED}, because I want time on my side.",
        f"The parks are busy, so {STATED}.",
        f"In the growth portfolio {STATED}.",
        f"For those who follow the growth portfolio: {STATED}, and I hope it works.",
        "I put on a hedge and bought two DIS December 18th 110 calls at 2.40.",
        "DIS held its base, so I bought two of the December 18th 110 calls for 2.40.",
        "I have bought two contracts of DIS, the December 18th 110 call, and paid 2.40 per contract.",
        "I also bought a little something, two DIS December 18th 110 calls at 2.40.",
    ],
)
def test_the_sentence_that_orders_is_found(one: Callable[[str], Alert], text: str) -> None:
    assert str(one(text)) == ORDER


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Earnings are on Wednesday, so I am closing my CRM Dec 18 250 calls at 7.35.", "STC CRM 250c 12/18 @ 7.35"),
        (
            "I have closed the PEP December 4th 145 put that we were short, buying it back for 0.08.",
            "BTC PEP 145p 12/04 @ 0.08",
        ),
        ("Back to income. I sold to open one KO December 18th 70 put and collected 0.62.", "STO 1 KO 70p 12/18 @ 0.62"),
        (
            "I sold all three of my BAC December 18th 55 calls for 0.70, and yes, we paid 1.25.",
            "STC 3 BAC 55c 12/18 @ 0.70",
        ),
    ],
)
def test_what_closes_is_found_as_well(one: Callable[[str], Alert], text: str, order: str) -> None:
    assert str(one(text)) == order


def test_a_part_keeps_its_rest(one: Callable[[str], Alert]) -> None:
    alert = one(
        "Time for a profit. I sold one of my two DIS December 18th 110 calls at 4.40, which we bought for 2.60."
    )
    assert (alert.quantity, alert.fraction) == (1, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        f"Last year was different. Back then {STATED[0].lower()}{STATED[1:]}.",
        f"Let me give you an example. Say {STATED}.",
        "Imagine the base holds and I bought two DIS December 18th 110 calls at 2.40.",
        f"Marta and {STATED}.",
        f"As I said this morning, {STATED}.",
        f"My wife asked me why. {STATED}, she said.",
        f"Funny how it works. {STATED[2:].capitalize()}, it dropped.",
        f"{STATED}, but the order was never filled.",
        f"{STATED}, and that was a mistake on Friday.",
        f"{STATED}. Correction, it was the 115 calls.",
        f"{STATED} and sold two of the 120 calls at 0.90.",
        f"If it holds, {STATED}.",
        f"My friend is bullish on parks. {STATED[2:].capitalize()}.",
        "I would have bought two DIS December 18th 110 calls at 2.40.",
        "The plan was simple: I bought two DIS December 18th 110 calls at 2.40, and it should work on paper.",
    ],
)
def test_another_day_another_person_and_an_example_are_none(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)
