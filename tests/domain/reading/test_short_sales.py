"""Shares and futures that are sold: held before, or sold short."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "sold half /CL 58.20, target 57",
        "SLD 1 /CL 58.20 stop 58.60",
        "dumped 2 /ES at 6850 stop 6856",
        "sold 100 TSLA 420.50 stop 425",
        "sold 100 TSLA shares @ 420.50 target 405",
    ],
)
def test_a_sale_that_may_be_short_is_none(text: str) -> None:
    assert not read(text, AT).alerts


@pytest.mark.parametrize("text", ["sold half my /CL 58.20", "out of 2 /ES 6850.25", "sold 100 shares of TSLA @ 420.50"])
def test_what_was_held_is_sold(text: str) -> None:
    assert [alert.action for alert in read(text, AT).alerts] == ["STC"]
