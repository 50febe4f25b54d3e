"""Days as people ask for them, in New York."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import RefusedError
from domain.reporting.span import MOST_DAYS, span_of

EVENING = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)  # nine in the evening of the 25th in New York


@pytest.mark.parametrize(
    ("day", "since", "first", "last"),
    [
        (None, None, 25, 25),
        ("today", None, 25, 25),
        (" Yesterday ", None, 24, 24),
        ("2026-11-20", None, 20, 20),
        (None, "2026-11-20", 20, 25),
        (None, "yesterday", 24, 25),
    ],
)
def test_a_day_or_all_since_one(day: str | None, since: str | None, first: int, last: int) -> None:
    span = span_of(day, since, EVENING)
    assert (span.first, span.last) == (date(2026, 11, first), date(2026, 11, last))


@pytest.mark.parametrize(
    ("day", "since"),
    [("tomorrow", None), ("2026-11-26", None), ("11/25", None), ("2026-11-25", "2026-11-20"), (None, "2020-01-01")],
)
def test_what_is_no_span_is_refused_in_words(day: str | None, since: str | None) -> None:
    with pytest.raises(RefusedError):
        span_of(day, since, EVENING)


def test_as_many_days_as_there_may_be() -> None:
    longest = EVENING.date() - timedelta(days=MOST_DAYS)
    assert (span_of(None, f"{longest}", EVENING).last - longest).days == MOST_DAYS - 1


def test_it_reads_as_a_person_would_say_it() -> None:
    assert str(span_of(None, None, EVENING)) == "Wed 25 Nov 2026"
    assert str(span_of(None, "2026-11-20", EVENING)) == "20 Nov 2026 – 25 Nov 2026"
