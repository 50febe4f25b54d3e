"""A message's reading: its text cleaned, split into tokens, and read as one order, or as one a line."""

import re
from datetime import date, datetime

from domain.alert import Alert, Reading, Unread, UnreadCode
from domain.reading.cleaning import clean
from domain.reading.expiry import new_york_day
from domain.reading.grammar import UnreadError, interpret
from domain.reading.tokens import Kind, Token, tokens
from domain.reading.words import LABELS

_REMARK = re.compile(r"^\s*(?:comments?|notes?)\s*:(?P<said>.*)$", re.IGNORECASE | re.MULTILINE)
_DETAIL = 120


def read(text: str, posted_at: datetime) -> Reading:
    """Read a message posted at that moment (aware). Never raises on any text; an empty reading has its reason."""
    words = clean(text)
    if isinstance(words, Unread):
        return Reading(refused=words)
    if "?" in words:
        return Reading(refused=Unread(code=UnreadCode.NOT_AN_ALERT, detail="a question"))
    remark = " ".join(found["said"].strip() for found in _REMARK.finditer(words))
    words = _REMARK.sub("", words)
    today = new_york_day(posted_at)
    try:
        return Reading(alerts=(_one(words, remark, today),))
    except UnreadError as error:
        several = _several(words, today)
        if several:
            return Reading(alerts=several)
        unread = error.unread
        return Reading(refused=unread.model_copy(update={"detail": unread.detail[:_DETAIL]}))


def _one(words: str, remark: str, today: date) -> Alert:
    return interpret(tokens(words), remark, _label(words), today)


def _several(words: str, today: date) -> tuple[Alert, ...]:
    """One order a line, and nothing else: of several, all are understood or none is traded."""
    lines = [line for line in words.splitlines() if line.strip()]
    if len(lines) < 2 or not all(_has_verb(tokens(line)) for line in lines):
        return ()
    try:
        alerts = [_one(line, "", today) for line in lines]
    except UnreadError:
        return ()
    contracts = {(alert.symbol, alert.strike, alert.option_type, alert.expiry) for alert in alerts}
    return tuple(alerts) if len(contracts) == len(alerts) else ()


def _has_verb(line: list[Token]) -> bool:
    return any(token.kind is Kind.VERB for token in line)


def _label(words: str) -> str | None:
    lower = words.lower()
    return next((label for label in LABELS if re.search(rf"\b{label}\b", lower)), None)
