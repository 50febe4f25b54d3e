"""Arrows, tags, tickets, clocks and greetings around an order."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "BTO ➜ TSLA ➜ 437.5C ➜ 12/04 ➜ 7.15",
        "#swing #calls BTO TSLA 437.5c 12/04 @ 7.15",
        "T-201 | IN | TSLA 437.5C | 12/04 | 7.15",
        "OSPREY ⟩ ENTRY ⟩ TSLA 437.5C ⟩ 12/04 ⟩ fill 7.15",
        "Entry Alert | 10:00 AM\nTSLA 437.5C 12/04\nFilled at 7.15",
        "IN | TSLA 12/04 437.5C | 7.15 | Mo",
        "Everyone, I bought TSLA 437.5 calls 12/04 at 7.15",
        "New trade for the swing book: TSLA 437.5c 12/04 at 7.15",
    ],
)
def test_what_stands_around_the_fields_is_no_part_of_them(text: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == ["BTO TSLA 437.5c 12/04 @ 7.15"]


@pytest.mark.parametrize(
    "text",
    [
        "#recap BTO TSLA 437.5c 12/04 @ 7.15",
        "SIM-4 | IN | TSLA 437.5C | 12/04 | 7.15",
        "WATCHLIST | ENTRY | TSLA 437.5C | 12/04 | 7.15",
        "Recap | 10:00 AM\nBTO TSLA 437.5C 12/04\nFilled at 7.15",
        "New trade for the paper account: TSLA 437.5c 12/04 at 7.15",
        "BTO ➜ TSLA ➜ 437.5C ➜ 12/04 ➜ 7.15 ➜ 9.00",
    ],
)
def test_what_stands_around_may_make_it_none(text: str) -> None:
    assert not read(text, AT).alerts
