"""Spans of whole days in New York, as people ask for them."""

from datetime import UTC, date, datetime, time, timedelta

from domain.admission import NEW_YORK
from domain.errors import RefusedError
from domain.frozen import Frozen

MOST_DAYS = 100


class Span(Frozen):
    """From the first day's midnight to the one after the last day, New York's. Both ends are aware; `until` is out."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins, in UTC."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """When it is over, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def is_one_day(self) -> bool:
        """A single day."""
        return self.first == self.last

    def holds(self, at: datetime) -> bool:
        """Whether that moment is in it."""
        return self.since <= at < self.until

    def __str__(self) -> str:
        if self.is_one_day:
            return f"{self.first:%a} {self.first.day} {self.first:%b %Y}"
        return f"{self.first.day} {self.first:%b %Y} – {self.last.day} {self.last:%b %Y}"


def span_of(day: str | None, since: str | None, now: datetime) -> Span:
    """The span that somebody asks for: one day, or a day and all after it; neither: today.

    Days are `2026-11-25`, `today` or `yesterday`. RefusedError says what is wrong with one.
    """
    today = now.astimezone(NEW_YORK).date()
    if day is not None and since is not None:
        raise RefusedError("one_of_two", "give a day, or since when, not both")
    first = _day(since or day or "today", today)
    last = today if since is not None else first
    if first > today:
        raise RefusedError("in_the_future", f"{first} has not begun in New York")
    if (last - first).days >= MOST_DAYS:
        raise RefusedError("too_long", f"{(last - first).days + 1} days, at most {MOST_DAYS}")
    return Span(first=first, last=last)


def _day(told: str, today: date) -> date:
    word = told.strip().lower()
    if word in ("today", "yesterday"):
        return today - timedelta(days=int(word == "yesterday"))
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise RefusedError("not_a_day", f"{told[:20]!r} is no day: today, yesterday, or as 2026-11-25") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)
