"""The price of a close: what was paid, and what it made, are numbers beside it and not the price."""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.clauses import said
from domain.reading.draft import Draft
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_OF_THE_ENTRY = re.compile(r"\b(?:paid|cost|entry|basis|in at|in for)\b")
_BEHIND_ENTRY = ("cost", "cost basis", "basis", "entry", "avg cost", "paid", "entry price")
_SIGNS = ("@", "~")
_RESULTS = (
    "profit",
    "profits",
    "gain",
    "gains",
    "loss",
    "losses",
    "win",
    "winner",
    "green",
    "red",
    "net",
    "pnl",
    "points",
    "pts",
    "ticks",
)
_RESULT = re.compile(
    r"\b(?:profits?|gains?|loss|losses|wins?|winner|scalp|up|down|made|roi|return|entry|exit|green|from)\b|%|\+",
    re.IGNORECASE,
)


def check_exit_price(tail: Sequence[Chunk], draft: Draft) -> None:
    """NotRead where the price is the entry's, or what it made: "paid 1.10", "for .40 profit", "4.40 - 4.60 +5%"."""
    if draft.action not in (Action.STC, Action.BTC):
        return
    behind, beyond = (*tail[:2], None, None)[:2]
    is_told = (
        behind is not None
        and behind.lower in _BEHIND_ENTRY
        and (beyond is None or beyond.role in (Role.MARK, Role.NEWLINE))
    )
    if draft.action is Action.STC and (is_told or _OF_THE_ENTRY.search(draft.price_word)):
        raise ambiguous(f"the price of the entry, or of the exit: {draft.price_word} {draft.price}")
    is_marked = draft.price_word.startswith(_SIGNS)
    if draft.price is not None and tail and tail[0].lower in _RESULTS and not is_marked and not draft.is_future:
        raise ambiguous(f"a price, or a result: {draft.price} {tail[0].text}")
    if draft.price_range is not None and not draft.is_future and (found := _RESULT.search(said(tail))):
        raise ambiguous(
            f"entry and exit, or a range: {draft.price_range[0]} to {draft.price_range[1]}, {found.group()}"
        )
