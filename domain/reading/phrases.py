"""Lists of phrases as one pattern: how a text is searched for any of hundreds at once.

Nearly every text holds none of them, which the words' first letters tell sooner than the pattern can.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.reading.beginnings import SIGN_FIRST, beginnings_in, beginnings_of

_LETTER_FIRST = re.compile(r"([a-z])(?![?*+{|])(?!.*\|(?![^(]*\)))", re.IGNORECASE)  # and no choice outside of brackets
_GOES_ON = re.compile(r"\|\\\n\s*")  # a choice that is broken over lines ends with `|\`
_UP_TO = re.compile(r"<(\d)>")
_SUBJECT = re.compile(r"<(?:\d|it)>")
_UP_TO_FIRST = re.compile(r"\A<\d>")
_LATER_WORD = re.compile(r"\^?<")  # a phrase that other words stand before
_PHRASES = 4096  # compiled when a text first has their word
_IT = (
    r"(?:^|(?:it|this|that|they|these|those|we|i|you|he|she|who|which|everyone|everybody|and|also|already|bot"
    r"|trade|play|alert|call|signal|entry|one|position|order|fill|option|contract) )"
    r"(?:(?:just|already|finally|really|never|also|then|only|has|have|had|almost|even|all|got) ){0,2}"
)
_RELATION = (
    r"(?:(?:my|a|our|his|her|the) )?(?:wife|husband|friend|buddy|pal|mate|brother|sister|dad|mom|father|mother|son"
    r"|uncle|aunt|cousin|neighbou?r|barber|boss|client|colleague|coworker|roommate|mentor|girlfriend|boyfriend|bro"
    r"|plumber|dentist|doctor)s?(?:'s)?(?: in law(?:'s)?)?"
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """A list of phrases, with the methods of a pattern."""

    pattern: re.Pattern[str]
    at_word: Mapping[str, Sequence[str]]  # phrases that begin with a word, by its beginning
    around: Mapping[str, Sequence[str]]  # phrases that have such a word somewhere
    others: Sequence[str]  # phrases of which nothing can be told

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self.pattern.search(text) if self._is_in(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """The match with which the text begins."""
        return self.pattern.match(text)

    def sub(self, instead: str, text: str) -> str:
        """The text with something else instead of each match."""
        return self.pattern.sub(instead, text) if self._is_in(text) else text

    def split(self, text: str) -> list[str]:
        """The text between the matches."""
        return self.pattern.split(text) if self._is_in(text) else [text]

    def _is_in(self, text: str) -> bool:
        places = beginnings_in(text)
        for beginning in self.at_word.keys() & places.keys():
            for phrase in map(_alone, self.at_word[beginning]):
                if any(phrase.match(text, place) for place in places[beginning]):
                    return True
        near = {phrase for beginning in self.around.keys() & places.keys() for phrase in self.around[beginning]}
        return any(_alone(phrase).search(text) for phrase in (*near, *self.others))


def any_of(phrases: str) -> Phrases:
    """Any of the phrases, as whole words. Phrases are patterns, with commas between.

    `<2>` stands for up to two words, `<it>` for the order, or us, as the subject of what
    follows, `<relation>` for a relative or a friend.
    """
    patterns = [" ".join(phrase.split()) for phrase in _GOES_ON.sub("|", phrases).split(",")]
    at_word: dict[str, list[str]] = {}
    around: dict[str, list[str]] = {}
    others: list[str] = []
    for pattern in patterns:
        if pattern.count("(") != pattern.count(")"):
            raise ValueError(f"a comma within a pattern: {pattern}")
        phrase = _UP_TO_FIRST.sub("", pattern)  # with a word before it, or without: it is in the text
        beginnings = beginnings_of(_SUBJECT.sub("", phrase.replace("<relation>", _RELATION)))
        if "" in beginnings:
            others.append(phrase)
            continue
        by_word = around if SIGN_FIRST in beginnings or _LATER_WORD.match(phrase) else at_word
        for beginning in beginnings:
            by_word.setdefault(beginning, []).append(phrase)
    return Phrases(_compiled(patterns), at_word, around, others)


@lru_cache(maxsize=_PHRASES)
def _alone(phrase: str) -> re.Pattern[str]:
    return _compiled([phrase])


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """Grouped by their first letter: the engine tries one letter for each group, not every phrase at every word."""
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        begins = _LETTER_FIRST.match(pattern)
        groups.setdefault(begins[1].lower() if begins else "", []).append(pattern)
    alternatives = [
        f"{letter}(?:{'|'.join(pattern[1:] for pattern in patterns)})" if letter else "|".join(patterns)
        for letter, patterns in groups.items()
    ]
    pattern = _UP_TO.sub(r"(?:[\\w'-]+ ){0,\1}", "|".join(alternatives)).replace("<it>", _IT)
    pattern = pattern.replace("<relation>", _RELATION)
    return re.compile(rf"(?<![\w'])(?:{pattern})(?:'s)?(?![\w'])", re.IGNORECASE)
