"""A message's reading: all of its orders are clear, or none is traded."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from domain.alert import Action, Alert, Reading, UnreadCode
from domain.profile import PLAIN, Profile
from domain.reading import evidence
from domain.reading.blocks import unfold
from domain.reading.chunks import Chunk, chunk
from domain.reading.draft import Draft
from domain.reading.expiry import new_york_day
from domain.reading.order import read_order
from domain.reading.refusal import NotRead, ambiguous, multi_leg, not_an_alert, suspicious
from domain.reading.tokens import tokenize
from domain.reading.visible import LONGEST_MESSAGE, visible
from domain.reading.vocabulary import Role
from domain.reading.webhook import from_json

_MOST_ORDERS = 8  # more is a list, not an alert
_CALLING = "\U0001f6a8\U0001f514\U0001f7e2\U0001f4e3\U0001f195\u26a1"  # signs that call attention, and tell nothing
_CLOWN = "\U0001f921"
_TURNS = ("\u202d", "\u202e")  # these show letters in another order than they are written
_JOINTS = (",", "/", ";", "|", "&", "+", ".", "-", "!")


def read(text: str, posted_at: datetime, profile: Profile = PLAIN) -> Reading:
    """Read a message posted at that moment (aware). Never raises on any text; no alert comes with its reason."""
    try:
        return Reading(alerts=_alerts(text, new_york_day(posted_at), profile))
    except NotRead as reason:
        return Reading(refused=reason.unread)


def _alerts(text: str, today: date, profile: Profile) -> tuple[Alert, ...]:
    if len(text) > LONGEST_MESSAGE:
        raise NotRead(UnreadCode.TOO_LONG, f"{len(text)} characters")
    if any(turn in text for turn in _TURNS):
        raise suspicious("letters in an order that is not the one they are shown in")
    if _CLOWN in text:
        raise not_an_alert(f"not meant: {_CLOWN}")
    seen = visible(from_json(text))
    if not any(letter.isdigit() for letter in seen):
        raise not_an_alert("no number in it")
    if "?" in seen:
        raise not_an_alert("a question")
    sentence = unfold(seen, profile)
    chunks = chunk(tokenize(sentence.order), profile.size_words)
    remark = chunk(tokenize(sentence.remark), profile.size_words)
    _refuse_spread(seen, chunks)
    parted = part(chunks)
    if len(parted) > _MOST_ORDERS:
        raise ambiguous(f"{len(parted)} orders in one message")
    is_cheered = not seen.isascii() and any(map(_cheers, seen))
    alerts = tuple(
        read_order(order, remark if len(parted) == 1 else (), Draft(today, profile, is_cheered)) for order in parted
    )
    if len(parted) > 1:
        _check_together(alerts)
    return alerts


def _cheers(letter: str) -> bool:
    return unicodedata.category(letter) == "So" and letter not in _CALLING


def _refuse_spread(seen: str, chunks: Sequence[Chunk]) -> None:
    found = evidence.SPREAD.search(seen)
    if found and any(chunk.role in (Role.STRIKE, Role.VERB, Role.CODE, Role.RANGE) for chunk in chunks):
        raise multi_leg(found.group())


def part(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """A message's orders: a new one begins at a line, or behind a joint, with its own verb and contract."""
    orders: list[list[Chunk]] = [[]]
    for segment in _segments(chunks):
        is_order = _has_verb(segment) and _has_contract(segment)
        if is_order and _has_contract(orders[-1]) and _has_verb(orders[-1]):
            orders.append([])
        orders[-1] += segment
    return [order for order in orders if order] or [[]]


def _segments(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Pieces between lines, and before each plain verb that stands behind a joint."""
    segments: list[list[Chunk]] = [[]]
    for place, here in enumerate(chunks):
        before = chunks[place - 1] if place else None
        is_joint = before is not None and (before.is_mark(*_JOINTS) or before.lower in ("and", "then"))
        if is_joint and _is_plain_verb(here):
            segments.append([])
        segments[-1].append(here)
        if here.role is Role.NEWLINE:
            segments.append([])
    return [segment for segment in segments if segment]


def _is_plain_verb(chunk: Chunk) -> bool:
    return chunk.role is Role.VERB and chunk.meaning is not None and chunk.meaning.is_strong


def _has_verb(chunks: Sequence[Chunk]) -> bool:
    return any(chunk.role in (Role.VERB, Role.IN) for chunk in chunks)


def _has_contract(chunks: Sequence[Chunk]) -> bool:
    return any(
        chunk.role in (Role.STRIKE, Role.CODE, Role.FUTURE) or (chunk.is_mark("@") and _has_verb(chunks))
        for chunk in chunks
    )


def _check_together(alerts: Sequence[Alert]) -> None:
    """Orders that are posted together are each their own: no roll, no spread, no order twice, no told round trip."""
    for place, alert in enumerate(alerts):
        for other in alerts[:place]:
            if alert.symbol == other.symbol and alert.action is not other.action:
                raise multi_leg(f"{other} with {alert}")
            if alert == other and alert.action in (Action.BTO, Action.STO):
                raise ambiguous(f"{alert} twice")
