"""Remarks behind an entry, and the lines of a room's footer."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

ORDER = "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize("remark", ["giddyup", "- kai", ", breathe", "into the readout", "send it", "(day 1 of 3)"])
def test_an_unknown_remark_is_talk(remark: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER} {remark}").price == one(ORDER).price


@pytest.mark.parametrize(
    "remark", ["killed it", "scrubbed", "no bid", "order sent", "bazinga", "banger", "by Bob", "nobody filled", "undo"]
)
def test_a_remark_that_takes_an_entry_back_is_heard(remark: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER} - {remark}")


@pytest.mark.parametrize(
    "footer",
    [
        "- Theo, Iron Oak Trading",
        "Not advice. Past results don't guarantee future results.",
        "Sent from my iPhone",
        "Reply STOP to opt out.",
        "-# posted by signal relay",
    ],
)
def test_a_footer_says_nothing(footer: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER}\n{footer}") == one(ORDER)


@pytest.mark.parametrize("footer", ["posted by a whale tracker", "for educational purposes", "paper account"])
def test_a_footer_that_says_it_is_not_meant_is_heard(footer: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER}\n{footer}")
