"""How a pattern says that its matches begin, and what a text's words begin with."""

import pytest

from domain.reading.beginnings import SIGN_FIRST, beginnings_in, beginnings_of


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [
        ("if", {"if ", "if's"}),
        ("unfilled", {"unfi"}),
        ("plans? to", {"plan"}),
        ("an? idea", {"an ", "a "}),
        ("i'?ll buy", {"i'll", "ill "}),
        ("(?:he|she)(?: just)? sold", {"he ", "she "}),
        ("(?:very )*good", {"very", "good"}),
        ("(?<!for )once(?! more)", {"once"}),
        ("re-?enter", {"re ", "reen"}),
        (r"h ?/ ?t", {"h "}),
        (r"\w+ed", {""}),
        ("→", {SIGN_FIRST, ""}),
    ],
)
def test_a_pattern_tells_how_a_word_of_its_matches_begins(pattern: str, beginnings: set[str]) -> None:
    assert beginnings_of(pattern) == beginnings


def test_a_number_may_begin_with_any_digit_and_a_sign_before_it() -> None:
    assert beginnings_of(r"\$?\d+") == {SIGN_FIRST, *"0123456789"}


def test_the_words_of_a_text_are_known_by_their_first_letters() -> None:
    places = beginnings_in("If it's Re-entered, buy")
    assert {beginning for beginning in places if len(beginning) > 2} == {"if ", "it's", "re ", "ente", "buy "}
    assert places["i"] == [0, 3]


def test_a_letter_that_matches_ours_in_any_case_begins_the_same_word() -> None:
    assert beginnings_in("\u0130f \u017fold \u212aeep").keys() >= {"if ", "sold", "keep"}
