"""Expiries as traders write them, resolved against the New York day of the message."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.alert import Unread, UnreadCode

_NEW_YORK = ZoneInfo("America/New_York")
_FRIDAY = 4
_ROLL_OVER = timedelta(days=60)  # a day that passed longer ago than this means next year
_FURTHEST = timedelta(days=3 * 366)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_NUMERIC = re.compile(r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?s?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_WORDS = re.compile(rf"(?P<name>{MONTH})\.? ?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?")
_GLUED = re.compile(rf"(?P<day>\d{{1,2}})(?P<name>{MONTH})(?P<year>\d{{2}})")
_DAYS = re.compile(r"(?P<days>\d{1,3}) ?dte")
_SOON = {"weekly": 0, "weeklies": 0, "this friday": 0, "eow": 0, "this week": 0, "next week": 7, "next friday": 7}
_TODAY = ("eod", "today")


def new_york_day(moment: datetime) -> date:
    """The trading day a message belongs to."""
    return moment.astimezone(_NEW_YORK).date()


def resolve(written: str, today: date) -> date | Unread:
    """The day that the words name. They must be an expiry's: the lexer says so."""
    words = written.lower()
    if found := _DAYS.fullmatch(words):
        return today + timedelta(int(found["days"]))
    if words in _TODAY:
        return today
    if words in _SOON:
        return today + timedelta((_FRIDAY - today.weekday()) % 7 + _SOON[words])
    for pattern in (_ISO, _NUMERIC, _WORDS, _GLUED):
        if found := pattern.fullmatch(words):
            return _day(found.groupdict(), written, today)
    return Unread(code=UnreadCode.IMPOSSIBLE_DATE, detail=written)


def _day(parts: dict[str, str | None], written: str, today: date) -> date | Unread:
    month = _MONTHS[(parts.get("name") or "")[:3]] if parts.get("name") else int(parts["month"] or 0)
    year = parts.get("year")
    try:
        day = date(_full(year) if year else today.year, month, int(parts["day"] or 0))
        if not year and today - day > _ROLL_OVER:
            day = day.replace(year=today.year + 1)
    except ValueError:
        return Unread(code=UnreadCode.IMPOSSIBLE_DATE, detail=written)
    if day < today:
        return Unread(code=UnreadCode.PAST_EXPIRY, detail=written)
    if day - today > _FURTHEST:
        return Unread(code=UnreadCode.IMPOSSIBLE_DATE, detail=f"{written} is too far away")
    return day


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)
