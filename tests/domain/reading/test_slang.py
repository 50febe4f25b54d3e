"""Turns of a room's talk."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("half my txn 18dec 182.5p gone at 4.6", "STC TXN 182.5p 12/18 @ 4.6"),
        ("Selling what's left of NVDA 12/4 182.5c into this push, 3.05", "STC NVDA 182.5c 12/04 @ 3.05"),
        ("bought the 220 AMD calls for 12/04, 3.85", "BTO AMD 220c 12/04 @ 3.85"),
        ("covered 1 of 2 /ES 6839.25", "BTC 1 /ES @ 6839.25"),
        ("copped 1 COST 12/11 890p 5.05", "BTO 1 COST 890p 12/11 @ 5.05"),
    ],
)
def test_a_turn_of_phrase_is_the_order_that_it_says(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "he copped 1 COST 12/11 890p 5.05",
        "half my nvda 185c gone, 4.20 to 2.10",
        "/ES covered 6839.25 gap",
        "bought the 50 AMD calls for 12/04, 3.85",
        "QQQ 624c half off 1.40 high",
    ],
)
def test_talk_in_the_same_words_is_none(text: str) -> None:
    assert not read(text, AT).alerts
