"""Fills as brokers write them."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (
            "YOU SOLD CLOSING TRANSACTION CALL (INTC) INTEL CORP DEC 18 26 $40 (100 SHS) 3 @ $1.66",
            "STC 3 INTC 40c 12/18 @ 1.66",
        ),
        (
            "Your limit order to sell to close 5 CCL $28 Calls exp 12/4/26 was filled at $0.83 per share",
            "STC 5 CCL 28c 12/04 @ 0.83",
        ),
        ("SOLD -4 ORCL 100 (Weeklys) 11 DEC 26 232.5 CALL @4.70 TO CLOSE", "STC 4 ORCL 232.5c 12/11 @ 4.70"),
        (
            "SOLD -4 ORCL 100 (Weeklys) 11 DEC 26 232.5 CALL @4.70 to close, all of them",
            "STC 4 ORCL 232.5c 12/11 @ 4.70",
        ),
        ("SOLD -2 DIS 100 18 DEC 26 105 PUT @1.62 to open, happy to own it", "STO 2 DIS 105p 12/18 @ 1.62"),
        ("BOT +4 ORCL 100 (Weeklys) 11 DEC 26 232.5 CALL @3.85 CBOE", "BTO 4 ORCL 232.5c 12/11 @ 3.85"),
    ],
)
def test_a_fill_is_the_order_that_was_filled(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "Your limit order to buy 5 CCL $28 Calls exp 12/4/26 was placed at $0.83",
        "Your paper order to buy 5 CCL $28 Calls exp 12/4/26 was filled at $0.83",
        "SOLD -4 ORCL 100 (Weeklys) 11 DEC 26 232.5 CALL @4.70",
        "BOT +5 SPY 100 (Weeklys) 4 DEC 26 685 CALL @1.12 CBOE CANCELLED",
    ],
)
def test_an_order_that_is_not_filled_or_not_meant_is_none(text: str) -> None:
    assert not read(text, AT).alerts
