"""What is sold outright, a future or shares: it was held, or it is sold short. What says neither is refused.

A stop above the price of a sale, or a target below it, is a short seller's.
"""

from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.draft import Draft
from domain.reading.levels import stop_and_targets
from domain.reading.refusal import NotRead, ambiguous
from domain.reading.vocabulary import Role

_CLOSES = (
    "out",
    "clos",
    "exit",
    "stopped",
    "flat",
    "trim",
    "all out",
    "took",
    "cut",
    "done",
    "scal",
)  # verbs' beginnings
_HELD = ("my", "the rest", "rest of", "remaining", "last", "rest", "runner", "runners")


def check_outright_sale(draft: Draft, head: Sequence[Chunk], behind: Sequence[Chunk]) -> None:
    """NotRead for shares or a future that may be sold short."""
    if draft.action is not Action.STC or draft.is_strong or draft.strike is not None:
        return
    is_held = any(chunk.lower in _HELD or chunk.role is Role.LEFT for chunk in head)
    gains = any(chunk.role is Role.NUMBER and chunk.number[:1] in ("+", "-") for chunk in behind)
    if draft.is_future and not (is_held or gains or draft.verb.startswith(_CLOSES)):
        raise ambiguous(f"sold to open or to close: {draft.symbol}")
    if any(chunk.lower == "short" for chunk in (*head, *behind)):
        raise ambiguous(f"sold what was held, or sold short: {draft.symbol}")
    if draft.price is not None and _is_a_short_s(draft, behind):
        raise ambiguous(f"sold what was held, or sold short: {draft.symbol}, by its levels")


def _is_a_short_s(draft: Draft, behind: Sequence[Chunk]) -> bool:
    try:
        levels = stop_and_targets([*draft.levels, *behind], Action.STO, draft.price, None, is_future=draft.is_future)
    except NotRead:
        return False
    return levels.stop is not None or bool(levels.targets)
