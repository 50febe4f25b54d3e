"""Prices, parts and counts that are said in passing."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Buying STX 255p 12/04 here, 6.70 is my fill", "BTO STX 255p 12/04 @ 6.70"),
        ("BTC KO 68p 12/18 @ .15, kept 64%", "BTC KO 68p 12/18 @ 0.15"),
        ("lightened my SBUX 90c 12/18 by one at 2.30", "STC 1 SBUX 90c 12/18 @ 2.30"),
        ("Bought puts on CHTR, 210 strike, Dec 11, cost me 3.45", "BTO CHTR 210p 12/11 @ 3.45"),
    ],
)
def test_an_amount_said_in_passing_is_read(text: str, said: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [said]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Cut LRCX 160p 12/18 in half @ 6.6", Decimal("0.5")),
        ("STC NEE 86c 12/18 @ 1.45 leaving 2 of 8", Decimal("0.75")),
        ("STC 75% TTWO 250c 12/18 @ 8.4, last quarter rides", Decimal("0.75")),
    ],
)
def test_a_part_said_in_passing_is_sold(text: str, part: Decimal) -> None:
    assert [alert.fraction for alert in read(text, AT).alerts] == [part]


def test_what_was_sold_in_all_is_a_part_of_unknown_size() -> None:
    alert = read("trimmed UBER 88p 12/04 @ 3.40, that makes 3 of 4 sold", AT).alerts[0]
    assert (alert.fraction, alert.partial) == (None, True)
