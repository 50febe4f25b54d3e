"""Expiries as traders write them, resolved against the New York day of the message."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.alert import UnreadCode
from domain.reading.refusal import NotRead, ambiguous
from domain.reading.tokens import MONTH

_NEW_YORK = ZoneInfo("America/New_York")
_FRIDAY, _SATURDAY = 4, 5
_ROLL_OVER = timedelta(days=60)  # a day without a year that passed longer ago than this means next year
_FURTHEST = timedelta(days=3 * 366)  # no option is listed further out
_LEAP_YEARS_AHEAD = 3
_NEAR = timedelta(days=45)  # dailies are listed no further out
_MONTHS_A_YEAR = 12
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_NUMERIC = re.compile(r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?s?", re.IGNORECASE)
_DAY_THEN_MONTH = re.compile(r"(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>0?[1-9]|1[0-2])(?:[/-](?P<year>\d{4}|\d{2}))?")
_ISO = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})")
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]?(?P<name>{MONTH})(?:[ -]?'?(?P<year>\d{{4}}|\d{{2}}))?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"(?P<name>{MONTH})\.?[ -]?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:,? |-| ?')(?P<year>\d{{4}}|\d{{2}}))?s?",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(rf"(?P<name>{MONTH}) ?'?(?P<year>20\d\d)", re.IGNORECASE)
_DAYS_LEFT = re.compile(r"(?P<days>\d{1,3})[ -]?dtes?", re.IGNORECASE)


def new_york_day(moment: datetime) -> date:
    """The trading day that a message belongs to. The moment is aware."""
    return moment.astimezone(_NEW_YORK).date()


def this_friday(today: date) -> date:
    """The week's expiry; today when it is Friday."""
    return today + timedelta((_FRIDAY - today.weekday()) % 7)


def next_friday(today: date) -> date:
    """The expiry of the week after."""
    return this_friday(today) + timedelta(7)


def weekday_from(today: date, weekday: int) -> date:
    """The next day of that name, today included. Monday is 0."""
    return today + timedelta((weekday - today.weekday()) % 7)


def tomorrow(today: date) -> date:
    """The day after, unless nothing expires on it."""
    day = today + timedelta(1)
    if day.weekday() >= _SATURDAY:
        raise ambiguous("tomorrow is no trading day")
    return day


def third_friday(year: int, month: int) -> date:
    """The month's standard expiry."""
    return this_friday(date(year, month, 15))


def days_left(written: str, today: date) -> date:
    """`0DTE`, `7 dte`: that many days on. One that falls on a weekend has two meanings, and is refused."""
    found = _DAYS_LEFT.fullmatch(written)
    day = today + timedelta(int(found["days"]) if found else 0)
    if day.weekday() >= _SATURDAY:
        raise ambiguous(f"{written} falls on a weekend")
    return day


def written_day(written: str, today: date) -> date:
    """A date as written, with or without its year. NotRead when it is past, or no day at all."""
    if found := _MONTH_OF_YEAR.fullmatch(written):
        return _open(third_friday(int(found["year"]), _month(found)), written, today)
    if found := _DAY_THEN_MONTH.fullmatch(written):
        return _friday_only(_open(_calendar_day(found, written, today), written, today), written)
    for pattern in (_ISO, _NUMERIC, _DAY_FIRST, _MONTH_FIRST):
        if found := pattern.fullmatch(written):
            return _open(_calendar_day(found, written, today), written, today)
    raise NotRead(UnreadCode.IMPOSSIBLE_DATE, written)


def _calendar_day(found: re.Match[str], written: str, today: date) -> date:
    year = found["year"]
    try:
        day = date(_full(year) if year else today.year, _month(found), int(found["day"]))
        if not year and today - day > _ROLL_OVER:
            day = day.replace(year=today.year + 1)
    except ValueError:
        raise NotRead(UnreadCode.IMPOSSIBLE_DATE, written) from None
    if not year and "name" in found.groupdict():
        _refuse_month_and_year(day, written, today)
    elif not year:
        _refuse_day_and_month(day, written, today)
    return day


def _refuse_day_and_month(day: date, written: str, today: date) -> None:
    """`04/12` is the 12th of April, or the 4th of December: far away, only a Friday makes it clearly the first."""
    if day - today < _NEAR or day.weekday() == _FRIDAY or day.day > _MONTHS_A_YEAR:
        return
    other = date(today.year, day.day, day.month)
    if today <= other < day and other.weekday() == _FRIDAY:
        raise ambiguous(f"{written}: {day:%b %d}, or {other:%b %d}")


def _refuse_month_and_year(day: date, written: str, today: date) -> None:
    """`Jan28` is the 28th of January, or January of 2028: only a Friday makes it clearly the day."""
    years_ahead = day.day - today.year % 100
    if 0 < years_ahead <= _LEAP_YEARS_AHEAD and day.weekday() != _FRIDAY:
        raise ambiguous(f"{written}: a day, or a year")


def _friday_only(day: date, written: str) -> date:
    """`18/12` is no month and day; read the other way round it must be a day that options expire on."""
    if day.weekday() != _FRIDAY:
        raise NotRead(UnreadCode.IMPOSSIBLE_DATE, written)
    return day


def _month(found: re.Match[str]) -> int:
    parts = found.groupdict()
    return _MONTHS[parts["name"][:3].lower()] if "name" in parts else int(parts["month"])


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _open(day: date, written: str, today: date) -> date:
    if day < today:
        raise NotRead(UnreadCode.PAST_EXPIRY, f"{written} is {day}")
    if day - today > _FURTHEST:
        raise NotRead(UnreadCode.IMPOSSIBLE_DATE, f"{written} is too far away")
    return day


WEEKDAYS = frozenset(
    ["mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "thu", "thurs", "thursday", "fri", "friday"]
)
DAY_WORDS: dict[str, Callable[[date], date]] = {
    **dict.fromkeys(
        (
            "today",
            "eod",
            "odte",
            "zero dte",
            "same day",
            "same-day",
            "expiring today",
            "exp today",
            "today exp",
            "today's exp",
            "todays exp",
            "today expiry",
            "today's expiry",
            "todays expiry",
            "today's expiration",
        ),
        lambda today: today,
    ),
    **dict.fromkeys(
        (
            "weekly",
            "weeklies",
            "weeklys",
            "eow",
            "this week",
            "this weeks",
            "this week's",
            "this friday",
            "fri",
            "friday",
        ),
        this_friday,
    ),
    **dict.fromkeys(
        ("tomorrow exp", "tomorrow expiry", "expiring tomorrow", "exp tomorrow", "expires tomorrow", "tmrw exp"),
        tomorrow,
    ),
    **dict.fromkeys(("next week", "next weeks", "next week's", "next weekly", "next friday", "nxt week"), next_friday),
    **{
        f"{prefix}{name}": partial(weekday_from, weekday=weekday)
        for weekday, names in enumerate(
            (("monday", "mon"), ("tuesday", "tues", "tue"), ("wednesday", "wed"), ("thursday", "thurs", "thu"))
        )
        for name in names
        for prefix in ("", "this ", "exp ")
    },
}
# Those that may as well tell when something was done.
WHEN = frozenset(word for word in DAY_WORDS if not re.search("exp|dte|week(?:ly|lies)|eow", word))
