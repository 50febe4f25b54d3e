"""A second leg that is named without its call or put: `short the 185s`, `selling the 185 against it`."""

import re
from decimal import Decimal

from domain.alert import OptionType
from domain.reading.draft import Draft
from domain.reading.refusal import multi_leg

_BOUND = r"(?:the|a|an|my|some|by|with|also|at|short|long|of)"
_STRIKE = r"\$?(?P<strike>\d{1,5}(?:\.[05]0?)?)(?:'?s\b)?"
_COUNTED = (
    r"(?! ?(?:%|percent|cons?\b|contracts?\b|shares?\b|stop|target|tp|pt|sl|days?|dte|min|lots?\b|delta|\d|of\b|/))"
)
_TRADED = re.compile(
    rf"\b(?:short(?:ed|ing)?|sell(?:ing)?|sold|buying|bought|wrote|writing|paired with|hedged with) "
    rf"(?:{_BOUND} ){{0,2}}{_STRIKE}{_COUNTED}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?:^[/&+-] ?|\b(?:against|versus|vs) (?:{_BOUND} ){{0,2}}"
    rf"|\b(?:with|w/|and|plus|over|by|long) (?:{_BOUND} ){{1,2}})"
    rf"{_STRIKE}{_COUNTED}",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?<![\w.$])(?P<strike>\d{2,5}(?:\.5)?)'?s(?!\w)", re.IGNORECASE)
_NEAR = Decimal("1.5")  # times the strike, or part of it


def check_second_leg(text: str, draft: Draft) -> None:
    """NotRead when the words behind an option name another strike of it."""
    if draft.strike is None:
        return
    for found in (*_TRADED.finditer(text), *_PLURAL.finditer(text)):
        if _is_near(Decimal(found["strike"]), draft.strike):
            raise multi_leg(f"another strike: {found.group()}")
    for found in _BESIDE.finditer(text):
        strike = Decimal(found["strike"])
        is_beyond = strike < draft.strike if draft.right is OptionType.PUT else strike > draft.strike
        if is_beyond and _is_near(strike, draft.strike):  # "220c against 214" names the level it leans on
            raise multi_leg(f"another strike: {found.group()}")


def _is_near(found: Decimal, strike: Decimal) -> bool:
    return strike / _NEAR <= found <= strike * _NEAR and found != strike
