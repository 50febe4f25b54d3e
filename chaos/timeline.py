"""A trade's orders moment by moment, as the book's times tell it: what could execute when, and what was held then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from chaos.evidence import BookOrder

FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Life:
    """When an order could execute: from `start` until `end`."""

    order: BookOrder
    start: datetime
    end: datetime


@dataclass
class Moment:
    """How much of something there was, in contracts: executed, executed late, and still working."""

    at: datetime
    executed: int = 0
    late: int = 0
    working: int = 0


@dataclass(frozen=True)
class _Step:
    at: datetime
    rank: int  # of what the book dates to one millisecond: fills first, then ends, then what is new
    executed: int = 0
    late: int = 0
    working: int = 0


def lives(orders: Sequence[BookOrder]) -> list[Life]:
    """When each order could execute, those that never could left out.

    A replacement waits for the end of its original, and is given up when that one fills instead.
    """
    by_id = {order.order_id: order for order in orders}
    found = []
    for order in orders:
        start = order.received_at
        original = by_id.get(order.replaces) if order.replaces is not None else None
        if original is not None:
            start = order.sent_at or original.ended_at or FOR_EVER
        end = order.ended_at or FOR_EVER
        was_kept = order.ended_at is not None and order.sent_at is None  # it never reached the venue
        if start < end and not was_kept:
            found.append(Life(order, start, end))
    return sorted(found, key=lambda life: (life.start, life.order.order_id))


def overlaps(orders: Sequence[BookOrder]) -> list[tuple[BookOrder, BookOrder]]:
    """Pairs of neighbours that could execute at the same moment."""
    return [(one.order, other.order) for one, other in pairwise(lives(orders)) if other.start < one.end]


def moments(orders: Sequence[BookOrder]) -> Iterator[Moment]:
    """The sums after each thing that happened to these orders."""
    now = Moment(datetime.min.replace(tzinfo=UTC))
    for step in sorted(_steps(orders), key=lambda step: (step.at, step.rank)):
        now = Moment(step.at, now.executed + step.executed, now.late + step.late, now.working + step.working)
        yield now


def _steps(orders: Sequence[BookOrder]) -> Iterator[_Step]:
    alive = {life.order.order_id: life for life in lives(orders)}
    for order in orders:
        life = alive.get(order.order_id)
        for fill in order.fills:
            late = order.is_late(fill)
            working = 0 if late or life is None else -fill.quantity
            yield _Step(fill.at, 0, executed=fill.quantity, late=fill.quantity if late else 0, working=working)
        if life is None:
            continue
        yield _Step(life.start, 2, working=order.quantity)
        if life.end != FOR_EVER:
            yield _Step(life.end, 1, working=-(order.quantity - order.filled + order.filled_late))
