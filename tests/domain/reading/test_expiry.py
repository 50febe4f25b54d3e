"""Expiries, as traders write them."""

from datetime import date

import pytest

from domain.alert import UnreadCode
from domain.reading.expiry import DAY_WORDS, days_left, third_friday, written_day
from domain.reading.refusal import NotRead

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("12/4", date(2026, 12, 4)),
        ("12-04", date(2026, 12, 4)),
        ("12/18/26", date(2026, 12, 18)),
        ("12/18s", date(2026, 12, 18)),
        ("1/15", date(2027, 1, 15)),
        ("2027-01-15", date(2027, 1, 15)),
        ("Dec 18th", date(2026, 12, 18)),
        ("DEC18", date(2026, 12, 18)),
        ("18DEC26", date(2026, 12, 18)),
        ("18 Dec '26", date(2026, 12, 18)),
        ("January 15, 2027", date(2027, 1, 15)),
        ("Jan 2027", date(2027, 1, 15)),
    ],
)
def test_a_written_day(written: str, day: date) -> None:
    assert written_day(written, MONDAY) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("02/30", UnreadCode.IMPOSSIBLE_DATE),
        ("00/00", UnreadCode.IMPOSSIBLE_DATE),
        ("13/01", UnreadCode.IMPOSSIBLE_DATE),
        ("12/04/2099", UnreadCode.IMPOSSIBLE_DATE),
        ("11/20", UnreadCode.PAST_EXPIRY),
        ("11/20/2026", UnreadCode.PAST_EXPIRY),
        ("Jan28", UnreadCode.AMBIGUOUS),
    ],
)
def test_a_day_that_is_none(written: str, code: UnreadCode) -> None:
    with pytest.raises(NotRead) as raised:
        written_day(written, MONDAY)
    assert raised.value.unread.code is code


@pytest.mark.parametrize(
    ("word", "today", "day"),
    [
        ("weekly", MONDAY, FRIDAY),
        ("eow", FRIDAY, FRIDAY),
        ("next week", MONDAY, date(2026, 12, 4)),
        ("today", MONDAY, MONDAY),
        ("wednesday", MONDAY, date(2026, 11, 25)),
        ("monday", FRIDAY, date(2026, 11, 30)),
    ],
)
def test_words_for_a_day(word: str, today: date, day: date) -> None:
    assert DAY_WORDS[word](today) == day


def test_days_left_are_calendar_days() -> None:
    assert days_left("2DTE", MONDAY) == date(2026, 11, 25)


def test_one_day_left_on_a_friday_may_mean_monday() -> None:
    with pytest.raises(NotRead, match="weekend"):
        days_left("1dte", FRIDAY)


def test_the_third_friday() -> None:
    assert third_friday(2027, 1) == date(2027, 1, 15)
