"""A list of phrases is in a text where its whole pattern is, however it is looked for."""

import re
from itertools import chain

import pytest

from domain.reading import (
    amount_words,
    before,
    closing_words,
    evidence,
    kept,
    not_now,
    second_thoughts,
    sentences,
    shared_parts,
)
from domain.reading.phrases import Phrases, any_of
from tests.domain.reading.scoring import rows

LISTS = [
    (f"{module.__name__.rpartition('.')[2]}.{name}", phrases)
    for module in (
        amount_words,
        before,
        closing_words,
        evidence,
        kept,
        not_now,
        second_thoughts,
        sentences,
        shared_parts,
    )
    for name, phrases in vars(module).items()
    if isinstance(phrases, Phrases)
]
TEXTS = [row["text"] for corpus in ("dev", "rooms") for row in rows(corpus)]
PIECES = sorted(set(chain.from_iterable(re.split(r"[\n,.]", text) for text in TEXTS)))
OWN_WORDS = [" ".join(re.findall(r"[A-Za-z']+|\d", phrases.pattern.pattern)) for _, phrases in LISTS]


@pytest.mark.parametrize(("name", "phrases"), LISTS, ids=[name for name, _ in LISTS])
def test_a_phrase_is_found_wherever_the_whole_pattern_finds_one(name: str, phrases: Phrases) -> None:
    windows = (words[at : at + 40] for words in OWN_WORDS for at in range(0, len(words), 40))
    for text in chain(PIECES, windows):
        whole, found = phrases.pattern.search(text), phrases.search(text)
        assert (found and found.span()) == (whole and whole.span()), (name, text)


@pytest.mark.parametrize("text", ["so I would", "he would", "would", "the old alert", "that is it"])
def test_words_may_stand_before_a_phrase(text: str) -> None:
    phrases = any_of("<2>would, <1>old alert, ^<2>it, <it>is it")
    assert (phrases.search(text) is None) is (phrases.pattern.search(text) is None)


def test_what_is_not_there_is_left_alone() -> None:
    phrases = any_of("even if, as if")
    assert phrases.sub(" ", "if only") == "if only"
    assert phrases.split("if only") == ["if only"]
    assert phrases.sub("-", "even if it runs") == "- it runs"


def test_a_comma_within_a_pattern_is_no_list() -> None:
    with pytest.raises(ValueError, match="a comma within a pattern"):
        any_of("a{1,2} (?:b, c)")
