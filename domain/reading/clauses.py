"""Clauses: the words behind an order, parted by punctuation."""

from collections.abc import Iterator, Sequence

from domain.reading.chunks import Chunk
from domain.reading.counts import QUANTITY_WORDS
from domain.reading.levels import LEVELS
from domain.reading.vocabulary import Role

Clause = Sequence[Chunk]
BREAKS = (",", ";", ".", "!", "(", ")", "[", "]", "{", "}", "|", "-", ":")


def clauses(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """The chunks between punctuation. A level stays with its numbers: `PT: 4.00, 5.00` is one clause."""
    return list(_parted(chunks))


def first_clause(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The first of the clauses; empty when there is none."""
    return next(_parted(chunks), [])


def _parted(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    clause: list[Chunk] = []
    for place, chunk in enumerate(chunks):
        if chunk.role is not Role.NEWLINE and (chunk.role is not Role.MARK or chunk.text not in BREAKS):
            clause.append(chunk)
        elif clause and not _binds(chunk, clause, chunks[place + 1 : place + 3]):
            yield clause
            clause = []
    if clause:
        yield clause


def _binds(mark: Chunk, clause: Clause, following: Sequence[Chunk]) -> bool:
    """Whether a mark stands within a level: behind its name, or between its numbers."""
    if clause[-1].role in LEVELS:
        return mark.is_mark(":", "-")
    if clause[-1].lower in QUANTITY_WORDS:
        return mark.is_mark(":")
    if not following or following[0].role not in (Role.PERCENT, Role.NUMBER) or not mark.is_mark(",", "-"):
        return False
    is_counted = len(following) > 1 and following[1].role in (Role.UNIT, Role.WORD)
    return not is_counted and any(chunk.role is Role.TARGET for chunk in clause)


def said(clause: Clause) -> str:
    """A clause as text."""
    return " ".join(chunk.text for chunk in clause)
