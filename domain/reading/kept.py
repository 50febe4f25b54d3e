"""Whether a clause behind a close tells what is kept: "leaving 1/3", "2 left", "holding a few runners", "one still on".

A word like "left" or "holding" says it only of an amount: "left money on the table" and "not holding overnight" keep
nothing.
"""

from domain.reading.amount_words import DOUBT, OF_ELSE
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause
from domain.reading.counts import NUMBER_WORDS
from domain.reading.parts import is_of_the_position
from domain.reading.phrases import any_of
from domain.reading.remainder import Fate, fate
from domain.reading.vocabulary import Role

_SHARES = ("stock", "shares", "share", "underlying")
_NEAR = 3  # chunks between the word and its amount
_FEW = 2
_AMOUNTS = (Role.NUMBER, Role.PART, Role.DAY, Role.PERCENT, Role.COUNT, Role.UNIT)
_KEEPERS = ("swinging", "carrying", "hanging", "sitting", "hang", "carry", "swing")  # besides "holding", "leaving"
_SMALL = (
    *(
        "just",
        "only",
        "about",
        "last",
        "back",
        "for",
        "the",
        "lil",
        "little",
        "nice",
        "big",
        "cheap",
        "on",
        "onto",
        "more",
    ),
    *("few", "with", "still", "free", "of"),
)
_SOME = (
    *(
        "moonbag",
        "moon",
        "bag",
        "lotto",
        "lottos",
        "bit",
        "tail",
        "piece",
        "chunk",
        "slice",
        "handful",
        "ticket",
        "portion",
    ),
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
_NO = ("not", "no", "never", "don't", "dont", "didn't", "won't", "wasn't", "done", "stop", "tired", "nothing", "none")
_OF_OTHERS = any_of(r"""
    on the table, rest (?:easy|assured|in peace|is history|up), rest of (?:the|my|your|our)
    <1>(?:day|week|morning|afternoon|session|room|market|month|year|crew|team|market), runners? up,
    runners? (?:paid|worked|did), money on,
    crumbs, for (?:lunch|the day|dinner|work), to (?:lunch|dinner), runner (?:got|hit|of)
""")
_ONE_STILL = any_of(r"""
    ^(?:\d\d?|one|two|three|four|five|half) (?:more |cons? |contracts? )?(?:still )?(?:on|stays? on|staying on|running|\
    riding|working|runners?)$,
    still (?:short|long) (?:\d\d?|one|two|three|four|some|half|a few),
    (?:\d\d?|one|two|three|four|five|half|some|runners?) <1>still(?! (?:a|to|the|good|well)), still
    (?:have|got|holding|in) (?:\d\d?|one|two|three|half|some|a few), the other (?:one|two)
    (?:rides?|runs?|stays?|rolls|is on|keeps)
""")


def tells_what_stays(clause: Clause) -> bool:
    """Whether the clause tells what is kept of the position."""
    text = " ".join(chunk.text for chunk in clause)
    if any(chunk.lower in _SHARES for chunk in clause) or _OF_OTHERS.search(text):
        return False  # "keeping the stock"
    if any(chunk.lower in ("nothing", "none") for chunk in clause):
        return False
    meant = OF_ELSE.sub(" ", text)
    if meant != text and not DOUBT.search(meant):
        return False  # "2 hours left", "holding some cash"
    if _ONE_STILL.search(text) or fate(clause) is Fate.STAYS:
        return True
    return any(_is_of_keeping(chunk) and _keeps(clause, place) for place, chunk in enumerate(clause)) or _remains(
        clause
    )


def _is_of_keeping(chunk: Chunk) -> bool:
    return chunk.role is Role.LEFT or chunk.lower in _KEEPERS


def _keeps(clause: Clause, place: int) -> bool:
    """Whether the word here is said of an amount."""
    word, before, behind = clause[place].lower, clause[:place], clause[place + 1 :]
    if any(chunk.lower in _NO for chunk in before[-_FEW:]):
        return False
    if word in ("runner", "runners"):
        is_named = bool(before) and before[-1].role is Role.WORD and before[-1].lower not in _SMALL
        return not is_named and not any(chunk.lower in ("first", "what") for chunk in before)
    if word in ("left", "left on", "still on", "still open", "still running", "stays on", "remain"):
        return _is_amount_before(before) or _is_first_amount(behind)
    return _is_first_amount(behind) or (len(clause) == 1 and word in ("holding", "riding"))


def _is_amount_before(before: Clause) -> bool:
    """ "2 left", "2 cons left"; "2 hours left" is no amount of the position."""
    near = before[-_FEW:]
    place = next((place for place in range(len(near) - 1, -1, -1) if _is_amount(near[place])), None)
    return place is not None and all(
        chunk.role is not Role.WORD or chunk.lower in _SMALL for chunk in near[place + 1 :]
    )


def _is_first_amount(behind: Clause) -> bool:
    """ "leaving just 2", "holding the last few": an amount of the position, over nothing but small words."""
    while behind and behind[0].is_mark(":", "="):
        behind = behind[1:]
    for place, chunk in enumerate(behind[:_NEAR]):
        if _is_amount(chunk):
            is_of_it = is_of_the_position(behind[place + 1 :], None)
            return is_of_it and (place == 0 or behind[place - 1].lower not in ("this", "that"))
        if chunk.role is not Role.FILLER and chunk.lower not in _SMALL:
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
