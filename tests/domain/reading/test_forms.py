"""Cards that tell where an order came from, and levels that were hit."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("TRIM\nVRT 12/18 180C\nEntry 8.25 -> Exit 10.40\nSold: 50%", "STC VRT 180c 12/18 @ 10.40"),
        ("SL hit on DASH 215c 12/18 @ 4.50", "STC DASH 215c 12/18 @ 4.50"),
        ("Ticker - DASH\nStrike - 215 Call\nExp - 12/18\nEntry - 6.30", "BTO DASH 215c 12/18 @ 6.30"),
        ("Order: BTO BROS 58c 12/11 @ 1.42 | Status: FILLED", "BTO BROS 58c 12/11 @ 1.42"),
    ],
)
def test_the_order_of_a_card_is_read(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "VRT 12/18 180C\nEntry 8.25 -> Exit 10.40",
        "WATCH\nVRT 12/18 180C\nEntry 8.25 -> Exit 10.40",
        "Order: BTO BROS 58c 12/11 @ 1.42 | Status: WORKING",
        "SL hit on DASH 215c 12/18 @ 4.50 yesterday",
        "TP1 hit DASH 215c 12/18 8.40",
    ],
)
def test_a_result_or_a_plan_on_a_card_is_none(text: str) -> None:
    assert not read(text, AT).alerts
