"""Words that only lead to an order."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("We just bought CTVA 67.5c 12/18 at 1.50", "BTO CTVA 67.5c 12/18 @ 1.50"),
        ("TRV filled after all: bought 2 TRV 280c 12/18 at 3.10", "BTO 2 TRV 280c 12/18 @ 3.10"),
        ("took 10 AAL 14.5 calls for 12/11, thirty two cents", "BTO 10 AAL 14.5c 12/11 @ 0.32"),
        ("STC ALL 215c 12/18 @ 4.4", "STC ALL 215c 12/18 @ 4.4"),
    ],
)
def test_what_leads_to_an_order_says_nothing_to_it(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "They just bought CTVA 67.5c 12/18 at 1.50",
        "TRV never filled after all: bought 2 TRV 280c 12/18 at 3.10",
        "STC ALL 15c 12/18 @ 4.4",
        "STC ALL 215c 12/18 @ 4.4 NVDA position flat",
    ],
)
def test_others_words_and_doubtful_symbols_are_none(text: str) -> None:
    assert not read(text, AT).alerts
