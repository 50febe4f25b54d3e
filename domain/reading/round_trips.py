"""Words that look like an entry and tell of what came of it: a gain that was taken, a quote, both ends of a trade."""

import re
from collections.abc import Sequence
from decimal import Decimal

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.draft import Draft
from domain.reading.refusal import ambiguous, not_an_alert
from domain.reading.vocabulary import Role

_OUTCOME = re.compile(
    r"\b(?:for|at|with|on) (?:an? |the |my |some )?(?:\S+ ){0,3}?"
    r"(?:loss(?:es)?|gains?|profits?|win|winner|scratch|break ?-?even|bagger|double|green|red)\b",
    re.IGNORECASE,
)
_QUOTED = ("opened", "started", "added", "open", "opening", "starting")
_FROM_TO = ("to", "into", "then", "->", "→")
_ZONES = ("entry", "entries", "buy", "buying", "enter", "entering")
_FILLS = Decimal("1.03")  # so near to each other they are fills of one order
WIDEST_FILL = Decimal("1.12")
_NUMBERS = (Role.NUMBER, Role.RANGE)


def check_told(chunks: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for an entry whose words are as well a result's, a quote's or a round trip's. BTO is neither."""
    if draft.action is not Action.BTO or draft.is_strong:
        return
    text = " ".join(chunk.text for chunk in chunks if chunk.role is not Role.NEWLINE)
    if found := _OUTCOME.search(text):
        raise not_an_alert(f"what came of it: {found.group()}")
    if (
        draft.verb in _QUOTED
        and not any(chunk.role is Role.COUNT for chunk in chunks)
        and _stands_behind(chunks, draft.verb)
    ):
        raise ambiguous(f"where the contract {draft.verb}, or an order")
    if draft.verb == "open" and any(map(_heads_a_list, chunks, chunks[1:])):
        raise ambiguous("open: an order, or a position that is held")
    if draft.price_range is not None and draft.verb not in _ZONES and (_goes_from_to(chunks, draft) or _is_wide(draft)):
        raise ambiguous(f"entry and exit, or a range: {draft.price_range[0]} to {draft.price_range[1]}")


def _heads_a_list(verb: Chunk, mark: Chunk) -> bool:
    """`Open: NVDA 180c` lists what is held; `OPEN:` in capitals calls an order."""
    return verb.text in ("Open", "open") and mark.is_mark(":")


def _is_wide(draft: Draft) -> bool:
    """Nobody fills at 2.10 and at 2.65: what was bought at one was sold at the other."""
    return draft.price_range is not None and draft.price_range[1] > draft.price_range[0] * WIDEST_FILL


def _stands_behind(chunks: Sequence[Chunk], verb: str) -> bool:
    """Whether the contract comes first: `NVDA 180c 12/04 opened at 2.10`."""
    places = [place for place, chunk in enumerate(chunks) if chunk.role in (Role.STRIKE, Role.CODE, Role.FUTURE)]
    said = [place for place, chunk in enumerate(chunks) if chunk.lower == verb]
    return bool(places and said) and places[0] < said[0]


def _goes_from_to(chunks: Sequence[Chunk], draft: Draft) -> bool:
    if draft.price_range is not None and draft.price_range[1] <= draft.price_range[0] * _FILLS:
        return False  # "puts at 4.05 to 4.15"
    return any(
        joint.lower in _FROM_TO and before.role in _NUMBERS and behind.role in _NUMBERS
        for before, joint, behind in zip(chunks, chunks[1:], chunks[2:], strict=False)
    )
