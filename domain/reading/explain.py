"""How a message was read, piece by piece: for people who ask why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.alert import Reading
from domain.profile import PLAIN, Profile
from domain.reading.chunks import Chunk
from domain.reading.draft import Draft
from domain.reading.expiry import new_york_day
from domain.reading.order import read_order
from domain.reading.reader import in_pieces, read
from domain.reading.refusal import NotRead
from domain.reading.vocabulary import Role

_BEHIND = "behind the order"


class Explained(NamedTuple):
    """One piece of the message: as written, the part it plays, and what it gave to the order."""

    text: str
    role: str
    gave: str


def explain(text: str, posted_at: datetime, profile: Profile = PLAIN) -> tuple[tuple[Explained, ...], Reading]:
    """Each piece with what it gave, as far as the reader came, and the reading itself."""
    try:
        message = in_pieces(text, profile)
    except NotRead:
        return (), read(text, posted_at, profile)
    pieces: list[Explained] = []
    for order in message.orders:
        draft = Draft(new_york_day(posted_at), posted_at.minute, profile, message.is_cheered, trace=[])
        try:
            read_order(order, message.remark if len(message.orders) == 1 else (), draft)
        except NotRead as reason:
            pieces += _pieces(order, draft, stopped_by=reason.unread.detail)
        else:
            pieces += _pieces(order, draft)
    pieces += [Explained(each.text, each.role, "comment") for each in message.remark if each.role is not Role.NEWLINE]
    return tuple(pieces), read(text, posted_at, profile)


def _pieces(order: Sequence[Chunk], draft: Draft, stopped_by: str = "") -> Iterator[Explained]:
    trace = draft.trace or []
    for chunks, gave in trace:
        written = " ".join(each.text for each in chunks if each.role is not Role.NEWLINE)
        if written:
            yield Explained(written, chunks[0].role, gave)
    behind = order[sum(len(chunks) for chunks, _ in trace) :]
    for place, each in enumerate(behind):
        is_stop = stopped_by and not place and not draft.is_complete
        if each.role is not Role.NEWLINE:
            yield Explained(each.text, each.role, f"ended it: {stopped_by}" if is_stop else _BEHIND)
