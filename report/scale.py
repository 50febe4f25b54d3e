"""What a curve of money over time is drawn against: round dollars, hours or days, and where each moment stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from domain.admission import NEW_YORK
from domain.reporting.report import Book
from domain.reporting.span import Span
from report import wording

_OPEN, _CLOSE = timedelta(hours=9, minutes=30), timedelta(hours=16)
_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_MOST_STEPS = 5
_MOST_DAYS = 10
_ROOM = 0.03  # of the height, above and below: a line on the edge would be cut


class Tick(NamedTuple):
    """A place on an axis, and what is written there."""

    at: float
    label: str


class Scale(NamedTuple):
    """Both axes: moments as seconds since the epoch, dollars as they are."""

    begin: float
    end: float
    low: float
    high: float
    times: tuple[Tick, ...]
    dollars: tuple[Tick, ...]


def scale(book: Book, span: Span, now: datetime) -> Scale:
    """For a book's curve. One day is the market's hours, and more where something was sold outside them."""
    begin, end = _ends(book, span, now)
    totals = [Decimal(0), *(point.total for point in book.curve)]
    dollars = tuple(_round_steps(min(totals), max(totals)))
    room = _ROOM * (dollars[-1].at - dollars[0].at)
    return Scale(
        begin=begin.timestamp(),
        end=end.timestamp(),
        low=dollars[0].at - (room if dollars[0].at else 0),
        high=dollars[-1].at + room,
        times=tuple(_hours(begin, end) if span.is_one_day else _days(span, begin, end)),
        dollars=dollars,
    )


def _ends(book: Book, span: Span, now: datetime) -> tuple[datetime, datetime]:
    if not span.is_one_day:
        return span.since, max(min(span.until, now), span.since + timedelta(days=1))
    midnight = span.since.astimezone(NEW_YORK)
    moments = [point.at for point in book.curve]
    begin = min([(midnight + _OPEN), *moments])
    end = max([(midnight + _CLOSE), *moments])
    return begin, end


def _hours(begin: datetime, end: datetime) -> Iterator[Tick]:
    hour = begin.astimezone(NEW_YORK).replace(minute=0, second=0, microsecond=0)
    step = 1 if end - begin < timedelta(hours=9) else 3
    while hour <= end:
        if hour >= begin and hour.hour % step == 0:
            yield Tick(hour.timestamp(), f"{hour:%H:%M}")
        hour += timedelta(hours=1)


def _days(span: Span, begin: datetime, end: datetime) -> Iterator[Tick]:
    days = (span.last - span.first).days + 1
    step = -(-days // _MOST_DAYS)
    for number in range(0, days, step):
        at = begin.astimezone(NEW_YORK) + timedelta(days=number)
        if at <= end:
            yield Tick(at.timestamp(), f"{at:%b} {at.day}")


def _round_steps(low: Decimal, high: Decimal) -> Iterator[Tick]:
    """Round dollars from below the lowest to above the highest, zero among them."""
    size = max(high - low, Decimal(1)) / _MOST_STEPS
    power = Decimal(10) ** size.adjusted()
    step = next(power * each for each in _ROUND if power * each >= size)
    at = (low // step - (1 if low % step else 0)) * step
    while True:
        yield Tick(float(at), wording.short(at))
        if at >= high and at > 0:
            return
        at += step
