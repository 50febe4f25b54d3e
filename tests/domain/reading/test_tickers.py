"""Which words are tickers."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread, UnreadCode
from domain.reading.tickers import ticker


@pytest.mark.parametrize(
    ("word", "symbol"),
    [
        ("HON", "HON"),
        ("hon", "HON"),
        ("Hon", "HON"),
        ("BF.B", "BF.B"),
        ("googl", "GOOGL"),
        ("MESZ6", "/MESZ6"),
        ("Ford", None),
        ("apple", None),
        ("not", None),
        ("THE", None),
        ("TOOLONG", None),
        ("HO\u041d", None),
    ],
)
def test_a_word_as_ticker(word: str, symbol: str | None) -> None:
    assert ticker(word) == symbol


@pytest.mark.parametrize("symbol", ["ON", "ALL", "OUT", "NOW", "OPEN", "TGT", "A", "W", "C", "X", "GM"])
def test_a_word_of_ours_is_a_ticker_where_the_ticker_stands(symbol: str, one: Callable[[str], Alert]) -> None:
    assert one(f"BTO {symbol} 52c 12/18 @ 1.10").symbol == symbol


def test_all_is_an_amount_when_closing(refused: Callable[[str], Unread]) -> None:
    assert refused("STC ALL 6855C 0DTE @ 5.80").code is UnreadCode.INCOMPLETE


@pytest.mark.parametrize("text", ["BTO SPX @ 4.20", "BTO HON @ 2.20", "BTO 100 HON @ 2.20", "BTO HON 12/18 @ 220.5"])
def test_an_option_is_never_read_as_shares(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text).code is UnreadCode.INCOMPLETE


def test_a_future_without_its_slash_may_be_the_share(refused: Callable[[str], Unread]) -> None:
    assert refused("BTO 1 ES @ 6850").code is UnreadCode.AMBIGUOUS
