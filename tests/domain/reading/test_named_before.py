"""A symbol that is named in the sentence before its order."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_symbol_named_in_the_sentence_before_is_the_orders() -> None:
    text = "GS is through 848. Long the Jan 15th 870c at 13.60, quarter size."
    assert [str(alert) for alert in read(text, AT).alerts] == ["BTO GS 870c 01/15 @ 13.60"]


@pytest.mark.parametrize(
    "text",
    [
        "SPY holding 684, taking the 182.5c 12/4 for 2.05",
        "NVDA over 181, taking the 182.5c 12/4 for 2.05",
        "NVDA if holding 181, taking the 182.5c 12/4 for 2.05",
        "VIX is over 20. Took the 25c 12/16 at 2.05",
        "AMD triggered, missed the 220c 12/11 at 3.10",
    ],
)
def test_a_level_of_another_symbol_and_a_condition_name_none(text: str) -> None:
    assert not read(text, AT).alerts
