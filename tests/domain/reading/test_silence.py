"""Which refusals are told: an author whose order was meant should hear of it; talk is passed over."""

from datetime import UTC, datetime

import pytest

from domain.alert import UnreadCode
from domain.reading import read
from tests.domain.reading.scoring import rows

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LEAST_TOLD = 0.75  # of the orders that are built to mislead
MOST_TOLD = 0.05  # of the talk


def is_told(text: str) -> bool:
    refused = read(text, MONDAY).refused
    return refused is not None and refused.is_alert_like


def is_spread(text: str) -> bool:
    refused = read(text, MONDAY).refused
    return refused is not None and refused.code is UnreadCode.MULTI_LEG


@pytest.mark.parametrize(
    "text",
    [
        "BTO HON 230c @ 4.00",
        "BTO HON 230c 12/18 @ 4.00 or 4.20",
        "BTO HON 230c 11/20 @ 4.00",
        "BTO HON 230 12/18 @ 4.00",
        "BTO HON 230/235 call spread 12/18 @ 2.00",
        "BTO \u041dON 230c 12/18 @ 4.00",
        "BTO HON 230c 12/18 @ 4.00 psych",
    ],
)
def test_an_author_whose_order_was_refused_is_told(text: str) -> None:
    assert is_told(text)


@pytest.mark.parametrize(
    "text",
    ["gm all", "HON 230c up 40%", "watching HON 230c 12/18", "BTC 91,800 support", "should we BTO HON 230c 12/18 @ 4?"],
)
def test_talk_is_passed_over_in_silence(text: str) -> None:
    assert not is_told(text)


@pytest.mark.parametrize("corpus", ["dev", "learned"])
def test_the_rooms_are_not_disturbed(corpus: str) -> None:
    negative = [row["text"] for row in rows(corpus) if row["category"] == "negative" and not row["expect"]]
    talk = [is_told(text) for text in negative if not is_spread(text)]
    near = [
        is_told(row["text"])
        for row in rows(corpus)
        if row["category"] == "adversarial" and row["id"][0] != "r" and not read(row["text"], MONDAY).alerts
    ]
    assert sum(talk) / len(talk) <= MOST_TOLD
    assert sum(near) / len(near) >= LEAST_TOLD
