"""The text as a person sees it."""

import pytest

from domain.reading.visible import HIDDEN, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("**BTO** __HON__ ||230c||", "BTO HON 230c"),
        ("### BTO HON 230c", "BTO HON 230c"),
        ("- BTO HON 230c", "BTO HON 230c"),
        ("`BTO HON 230c`", "BTO HON 230c"),
        ("<@&112233> <:bull:9988> BTO HON", "BTO HON"),
        ("BTO HON @market", "BTO HON @market"),
        ("@everyone BTO HON", "BTO HON"),
        ("BTO HON https://charts.example/x/12/04", "BTO HON"),
        ("BTO [HON](https://charts.example/9)", "BTO HON"),
        ("BTO\u00a0HON\u2009230c", "BTO HON 230c"),
        ("1.20\u20131.25", "1.20-1.25"),
        ("12/18 \u2014 1.15", "12/18 - 1.15"),
        ("STC \u00bd HON", "STC 1/2 HON"),
        ("BTO 1\ufe0f\u20e3 HON", "BTO HON"),
        ("\u201cBTO\u201d HON", "BTO HON"),
        ("BTO HO\u200bN", "BTO HON"),
    ],
)
def test_dress_is_taken_off(text: str, seen: str) -> None:
    assert visible(text).split() == seen.split()


@pytest.mark.parametrize("text", ["> BTO HON 230c", ">>> BTO HON\n230c", "~~BTO HON 230c~~"])
def test_quoted_and_withdrawn_words_are_gone(text: str) -> None:
    assert visible(text).strip() == ""


def test_words_under_a_quote_stay() -> None:
    assert visible("> BTO HON\nBTO DE").strip() == "BTO DE"


def test_an_invisible_character_between_digits_leaves_its_mark() -> None:
    assert visible("8\u20658p") == f"8{HIDDEN}8p"


def test_look_alike_letters_are_not_folded() -> None:
    assert visible("\u0412\u0422\u041e") == "\u0412\u0422\u041e"
