"""Prices told beside the order's own: what was paid before, the new average, the fill of a market order."""

from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.clauses import clauses
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.prices import number
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_ENTRY_WORDS = ("bto", "entry", "entered", "in", "bought", "cost", "paid", "avg", "average", "was in")
_OF_THE_ENTRY = ("was", "at", "from", "for", "price", "@", ":", "is")
_AVERAGES = ("avg", "average", "averaged", "averaging")
_FILLED = ("got", "filled", "filled at", "fill", "paid")
_LONGEST_MEMO = 6


def told_entry(chunks: Sequence[Chunk]) -> int:
    """How long a reminder of the entry before a close is: `BTO was .44 - STC SOFI 31c 11/27 @ .88`. Else 0."""
    if not chunks or chunks[0].lower not in _ENTRY_WORDS:
        return 0
    seen_number = False
    for place, chunk in enumerate(chunks[1:_LONGEST_MEMO], start=1):
        if chunk.role is Role.VERB:
            is_close = chunk.meaning is not None and chunk.meaning.action is Action.STC and chunk.meaning.is_strong
            return place if seen_number and is_close else 0
        is_number = chunk.role is Role.NUMBER and not seen_number
        is_joint = chunk.role is Role.MARK or chunk.role is Role.NEWLINE if seen_number else False
        if not (is_number or is_joint or chunk.lower in _OF_THE_ENTRY):
            return 0
        seen_number = seen_number or is_number
    return 0


def begin(cursor: Cursor, draft: Draft) -> None:
    """`AVG CRWD 522.5P 12/18 @ 5.95, added @ 5.50`: an add; the first price is the new average."""
    is_average = not cursor.is_done and cursor.here.lower in _AVERAGES
    following = cursor.peek() if is_average else None
    if following is not None and following.role in (Role.WORD, Role.SYMBOL, Role.STRIKE):
        draft.action, draft.is_add, draft.is_average = Action.BTO, True, True
        draft.verb = cursor.here.lower
        cursor.at += 1


def settle_price(tail: Sequence[Chunk], draft: Draft) -> None:
    """The price that was paid, where the order's own is the market's, or the average."""
    if draft.is_average:
        added = [
            chunks
            for chunks in clauses(tail)
            if chunks[0].role is Role.VERB and chunks[0].meaning and chunks[0].meaning.is_add
        ]
        numbers = [chunk for clause in added for chunk in clause if chunk.role is Role.NUMBER]
        if len(numbers) != 1:
            raise ambiguous("the new average, or the price of what was added")
        draft.price, draft.price_range = number(numbers[0].number), None
    elif draft.is_market and tail:
        _take_fill(clauses(tail), draft)


def _take_fill(told: Sequence[Sequence[Chunk]], draft: Draft) -> None:
    """`@ market, got 1.71`."""
    first = [chunk for chunk in told[0] if not chunk.is_mark("@", "~") and chunk.lower != "at"] if told else []
    if len(first) == 2 and first[0].lower in _FILLED and first[1].role is Role.NUMBER:
        draft.price, draft.is_market = number(first[1].number), False
