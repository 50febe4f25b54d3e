"""How many contracts a close's words say are sold. A count of what is kept, was held or came of it sells nothing."""

import re

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.counts import NUMBER_WORDS, QUANTITY_WORDS, is_whole_number
from domain.reading.draft import SHARES, Draft
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_NEAR = 2  # chunks
_SELLING = re.compile(
    r"\b(?:sold|sell|selling|stc|closed|closing|out|off|trim\w*|took|taking|cut|cutting|scaled|scaling|peeled|dumped"
    r"|unloaded|exited|exiting|booked|gone)\b",
    re.IGNORECASE,
)
_SMALL = (
    *(
        "just",
        "only",
        "all",
        "about",
        "and",
        "now",
        "here",
        "it",
        "that",
        "was",
        "my",
        "the",
        "of",
        "more",
        "another",
        "first",
    ),
    *(
        "last",
        "today",
        "too",
        "so",
        "for",
        "at",
        "@",
        "(",
        ")",
        "is",
        "these",
        "them",
        "in",
        "lol",
        "this",
        "qty",
        "size",
    ),
    *("quantity", "contracts", "cons", "lots", "x", "total"),
)
_BEHIND_SOLD = (
    "here",
    "more",
    "of",
    "now",
    "at",
    "@",
    "for",
    "off",
    "out",
    "into",
    "and",
    "already",
    "too",
    "on",
    "lol",
    "today",
)
_HELD_BEFORE = re.compile(
    r"(?:\b(?:rem|remaining|remainder|position|pos|size|now|have|got|with|exit|still|long|holding|on|from|keep"
    r"|kept)|#|->|→|=>)$",
    re.IGNORECASE,
)
_MANY_DIGITS = 3
_BEHIND_COUNT = (
    "overnight",
    "into",
    "on",
    "here",
    "now",
    "out",
    "off",
    "riding",
    "still",
    "more",
    "of",
    "swing",
    "to",
    "next",
    "rem",
    "r",
    "->",
    "→",
)
_SOLD_BEFORE = re.compile(
    r"\b(?:out|out of|closed|exited|sold|dumped|cut|trimmed|selling|closing|trimming)$", re.IGNORECASE
)
_A_SCORE = re.compile(
    r"\b(?:green|red|wins?|winners?|trades?|week|today|month|year|right|in a row|plays|stars)\b", re.IGNORECASE
)
_MULTIPLE = re.compile(
    r"\b(?:for an?|an?|easy|quick|almost|nearly|from|nice|clean|over|another|about|roughly|solid|up|made|good|was|than|"
    r"in|bagger|gain|return|on|money|my|our|entry|move)\b",
    re.IGNORECASE,
)


def take_sold(clause: Clause, draft: Draft, *, is_beside_price: bool) -> None:
    """Take the count that a clause sells. NotRead for one that may be kept, or of something else."""
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        before = clause[place - 1] if place else None
        if chunk.role is Role.COUNT:
            _take_times(clause, chunk, following, draft, is_beside_price=is_beside_price)
        elif is_whole_number(chunk) and _is_of_many(clause[place : place + 3]):
            _take_of_many(clause, place, draft)
        elif before is not None and before.lower == "of" and place > 1 and is_whole_number(clause[place - 2]):
            continue  # the 2 of "1 of 2 lots"
        elif chunk.role is Role.UNIT and draft.unit is None and not (before and before.role is Role.PART):
            draft.unit = chunk.lower
        elif is_whole_number(chunk) or chunk.lower in NUMBER_WORDS:
            _take_number(clause, place, before, following, draft)


def _take_times(clause: Clause, chunk: Chunk, following: Chunk | None, draft: Draft, *, is_beside_price: bool) -> None:
    """`x2`, and `2x` beside the price; "for a 3x" is what it made."""
    text = said(clause)
    is_times = chunk.lower.endswith("x")
    if is_times and _MULTIPLE.search(text):
        return
    is_of_unit = following is not None and following.role is Role.UNIT
    is_alone = all(each is chunk or each.lower in _SMALL or each.role is Role.FILLER for each in clause)
    if is_of_unit or (clause[0] is chunk and not is_times) or (is_alone and is_beside_price) or _SELLING.match(text):
        draft.say_count(chunk.lower.strip("x"))
    else:
        raise ambiguous(f"how many, or how often: {text}")


def _is_of_many(chunks: Clause) -> bool:
    """`3 of 4`."""
    return len(chunks) == 3 and chunks[1].lower == "of" and chunks[2].number.isdigit()


def _take_of_many(clause: Clause, place: int, draft: Draft) -> None:
    """`3 of 4` alone, of contracts, or sold; wins and targets are counted so, too."""
    part, whole = clause[place].number, clause[place + 2].number
    others = [*clause[:place], *clause[place + 3 :]]
    beyond = clause[place + 3] if place + 3 < len(clause) else None
    beside = said([*clause[max(place - _NEAR, 0) : place], *clause[place + 3 : place + 3 + 1]])
    is_alone = all(chunk.lower in _SMALL or chunk.role is Role.FILLER for chunk in others)
    is_counted = beyond is not None and beyond.role is Role.UNIT
    if not (is_alone or is_counted or _SELLING.search(beside)):
        if _A_SCORE.search(said(others)):
            return
        raise ambiguous(f"{part} of {whole}: of what")
    draft.say_count(part)
    draft.counted_of = int(whole[:6])


def _take_number(clause: Clause, place: int, before: Chunk | None, following: Chunk | None, draft: Draft) -> None:
    chunk = clause[place]
    written = NUMBER_WORDS.get(chunk.lower, chunk.number)
    if following is not None and following.lower in SHARES and draft.strike is not None:
        return  # "against 100 shares"
    is_named = before is not None and before.lower in QUANTITY_WORDS and is_whole_number(chunk)
    is_counted = following is not None and following.role is Role.UNIT
    is_sold = before is not None and before.lower == "sold" and is_whole_number(chunk)
    if not (is_named or is_counted or is_sold) and _may_count(clause, place, draft):
        raise ambiguous(f"how many, or of what: {said(clause)}")
    if not (is_named or is_counted or is_sold) or (before is not None and before.role is Role.PART):
        return  # "remaining 2 contracts"
    behind = clause[place + 2 :] if is_counted else clause[place + 1 :]
    others = [*clause[:place], *behind]
    is_alone = all(each.lower in _SMALL or each.role is Role.FILLER for each in others)
    beside = said([*clause[max(place - _NEAR, 0) : place], *behind[:1]])
    ends = not behind or behind[0].lower in _BEHIND_SOLD or behind[0].role in (Role.MARK, Role.AT, Role.VERB)
    if not (is_alone or (_SELLING.search(beside) and ends)):
        raise ambiguous(f"sold, or what else: {said(clause)}")
    draft.say_count(written)
    draft.unit = following.lower if is_counted and following else draft.unit


def _may_count(clause: Clause, place: int, draft: Draft) -> bool:
    """`2 overnight`, "out 3": a bare number that begins its clause, or stands behind a word for selling."""
    chunk = clause[place]
    before = said(clause[max(place - _NEAR, 0) : place])
    following = clause[place + 1].lower if place + 1 < len(clause) else ""
    is_few = is_whole_number(chunk) and len(chunk.number) < _MANY_DIGITS and draft.count is None
    is_placed = (not before and following in _BEHIND_COUNT) or _SOLD_BEFORE.search(before)
    is_alone = len(clause) == 1 or _HELD_BEFORE.search(before)
    return is_few and bool(is_placed or is_alone) and (not following or following in _BEHIND_COUNT)
