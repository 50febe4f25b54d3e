"""The part of a position that a clause behind a close says is sold: half, a third, some, all of it.

A word for a part counts only of the position: with nothing, contracts or the position as its noun, and of this sale.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from domain.reading import closing_words
from domain.reading.amount_words import NEGATED, OF_ELSE, TOLD_BEFORE
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.levels import LEVELS
from domain.reading.percents import take_percent
from domain.reading.prices import fraction_of, number
from domain.reading.refusal import ambiguous
from domain.reading.remainder import Fate, fate
from domain.reading.vocabulary import Role, word_set

WHOLE = Decimal(1)
GAINS = ("credit", "profit", "profits", "gain", "gains", "max", "premium")
_BESIDE = 2  # chunks
_SMALL = ("first", "1st", "that", "was", "is", "just", "only", "and", "now", "it", "it's", "about", "so", "for")
_OF_IT = ("of", "the", "my", "it", "them", "position", "here", "now", "this", "size", "off", "out")
_ELSE_BEFORE = ("better", "that", "this", "other", "same-day", "every", "no", "your", "my")
_RESTS = (
    "rest",
    "the rest",
    "rest of",
    "remaining",
    "remainder",
    "second half",
    "other half",
    "the other half",
    "last half",
)
_BEFORE_TRIM = (
    *_SMALL,
    "also",
    "i",
    "i'm",
    "im",
    "am",
    "we",
    "we're",
    "second",
    "2nd",
    "third",
    "3rd",
    "another",
    "here",
    "too",
)
_NEVER = 3  # chunks
_OVER = word_set("""
    of the my it them position positions contracts contract cons con here now this these size off out table on at @
    was gone done sold closed already - too more just
""")
_GOES_ON = word_set("""
    into as with w/ w because before after since while then so and but till until per in for by is through thru over
    again tho though plus still not ahead up when rest stop letting leaving keeping holding moving running to left
    yet first lol ok
""")


def take_parts(clause: Clause, draft: Draft, behind: Sequence[Chunk]) -> None:
    """Take the parts that the clause says are sold. NotRead for one that may be of something else, or sold before."""
    _check_now(clause)
    for place, chunk in enumerate(clause):
        if chunk.role in LEVELS:
            return  # "stop up on the other half"
        if chunk.role is Role.PERCENT:
            take_percent(clause, place, draft, behind)
        elif _is_denied(clause, place):
            draft.is_part = True
        elif chunk.role is Role.VERB:
            _take_verb(clause, place, draft)
        elif chunk.role is Role.PART and (_is_of_the_gain(clause[place + 1 : place + 4]) or _is_of_else(clause, place)):
            continue
        elif chunk.lower in _RESTS:
            _take_rest(clause, draft)
        elif (found := fraction(chunk)) is not None and _stays_on(clause, place):
            raise ambiguous(f"sold, or kept: {said(clause)}")
        elif found is not None:
            _take_fraction(found, clause, place, draft)
        elif chunk.meaning and chunk.meaning.is_part and _is_sold(clause, place, draft):
            draft.is_part = True


def _stays_on(clause: Clause, place: int) -> bool:
    """ "a third on", "1/4 ON": what is still on is kept."""
    return place + 2 == len(clause) and clause[place + 1].lower in ("on", "open", "riding", "running")


def _check_now(clause: Clause) -> None:
    """ "half was sold yesterday", "glad I trimmed": another sale than this one."""
    if not any(_says_part(chunk) and not _is_of_else(clause, place) for place, chunk in enumerate(clause)):
        return
    text = OF_ELSE.sub(" ", said(clause))
    if found := TOLD_BEFORE.search(text) or NEGATED.search(text):
        raise ambiguous(f"of this sale, or of another: {found.group()}")


def _says_part(chunk: Chunk) -> bool:
    found = fraction(chunk)
    is_part = chunk.meaning is not None and chunk.meaning.is_part
    return chunk.role is not Role.PERCENT and (is_part or (found is not None and found < WHOLE))


def _is_denied(clause: Clause, place: int) -> bool:
    """ "not all", "almost everything"."""
    meaning = clause[place].meaning
    is_whole = (
        meaning is not None and meaning.fraction == WHOLE and clause[place].lower not in (*_RESTS, "last", "final")
    )
    before = [chunk.lower for chunk in clause[max(place - _NEVER, 0) : place]]
    return is_whole and any(
        word in ("not", "almost", "nearly", "mostly", "never")
        or word.endswith(("n't", "dont", "wont", "cant", "didnt"))
        for word in before
    )


def _take_verb(clause: Clause, place: int, draft: Draft) -> None:
    """ "trimmed", "selling the rest", "all out"."""
    chunk = clause[place]
    if chunk.lower.endswith("the rest"):
        _take_rest(clause, draft)
        return
    is_first = all(each.lower in _BEFORE_TRIM or each.role is Role.FILLER for each in clause[:place])
    if chunk.meaning and chunk.meaning.is_part and not is_first:
        raise ambiguous(f"of this sale, or of another: {said(clause)}")
    draft.say_part(chunk)


def _take_rest(clause: Clause, draft: Draft) -> None:
    """The rest, where it is sold. "Half, stop to entry on the rest" is half."""
    is_part = draft.is_part or any(found < WHOLE for found in draft.fractions)
    if not is_part and fate(clause) is Fate.SOLD:
        draft.fractions.append(WHOLE)


def _take_fraction(found: Decimal, clause: Clause, place: int, draft: Draft) -> None:
    if found == WHOLE and _is_about_selling(clause, place):
        draft.fractions.append(found)
    elif found != WHOLE:
        if not _is_sold(clause, place, draft):
            raise ambiguous(f"part of what: {clause[place].text}")
        draft.fractions.append(found)


def _is_sold(clause: Clause, place: int, draft: Draft) -> bool:
    """Whether a part is of the position, and sold."""
    if clause[place].lower.startswith("partial"):
        return True
    return _is_about_selling(clause, place) and is_of_the_position(clause[place + 1 :], draft.symbol)


def is_of_the_position(behind: Clause, symbol: str | None) -> bool:
    """Whether the noun of a part is the position: it is in "half out", and not in "some strength"."""
    noun = next((chunk for chunk in behind if not all(word in _OVER for word in chunk.lower.split())), None)
    if (
        noun is None
        or noun.lower in _GOES_ON
        or noun.role in (*LEVELS, Role.LEFT, Role.MARK, Role.UNIT, Role.AT, Role.NUMBER)
    ):
        return True
    return noun.role in (Role.VERB, Role.LABEL) or noun.text.lstrip("$").upper() == symbol or noun.lower in _RESTS


def _is_about_selling(clause: Clause, place: int) -> bool:
    """Whether a part stands alone, or beside a word for selling: "half", "half out", "sold a third"."""
    beside = clause[max(place - _BESIDE, 0) : place + _BESIDE + 1]
    if closing_words.SOLD_MORE.search(said(beside)) or closing_words.SOLD_MORE.search(said(clause[:1])):
        return True
    if any(chunk.lower not in _SMALL and chunk.role is not Role.FILLER for chunk in clause[:place]):
        return False
    rest = (chunk for chunk in clause[place + 1 :] if chunk.lower not in _OF_IT and chunk.role is not Role.FILLER)
    behind = list(islice(rest, 2))
    return len(behind) <= 1 and all(map(_may_end_a_part, behind))


def _may_end_a_part(chunk: Chunk) -> bool:
    return chunk.role in (Role.UNIT, Role.VERB, Role.NUMBER, Role.LABEL) or chunk.lower in ("gone", "done", "position")


def _is_of_else(clause: Clause, place: int) -> bool:
    """ "half day", "third win", "the rest of the week": a part of something else."""
    is_named = OF_ELSE.match(said(clause[place : place + 4])) is not None
    return is_named or (place > 0 and clause[place - 1].lower in _ELSE_BEFORE)


def _is_of_the_gain(behind: Clause) -> bool:
    """ "half the credit": of what was earned, not of the position."""
    return any(chunk.lower in GAINS for chunk in behind)


def fraction(chunk: Chunk) -> Decimal | None:
    """What part a chunk names, if it names one."""
    if chunk.role in (Role.PART, Role.FILLER) and chunk.meaning:
        return chunk.meaning.fraction
    if chunk.role is Role.PERCENT and chunk.number[:1].isdigit():
        return number(chunk.number) / 100
    if chunk.role is Role.DAY and "/" in chunk.text:
        return fraction_of(chunk.text)
    return None
