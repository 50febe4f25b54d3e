"""Closes that are posted together: a part that is said once may be meant for each of them."""

from collections.abc import Sequence

from domain.alert import Action, Alert
from domain.reading.amount_words import DOUBT, OF_ELSE
from domain.reading.chunks import Chunk
from domain.reading.clauses import said
from domain.reading.parting import has_contract
from domain.reading.phrases import any_of
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_OF_ALL = any_of("each, both, these, those, all of (?:them|it), every(?: one|one)?, them, on all")
_AMOUNTS = (Role.PART, Role.LEFT, Role.PERCENT)


def check_shared_parts(orders: Sequence[Sequence[Chunk]], alerts: Sequence[Alert]) -> None:
    """NotRead for a part of one of several closes that is not said on that close's own line, or is said of them all."""
    if not any(alert.action in (Action.STC, Action.BTC) for alert in alerts):
        return
    for order in orders[1:] if _share_a_line(orders) else ():
        if _speaks_of_a_part(behind := _behind_price(order), said(behind)):
            raise ambiguous(f"a part of which order: {said(behind)}")
    for line in _lines(orders):
        text = OF_ELSE.sub(" ", said(line))
        if not _speaks_of_a_part(line, text):
            continue
        if not has_contract(line) or _OF_ALL.search(text):
            raise ambiguous(f"a part of which order: {said(line)}")


def _speaks_of_a_part(line: Sequence[Chunk], text: str) -> bool:
    is_named = any(chunk.role in _AMOUNTS and chunk.number[:1] not in ("+", "-") for chunk in line)
    is_verb = any(chunk.meaning is not None and (chunk.meaning.is_part or chunk.meaning.fraction) for chunk in line)
    return is_named or is_verb or bool(DOUBT.search(text))


def _share_a_line(orders: Sequence[Sequence[Chunk]]) -> bool:
    return any(order[-1].role is not Role.NEWLINE for order in orders[:-1])


def _behind_price(order: Sequence[Chunk]) -> Sequence[Chunk]:
    last = max(
        (place for place, chunk in enumerate(order) if chunk.role is Role.NUMBER and "." in chunk.text), default=-1
    )
    return order[last + 1 :]


def _lines(orders: Sequence[Sequence[Chunk]]) -> list[list[Chunk]]:
    lines: list[list[Chunk]] = []
    for order in orders:
        lines.append([])
        for chunk in order:
            if chunk.role is Role.NEWLINE:
                lines.append([])
            else:
                lines[-1].append(chunk)
    return [line for line in lines if line]
