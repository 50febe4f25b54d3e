"""What holds for any text."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.alert import Action, Reading
from domain.reading import read
from tests.domain.reading.scoring import rows

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TEXTS = [row["text"] for corpus in ("dev", "rooms", "own", "learned", "titles") for row in rows(corpus)]
ORDERS = [row["text"] for row in rows("own") if len(row["expect"]) == 1 and "\n" not in row["text"]]
# A contract alone with its price is an order only where nothing else stands beside it.
SAID = [text for text in ORDERS if any(word.startswith(("verb", "in ")) for word in read(text, MONDAY).read_as)]
WORDS = sorted({word for text in TEXTS for word in text.split()})


def asked(text: str) -> Reading:
    return read(text, MONDAY)


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
def test_any_text_is_read_or_refused_and_never_both(text: str) -> None:
    reading = asked(text)
    assert bool(reading.alerts) != (reading.refused is not None)


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_every_alert_is_whole(text: str) -> None:
    for alert in asked(text).alerts:
        assert (alert.strike is None) == (alert.option_type is None) == (alert.expiry is None)
        assert alert.limit is None or alert.limit > 0
        assert alert.quantity is None or alert.quantity > 0
        assert alert.fraction is None or 0 < alert.fraction <= 1
        assert alert.expiry is None or alert.expiry >= MONDAY.date()


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=200))
def test_nothing_is_traded_without_a_digit(text: str) -> None:
    assert asked(text).alerts == ()


@given(st.sampled_from(TEXTS))
def test_a_text_is_read_the_same_twice(text: str) -> None:
    assert asked(text) == asked(text)


@example("Buying UAL 105p 12/11 @ 2.35 (hedge)", "__")
@given(st.sampled_from(SAID), st.sampled_from(["**", "__", "`", " ", "\n", "||", "\u00a0", "\U0001f680 ", "\u200b"]))
def test_dress_around_an_order_changes_nothing(text: str, dress: str) -> None:
    assert asked(f"{dress}{text}{dress}").alerts == asked(text).alerts


@given(st.sampled_from(TEXTS), st.sampled_from(["> ", ">>> "]))
def test_a_quote_is_never_traded(text: str, mark: str) -> None:
    assert asked(mark + text.replace("\n", " ")).alerts == ()


@given(st.sampled_from(TEXTS))
def test_a_question_is_never_traded(text: str) -> None:
    assert asked(f"{text.split(chr(10))[0]} ?").alerts == ()


@given(st.sampled_from(ORDERS), st.sampled_from(["not an alert", "jk", "paper trade", "not filled", "cancelled"]))
def test_a_withdrawn_order_is_never_traded(text: str, words: str) -> None:
    assert asked(f"{text} - {words}").alerts == ()


@pytest.mark.parametrize("words", [" - not an alert", " never mind"])
def test_no_remark_takes_a_withdrawal_with_it(words: str) -> None:
    """Every order of one line in every corpus: what is passed over behind an order may be of many words."""
    assert [text for text in TEXTS if "\n" not in text and asked(f"{text}{words}").alerts] == []


@given(st.sampled_from(ORDERS))
def test_a_look_alike_letter_in_the_ticker_is_never_traded(text: str) -> None:
    alerts = asked(text).alerts
    if alerts and "A" in alerts[0].symbol and alerts[0].action is Action.BTO:
        alike = alerts[0].symbol.replace("A", "\u0410")
        assert asked(re.sub(alerts[0].symbol, alike, text, flags=re.IGNORECASE)).alerts == ()
