"""A plain parser of alerts, as many projects have it: a few regular expressions, tried in turn. For comparison."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_NEW_YORK = ZoneInfo("America/New_York")
_ACTIONS = {
    "bto": "BTO",
    "buy": "BTO",
    "bought": "BTO",
    "buying": "BTO",
    "entry": "BTO",
    "open": "BTO",
    "long": "BTO",
    "stc": "STC",
    "sell": "STC",
    "sold": "STC",
    "selling": "STC",
    "close": "STC",
    "closed": "STC",
    "trim": "STC",
    "exit": "STC",
    "out": "STC",
    "sto": "STO",
    "btc": "BTC",
}
_OPTION = re.compile(
    rf"\b(?P<action>{'|'.join(_ACTIONS)})\b\W*(?:(?P<count>\d+)x?\s+)?"
    r"\$?(?P<symbol>[A-Z]{1,5})\s+"
    r"(?:(?P<day>\d{1,2}/\d{1,2}(?:/\d{2,4})?|\ddte|weekly)\s+)?"
    r"\$?(?P<strike>\d+(?:\.\d+)?)\s?(?P<right>c|p|calls?|puts?)\b"
    r"(?:\s+(?P<later>\d{1,2}/\d{1,2}(?:/\d{2,4})?|\ddte|weekly))?"
    r"(?:.{0,12}?(?:@|at|for)?\s*\$?(?P<price>\d*\.\d+|\d+)\b)?",
    re.IGNORECASE,
)
_STOP = re.compile(r"\b(?:sl|stop)\b\W*\$?(\d*\.\d+)", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:pt|tp|target)\d?\b\W*\$?(\d*\.\d+)", re.IGNORECASE)
_PART = re.compile(r"\b(?:(half)|(\d)/(\d)|(\d{1,2})%)", re.IGNORECASE)


def read_plainly(text: str, posted_at: datetime) -> list[dict[str, Any]]:
    """Every order that the expressions find, with the scorer's fields."""
    return list(_orders(text, posted_at.astimezone(_NEW_YORK).date()))


def _orders(text: str, today: date) -> Iterator[dict[str, Any]]:
    for found in _OPTION.finditer(text):
        action = _ACTIONS[found["action"].lower()]
        stop, part = _STOP.search(text), _PART.search(text)
        yield {
            "action": action,
            "symbol": found["symbol"].upper(),
            "strike": float(found["strike"]),
            "option_type": "call" if found["right"].lower().startswith("c") else "put",
            "expiry": _day(found["day"] or found["later"], today),
            "quantity": int(found["count"]) if found["count"] else None,
            "price": float(found["price"]) if found["price"] else None,
            "price_range": None,
            "fraction": _fraction(part) if part and action in ("STC", "BTC") else None,
            "partial": found["action"].lower() == "trim",
            "stop": float(stop[1]) if stop else None,
            "targets": [float(target) for target in _TARGET.findall(text)],
        }


def _fraction(part: re.Match[str]) -> float | None:
    if part[1]:
        return 0.5
    if part[2]:
        return int(part[2]) / int(part[3]) if part[3] != "0" else None
    return int(part[4]) / 100


def _day(written: str | None, today: date) -> str | None:
    if written is None:
        return None
    if written.lower() == "weekly":
        return (today + timedelta((4 - today.weekday()) % 7)).isoformat()
    if written.lower().endswith("dte"):
        return (today + timedelta(int(written[0]))).isoformat()
    month, day, *year = (int(part) for part in written.split("/"))
    try:
        return date(year[0] % 100 + 2000 if year else today.year, month, day).isoformat()
    except ValueError:
        return None
