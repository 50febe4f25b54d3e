"""A fill as a platform shows it, and the words under it that say what it was for."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

SOLD = "SOLD -4 HOOD 100 18 DEC 26 125 CALL @5.90 CBOE"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (f"{SOLD}\nhalf off", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nrest gone. +54% blended", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nTaking a third off, two left.", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nThat's the last Robinhood, out completely.", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nInsurance paid out, all gone.", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nall 4", "STC 4 HOOD 125c 12/18 @ 5.90"),
        (f"{SOLD}\nto open, covered by my shares", "STO 4 HOOD 125c 12/18 @ 5.90"),
        ("BOT +2 INTC 100 18 DEC 26 37 PUT @.44\nbuying back the puts i sold at .71", "BTC 2 INTC 37p 12/18 @ 0.44"),
        ("BOT +2 INTC 100 18 DEC 26 37 PUT @.44\nfor the dip", "BTO 2 INTC 37p 12/18 @ 0.44"),
        ("SOLD -1 /MES @6846.50\nflat, +8.25", "STC 1 /MES @ 6846.50"),
        ("SOLD -50 SOFI @28.15\nhalf the shares", "STC 50 SOFI @ 28.15"),
    ],
)
def test_the_words_say_whether_it_opened_or_closed(one: Callable[[str], Alert], text: str, order: str) -> None:
    assert str(one(text)) == order


@pytest.mark.parametrize(
    ("said", "fraction"),
    [("half off", "0.5"), ("trim, 4 of 16", "0.25"), ("last 4, done", "1"), ("Closed all four.", "1")],
)
def test_the_words_say_how_much(one: Callable[[str], Alert], said: str, fraction: str) -> None:
    assert f"{one(f'{SOLD}{chr(10)}{said}').fraction:f}".rstrip("0").rstrip(".") == fraction


@pytest.mark.parametrize(
    "said",
    [
        "how do u copy it like that",
        "all, naked calls into the close",
        "flat\ntheta gang",
        "partial, limit was for 10",
        "half out, students account",
        "half of you asked for this",
        "all my friends did too",
        "out yesterday",
        "Closed both eyes, rolled the dice.",
        "The last strike, safe.",
        "out. this was friday",
        "out of the way, was a test",
        "last one was better, opening another",
        "flat to open the day, to open more",
        "BOT +4 HOOD 100 18 DEC 26 130 CALL @3.95\nroll preview",
    ],
)
def test_other_words_leave_it_open(refused: Callable[[str], Unread], said: str) -> None:
    assert refused(f"{SOLD}\n{said}")
