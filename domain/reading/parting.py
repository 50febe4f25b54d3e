"""A message's orders, parted: by lines, and behind joints, each with its own verb and contract."""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role

_NAMES = (Role.WORD, Role.SYMBOL)
_CONTRACTS = (Role.STRIKE, Role.CODE, Role.FUTURE)
_JOINTS = (",", "/", ";", "|", "&", "+", ".", "-", "!")


def part(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """A message's orders: a new one begins at a line, or behind a joint, with its own verb and contract."""
    orders: list[list[Chunk]] = [[]]
    for segment in _segments(chunks):
        is_order = has_verb(segment) and has_contract(segment)
        if is_order and has_contract(orders[-1]) and has_verb(orders[-1]):
            orders.append([])
        orders[-1] += segment
    return [order for order in orders if order] or [[]]


def _segments(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Pieces between lines, and before each plain verb that stands behind a joint."""
    segments: list[list[Chunk]] = [[]]
    for place, here in enumerate(chunks):
        if place and is_plain_verb(here) and _is_joint(chunks[place - 1]):
            segments.append([])
        segments[-1].append(here)
        if here.role is Role.NEWLINE:
            segments.append([])
    return [segment for segment in segments if segment]


def _is_joint(chunk: Chunk) -> bool:
    return chunk.is_mark(*_JOINTS) or chunk.lower in ("and", "then")


def is_plain_verb(chunk: Chunk) -> bool:
    """Whether it names an order all by itself: BTO, "sell to close"."""
    return chunk.role is Role.VERB and chunk.meaning is not None and chunk.meaning.is_strong


def has_verb(chunks: Sequence[Chunk]) -> bool:
    """Whether something in it says buy or sell."""
    return any(chunk.role in (Role.VERB, Role.IN) for chunk in chunks)


def has_contract(chunks: Sequence[Chunk]) -> bool:
    """Whether an option, a future, or a share with its price is named."""
    if any(chunk.role in _CONTRACTS for chunk in chunks):
        return True
    is_priced = any(chunk.is_mark("@") for chunk in chunks)
    return is_priced and has_verb(chunks) and any(chunk.role in _NAMES for chunk in chunks)
