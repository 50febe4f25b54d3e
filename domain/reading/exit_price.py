"""The price of a close: what was paid, and what it made, are numbers beside it and not the price."""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.clauses import said
from domain.reading.draft import Draft
from domain.reading.refusal import ambiguous

_OF_THE_ENTRY = ("paid", "cost", "entry price", "avg cost", "cost basis", "in at", "in for")
_RESULTS = ("profit", "profits", "gain", "gains", "loss", "losses", "win", "winner", "green", "red", "net", "pnl")
_RESULT = re.compile(
    r"\b(?:profits?|gains?|loss|losses|wins?|winner|scalp|up|down|made|roi|return|entry|exit|green|from)\b|%|\+", re.IGNORECASE
)
_MARKED = ("@", "~", "at")


def check_exit_price(tail: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for a close whose price is the entry's, or what it made: "paid 1.10", "for .40 profit", "4.40 - 4.60 +5%"."""
    if draft.action not in (Action.STC, Action.BTC):
        return
    if draft.action is Action.STC and draft.price_word in _OF_THE_ENTRY:
        raise ambiguous(f"the price of the entry, or of the exit: {draft.price_word} {draft.price}")
    is_marked = draft.price_word in _MARKED
    if draft.price is not None and tail and tail[0].lower in _RESULTS and not is_marked:
        raise ambiguous(f"a price, or a result: {draft.price} {tail[0].text}")
    if draft.price_range is not None and not draft.is_future and (found := _RESULT.search(said(tail))):
        raise ambiguous(f"entry and exit, or a range: {draft.price_range[0]} to {draft.price_range[1]}, {found.group()}")
