"""Chunks: tokens with their meaning. Phrases become one chunk, and a number with its call or put a strike."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from domain.alert import OptionType
from domain.reading.tokens import Kind, Token
from domain.reading.vocabulary import LONGEST_FROM, PHRASES, Meaning, Role

_STRIKE = re.compile(r"(?P<number>-?\$?[\d.,]+)(?P<right>[a-z]+)", re.IGNORECASE)
_GLUED = re.compile(r"(?P<symbol>[a-z]+)(?P<number>[\d.]+)(?P<right>[a-z]+)", re.IGNORECASE)
_ROLES = {
    Kind.CODE: Role.CODE,
    Kind.FUTURE: Role.FUTURE,
    Kind.CASHTAG: Role.SYMBOL,
    Kind.DATE: Role.EXPIRY,
    Kind.DTE: Role.EXPIRY,
    Kind.COUNT: Role.COUNT,
    Kind.PERCENT: Role.PERCENT,
    Kind.MEASURE: Role.MEASURE,
    Kind.JUNK: Role.MEASURE,
    Kind.ARROW: Role.MEASURE,
    Kind.NUMBER: Role.NUMBER,
    Kind.WORD: Role.WORD,
    Kind.STRANGE: Role.STRANGE,
    Kind.NEWLINE: Role.NEWLINE,
}
_NUMBERED = (Kind.NUMBER, Kind.PERCENT, Kind.CASHTAG)
_PLAIN_ROLES = {kind: role for kind, role in _ROLES.items() if kind not in _NUMBERED}  # nothing more is in the piece
_PIECES = 4096  # whose meaning is kept
_COUNTED = ("1", "2", "3", "4", "5")
_NAMES_END = (":", "@", "=", "-")
_LABELS_MAY_BE = (Role.WORD, Role.FILLER, Role.LABEL)
_HALVES = re.compile(r"1/[24]|3/4")
_DAY = re.compile(r"(?:0?\d|1\d)[/-]\d{1,2}(?:[/-](?:20\d\d|\d\d))?s?|\d{2}[/-]\d{2}(?:[/-]\d{2,4})?s?")


class Chunk(NamedTuple):
    """A piece of a message with its role. `number` is the written number in it, `right` a strike's call or put."""

    role: Role
    text: str
    meaning: Meaning | None = None
    number: str = ""
    right: OptionType | None = None
    symbol: str = ""

    @property
    def lower(self) -> str:
        """The text in small letters, for tables."""
        return self.text.lower()

    def is_mark(self, *marks: str) -> bool:
        """Whether it is one of these punctuation characters."""
        return self.role is Role.MARK and self.text in marks


def chunk(tokens: Sequence[Token], labels: Mapping[str, str] = {}) -> list[Chunk]:
    """The tokens' meanings, in their order. `labels` are words that one author labels an order with."""
    chunks = _with_strikes(_with_phrases(tokens))
    return [_labelled(each, labels) for each in chunks] if labels else chunks


def _labelled(chunk: Chunk, labels: Mapping[str, str]) -> Chunk:
    return Chunk(Role.LABEL, chunk.text) if chunk.lower in labels and chunk.role in _LABELS_MAY_BE else chunk


def _with_phrases(tokens: Sequence[Token]) -> list[Chunk]:
    chunks: list[Chunk] = []
    at = 0
    while at < len(tokens):
        found, length = _phrase(tokens, at)
        chunks.append(found)
        at += length
    return _with_counted_targets(chunks) if any(each.role is Role.TARGET for each in chunks) else chunks


def _with_counted_targets(chunks: list[Chunk]) -> list[Chunk]:
    """`Target 2: 40`: which target it is belongs to its word."""
    joined: list[Chunk] = []
    for place, here in enumerate(chunks):
        target, following = joined[-1] if joined else None, chunks[place + 1] if place + 1 < len(chunks) else None
        is_counted = target is not None and target.role is Role.TARGET and here.number in _COUNTED
        if is_counted and following is not None and (following.is_mark(*_NAMES_END) or following.role is Role.NUMBER):
            joined[-1] = Chunk(Role.TARGET, f"{target.text} {here.text}" if target else here.text)
        else:
            joined.append(here)
    return joined


def _phrase(tokens: Sequence[Token], at: int) -> tuple[Chunk, int]:
    """The longest phrase that begins here, or the piece alone, and how many tokens it has."""
    first = tokens[at]
    longest = LONGEST_FROM.get(first.text.lower(), 0) if first.kind is Kind.WORD else 0
    if longest > 1:
        words = [token.text for token in takewhile(_is_word, tokens[at : at + longest])]
        for length in range(len(words), 1, -1):
            text = " ".join(words[:length])
            if meaning := PHRASES.get(text.lower()):
                return Chunk(meaning.role, text, meaning, right=meaning.right), length
    return _single(first.kind, first.text), 1


def _is_word(token: Token) -> bool:
    return token.kind is Kind.WORD


@lru_cache(maxsize=_PIECES)
def _single(kind: Kind, text: str) -> Chunk:
    if kind is Kind.WORD and (meaning := PHRASES.get(text.lower())):
        return Chunk(meaning.role, text, meaning, right=meaning.right)
    if role := _PLAIN_ROLES.get(kind):
        return Chunk(role, text)
    match kind:
        case Kind.STRIKE | Kind.GLUED:
            return _glued(kind, text)
        case Kind.SLASHED | Kind.DASHED:
            return Chunk(Role.DAY if _DAY.fullmatch(text) else Role.RANGE, text)
        case Kind.NUMBER | Kind.PERCENT:
            return Chunk(_ROLES[kind], text, number=text.rstrip("% "))
        case _:
            role = _ROLES.get(kind, Role.MARK)
            return Chunk(role, text, symbol=text.lstrip("$").upper() if role is Role.SYMBOL else "")


def _glued(kind: Kind, text: str) -> Chunk:
    found = (_STRIKE if kind is Kind.STRIKE else _GLUED).fullmatch(text)
    if found is None:
        return Chunk(Role.WORD, text)
    right = OptionType.CALL if found["right"][0] in "cC" else OptionType.PUT
    symbol = found.groupdict().get("symbol", "")
    return Chunk(Role.STRIKE, text, number=found["number"], right=right, symbol=symbol)


def _with_strikes(chunks: list[Chunk]) -> list[Chunk]:
    """Join `355 C`, `610 strike put` and `190 12/18 call`; a lone C or P is a word like any other."""
    if not any(each.role is Role.RIGHT for each in chunks):
        return chunks
    joined: list[Chunk] = []
    at = 0
    while at < len(chunks):
        length = _strike_length(chunks, at)
        if length:
            joined += _joined(chunks[at : at + length])
            at += length
        else:
            joined.append(_no_lone_letter(chunks[at]))
            at += 1
    return joined


def _strike_length(chunks: list[Chunk], at: int) -> int:
    if chunks[at].role is not Role.NUMBER:
        return 0
    between = chunks[at + 1 : at + 3]
    if between and between[0].role is Role.RIGHT:
        return 2
    if len(between) == 2 and between[1].role is Role.RIGHT and _may_part_a_strike(between[0]):
        return 3
    return 0


def _may_part_a_strike(chunk: Chunk) -> bool:
    is_day = chunk.role is Role.DAY and not _HALVES.fullmatch(chunk.text)  # `77 1/2 c`
    return is_day or chunk.role is Role.EXPIRY or chunk.lower == "strike"


def _joined(parts: list[Chunk]) -> list[Chunk]:
    number, right = parts[0], parts[-1]
    strike = Chunk(Role.STRIKE, f"{number.text} {right.text}", number=number.text, right=right.right)
    return [strike, *(part for part in parts[1:-1] if part.role in (Role.EXPIRY, Role.DAY))]


def _no_lone_letter(chunk: Chunk) -> Chunk:
    return Chunk(Role.WORD, chunk.text) if chunk.role is Role.RIGHT and len(chunk.text) == 1 else chunk
