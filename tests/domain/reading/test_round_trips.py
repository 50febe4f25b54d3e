"""Results and quotes that look like entries."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread


@pytest.mark.parametrize(
    "text",
    [
        "Took HON 230c 12/18 @ 4.00 for a small loss",
        "Took HON 230c 12/18 4.00 - 5.00 quick scalp",
        "In HON 230c 12/18 4.00 to 5.00",
        "HON 230c 12/18 opened at 4.00",
        "HON 230c 12/18 added 0.40",
        "Open: HON 230c 12/18 @ 4.00",
    ],
)
def test_what_came_of_a_trade_and_where_it_is_quoted_are_no_entry(text: str, refused: Callable[[str], Unread]) -> None:
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "Took HON 230c 12/18 @ 4.00, small",
        "Opened HON 230c 12/18 @ 4.00",
        "HON 230c 12/18 adding 4.00",
        "OPEN: HON 230c 12/18 @ 4.00",
        "BTO HON 230c 12/18 @ 4.00 for a quick profit",
    ],
)
def test_an_entry_in_the_same_words_is_one(text: str, one: Callable[[str], Alert]) -> None:
    assert one(text).price == one("BTO HON 230c 12/18 @ 4.00").price
