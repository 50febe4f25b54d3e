"""How each piece was read."""

from datetime import UTC, datetime

import pytest

from domain.reading.explain import Explained, explain
from tests.domain.reading.scoring import rows

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_each_piece_has_its_role_and_what_it_gave() -> None:
    pieces, reading = explain("BTO 3 HON 230c 12/18 @ 4.00 love it", MONDAY)
    assert pieces[:6] == (
        Explained("BTO", "verb", "action BTO"),
        Explained("3", "number", "quantity 3"),
        Explained("HON", "word", "symbol HON"),
        Explained("230c", "strike", "strike 230, side call"),
        Explained("12/18", "day", "expiry 2026-12-18"),
        Explained("@ 4.00", "mark", "price 4"),
    )
    assert {piece.gave for piece in pieces[6:]} == {"behind the order"}
    assert len(reading.alerts) == 1


def test_the_piece_that_ended_the_reading_says_why() -> None:
    pieces, reading = explain("BTO HON 230 12/18 @ 4.00", MONDAY)
    assert reading.refused is not None
    assert pieces[2] == Explained("230", "number", f"ended it: {reading.refused.detail}")


def test_a_text_without_an_order_has_only_its_reason() -> None:
    pieces, reading = explain("gm all", MONDAY)
    assert pieces == ()
    assert reading.refused is not None


@pytest.mark.parametrize("corpus", ["dev", "rooms", "learned"])
def test_to_explain_changes_nothing(corpus: str) -> None:
    for row in rows(corpus):
        explain(row["text"], MONDAY)
