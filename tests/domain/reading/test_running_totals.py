"""What is held in all, and parts counted in words."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize(
    "told",
    ["now 5, avg .70", "holding 2 now", "that makes five in all", "Three on now", "have 4 total", "up to 6 contracts"],
)
def test_a_total_behind_an_add_is_not_what_is_bought(one: Callable[[str], Alert], told: str) -> None:
    assert str(one(f"Added 1 INTC 40c 12/11 at .61, {told}")) == "BTO 1 INTC 40c 12/11 @ 0.61"


def test_more_of_them_is_what_is_bought(one: Callable[[str], Alert]) -> None:
    assert str(one("Adding to LUNR 11c 12/18 @ .52, 10 more cons")) == "BTO 10 LUNR 11c 12/18 @ 0.52"


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("STC INTC 40c 12/11 at .90\nfirst of three", "0.333"),
        ("Sold everything I had left in the INTC 40c 12/11 at .90", "1.000"),
    ],
)
def test_parts_are_said_in_words(one: Callable[[str], Alert], text: str, fraction: str) -> None:
    assert f"{one(text).fraction:.3f}" == fraction


def test_a_little_of_it_is_a_part(one: Callable[[str], Alert]) -> None:
    assert one("I trimmed a little of the INTC 40c 12/11 at .90").partial


@pytest.mark.parametrize("text", ["Sold 1 INTC 40c 12/11 at .90, now 5", "In INTC 40c 12/11 at .61, holding 2 now"])
def test_elsewhere_a_total_is_refused(refused: Callable[[str], Unread], text: str) -> None:
    assert refused(text)
