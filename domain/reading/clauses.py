"""Clauses: the words behind an order, parted by punctuation."""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.counts import QUANTITY_WORDS
from domain.reading.levels import LEVELS
from domain.reading.vocabulary import Role

Clause = Sequence[Chunk]
BREAKS = (",", ";", ".", "!", "(", ")", "[", "]", "{", "}", "|", "-", ":")


def clauses(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """The chunks between punctuation. A level stays with its numbers: `PT: 4.00, 5.00` is one clause."""
    parted: list[list[Chunk]] = [[]]
    for place, chunk in enumerate(chunks):
        is_break = chunk.role is Role.NEWLINE or chunk.is_mark(*BREAKS)
        if not is_break:
            parted[-1].append(chunk)
        elif parted[-1] and not _binds(chunk, parted[-1], chunks[place + 1 : place + 3]):
            parted.append([])
    return [clause for clause in parted if clause]


def _binds(mark: Chunk, clause: Clause, following: Sequence[Chunk]) -> bool:
    """Whether a mark stands within a level: behind its name, or between its numbers."""
    if clause[-1].role in LEVELS:
        return mark.is_mark(":", "-")
    if clause[-1].lower in QUANTITY_WORDS:
        return mark.is_mark(":")
    is_counted = len(following) > 1 and following[1].role in (Role.UNIT, Role.WORD)
    is_list = mark.is_mark(",", "-") and any(chunk.role is Role.TARGET for chunk in clause) and not is_counted
    return is_list and bool(following) and following[0].role in (Role.PERCENT, Role.NUMBER)


def said(clause: Clause) -> str:
    """A clause as text."""
    return " ".join(chunk.text for chunk in clause)
