"""How the words of a text begin, and how a match of a pattern can begin: a text without such a word has no match.

A beginning is a word's first one, two or four letters, in small ones. A space behind them says that the word is over.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_LONGEST = 4  # letters of a beginning
_MIDDLE = 2
SIGN_FIRST = "\0"
_WORDS = 4096  # whose beginnings are kept
_TEXTS = 16  # each is searched for a dozen lists of phrases, one after the other
_WORD = re.compile(r"[\w']+")
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|.", re.DOTALL)
_QUANTIFIER = re.compile(r"(?:[?*+]|\{[\d,]+\})\??")
_BRACKET = re.compile(r"\((?:\?(?P<kind><?[=!]|-?i?:))?")
_NOTHING = ("^", "$", r"\b")
_FEW_LETTERS = re.compile(r"\[[A-Za-z0-9 ']{1,12}\]")
_ALIKE = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")  # the only letters that match one of ours in any case
_DIGITS = "0123456789"


class _Heads(NamedTuple):
    """Beginnings that may go on, and those that are whole."""

    going_on: frozenset[str]
    whole: frozenset[str] = frozenset()


def beginnings_of(phrase: str) -> frozenset[str]:
    """How one word of any match begins, as a pattern says it; the empty one where that can't be told.

    The pattern's match begins, and ends, with whole words. With a sign, which is no word, it may begin before that one:
    then `SIGN_FIRST` is told, too.
    """
    heads = _read(phrase, frozenset([""]))
    ended = {_cut(f"{head}{end}") if head else "" for head in heads.going_on for end in (" ", "'s ")}
    return frozenset(map(_told, heads.whole | ended))


def _told(beginning: str) -> str:
    """As many of its letters as are looked for."""
    return beginning[:_MIDDLE] if len(beginning) < _LONGEST and not beginning.endswith(" ") else beginning


@lru_cache(maxsize=_TEXTS)
def beginnings_in(text: str) -> Mapping[str, Sequence[int]]:
    """The beginnings of all words of a text, each with the places of its words."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for word in _WORD.finditer(text):
        place = word.start()
        for beginning in _of_word(word[0]):
            places[beginning].append(place)
    return places


@lru_cache(maxsize=_WORDS)
def _of_word(word: str) -> frozenset[str]:
    whole = _cut(f"{word.translate(_ALIKE).lower()} ")
    return frozenset([whole[:1], whole[:_MIDDLE], whole])


def _read(pattern: str, heads: frozenset[str]) -> _Heads:
    """The heads with the pattern behind them."""
    going_on, whole = heads, frozenset[str]()
    for piece, quantifier in _pieces(pattern):
        with_it = _with(piece, going_on)
        whole |= with_it.whole
        if quantifier in ("", "?"):
            going_on = with_it.going_on | (going_on if quantifier else frozenset())
            continue
        whole |= with_it.going_on - going_on  # how often it comes is not told
        going_on = with_it.going_on & going_on if quantifier == "+" else going_on
    return _Heads(going_on, whole)


def _with(piece: str, heads: frozenset[str]) -> _Heads:
    """The heads with one piece of a pattern behind them: a letter, a class of them, or a bracket."""
    if piece.startswith("("):
        found = _BRACKET.match(piece)
        is_around = found is not None and found["kind"] in ("=", "!", "<=", "<!")  # it looks there, and takes nothing
        return _Heads(heads) if is_around or found is None else _any(_choices(piece[found.end() : -1]), heads)
    if piece in _NOTHING:
        return _Heads(heads)
    if piece == r"\d" or _FEW_LETTERS.fullmatch(piece):
        return _any(list(_DIGITS if piece == r"\d" else piece[1:-1]), heads)
    letter = piece[-1].lower() if len(piece) == 1 or not piece[1].isalpha() else ""
    if piece.startswith("[") or piece == "." or not (letter or piece == r"\s"):
        return _Heads(frozenset(), heads)
    if not (letter.isalnum() or letter in ("'", "_")):  # between two words, or before the first
        return _Heads(heads & {""}, frozenset(_cut(f"{head} ") if head else SIGN_FIRST for head in heads))
    longer = frozenset(_cut(f"{head}{letter}") for head in heads)
    return _Heads(
        frozenset(head for head in longer if len(head) < _LONGEST),
        frozenset(head for head in longer if len(head) == _LONGEST),
    )


def _any(choices: list[str], heads: frozenset[str]) -> _Heads:
    found = [_read(choice, heads) for choice in choices]
    return _Heads(
        frozenset().union(*(each.going_on for each in found)), frozenset().union(*(each.whole for each in found))
    )


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The pieces of a pattern, each with its quantifier's sign."""
    at = 0
    while at < len(pattern):
        end = _end(pattern, at)
        found = _QUANTIFIER.match(pattern, end)
        yield pattern[at:end], found[0][0] if found else ""
        at = found.end() if found else end


def _end(pattern: str, at: int) -> int:
    """Where the piece ends that begins there."""
    depth = 0
    for piece in _PIECE.finditer(pattern, at):
        depth += (piece[0] == "(") - (piece[0] == ")")
        if not depth:
            return piece.end()
    raise ValueError(f"a bracket that does not end: {pattern}")


def _choices(inner: str) -> list[str]:
    """What stands between the bars of a bracket."""
    choices, depth = [""], 0
    for piece in _PIECE.findall(inner):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            choices.append("")
        else:
            choices[-1] += piece
    return choices


def _cut(beginning: str) -> str:
    return beginning[:_LONGEST]
