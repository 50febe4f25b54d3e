"""Whether a clause behind a close tells what is kept: "leaving 1/3", "2 left", "holding a few runners", "one still on".

A word like "left" or "holding" says it only of an amount: "left money on the table" and "not holding overnight" keep
nothing.
"""

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause
from domain.reading.counts import NUMBER_WORDS
from domain.reading.phrases import any_of
from domain.reading.vocabulary import Role

_SHARES = ("stock", "shares", "share", "underlying")
_NEAR = 3  # chunks between the word and its amount
_FEW = 2
_AMOUNTS = (Role.NUMBER, Role.PART, Role.DAY, Role.PERCENT, Role.COUNT, Role.UNIT)
_SOME = (
    "runner",
    "runners",
    "couple",
    "few",
    "one",
    "another",
    "others",
    "other",
    "balance",
    "position",
    "most",
    "core",
)
_RESTS = ("rest", "the rest", "rest of", "remaining", "remainder", "other half", "the other half", "balance")
_NO = ("not", "no", "never", "don't", "dont", "didn't", "won't", "wasn't", "done", "stop", "tired", "nothing", "none")
_BEHIND_IT = ("on", "still", "remaining", "open", "over")
_GOES_ON = any_of(r"""
    rid(?:e|es|ing), runs?, running, stays?, staying, still, rolls?, working, works, marching, on, later, lives,
    keeps, continues, for free, to (?:go|be|breakeven|b/e|entry), at (?:be|breakeven|entry|cost), be, (?:is )?free,
    into, until, through, over, next week, tomorrow, w(?:ith)?, no cost, risk free, now free
""")
_OF_ELSE = any_of(r"""
    on the table, rest (?:easy|assured|in peace|is history|up), rest of (?:the|my|your|our)
    <1>(?:day|week|morning|afternoon|session|room|market|month|year|crew|team|market), runners? up, money on,
    crumbs, for (?:lunch|the day|dinner|work), to (?:lunch|dinner), runner (?:got|hit|of)
""")
_ONE_STILL = any_of(r"""
    (?:\d\d?|one|two|three|four|five|half|some|runners?) <1>still(?! (?:a|to|the|good|well)), still
    (?:have|got|holding|in) (?:\d\d?|one|two|three|half|some|a few), the other (?:one|two)
    (?:rides?|runs?|stays?|rolls|is on|keeps)
""")


def tells_what_stays(clause: Clause) -> bool:
    """Whether the clause tells what is kept of the position."""
    text = " ".join(chunk.text for chunk in clause)
    if any(chunk.lower in _SHARES for chunk in clause) or _OF_ELSE.search(text):
        return False  # "keeping the stock"
    if any(chunk.lower in ("nothing", "none") for chunk in clause):
        return False
    if _ONE_STILL.search(text) or _tells_of_the_rest(clause):
        return True
    return any(chunk.role is Role.LEFT and _keeps(clause, place) for place, chunk in enumerate(clause)) or _remains(
        clause
    )


def _keeps(clause: Clause, place: int) -> bool:
    """Whether the word here is said of an amount."""
    word, before, behind = clause[place].lower, clause[:place], clause[place + 1 : place + 1 + _NEAR]
    if any(chunk.lower in _NO for chunk in before[-_FEW:]):
        return False
    if word in ("runner", "runners"):
        return not any(chunk.lower in ("first", "what") for chunk in before)
    if word in ("left", "left on", "still on", "still open", "still running", "stays on", "remain"):
        return any(map(_is_amount, before[-_FEW:])) or _is_first_amount(behind)
    return _is_first_amount(behind) or (len(clause) == 1 and word in ("holding", "riding"))


def _is_first_amount(behind: Clause) -> bool:
    """ "leaving just 2", "holding the last few": an amount, over nothing but small words."""
    for place, chunk in enumerate(behind):
        if _is_amount(chunk):
            return place == 0 or behind[place - 1].lower not in ("this", "that")
        if chunk.role is not Role.FILLER and chunk.lower not in ("just", "only", "about", "last", "back", "for", "the"):
            return False
    return False


def _is_amount(chunk: Chunk) -> bool:
    return (
        chunk.lower in ("the other", "the others", "one more", "another one", "last one")
        or (chunk.role in _AMOUNTS and "." not in chunk.text)
        or chunk.lower in _SOME
        or chunk.lower in NUMBER_WORDS
        or (chunk.role is Role.LEFT and chunk.lower.startswith("runner"))
    )


def _remains(clause: Clause) -> bool:
    """ "2 remaining"."""
    first, *others = clause
    is_amount = first.role in (Role.NUMBER, Role.DAY, Role.PART)
    return is_amount and 0 < len(others) <= _FEW and others[-1].lower == "remaining"


def _tells_of_the_rest(clause: Clause) -> bool:
    """ "let the rest run", "rest at breakeven": it stays. "Out of the rest" goes."""
    place = next((place for place, chunk in enumerate(clause) if chunk.lower in _RESTS), None)
    if place is None or any(chunk.role is Role.VERB for chunk in clause[:place]):
        return False
    behind = " ".join(chunk.text for chunk in clause[place + 1 :])
    is_let = any(chunk.lower in ("let", "letting", "leave", "leaving", "keep", "keeping", "riding") for chunk in clause)
    return is_let or bool(_GOES_ON.search(behind))
