"""An entry with the words of a position behind it was made a while ago, and is none now."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

ORDER = "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize(
    "tail",
    [
        "+40% trimming half",
        "trading at 5.10, holding runners",
        ", first trim done",
        ", took some off",
        "PT1 \u2705",
        ", risk free now",
        ", one left",
        "SL 5.00",
        ", stop at break even",
        ", looking good so far",
        ", bid is 5.20",
    ],
)
def test_what_tells_of_a_position_is_no_entry(tail: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER} {tail}")


@pytest.mark.parametrize(
    "tail",
    ["SL 3.00 PT +50%", ", will trim half at +40%", ", -30% stop", "3.00 stop 6.00 target", ", bid 3.95 ask 4.05"],
)
def test_a_plan_for_the_position_leaves_the_entry_what_it_is(tail: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER} {tail}").price is not None
