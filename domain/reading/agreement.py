"""What a reading must agree with: words and numbers of the message that say another thing than what was read.

An order is complete before all of its message is understood: `sold ... @ 4.10 to open` opens, `PT 2x` counts nothing,
and `calls 5` has no strike. Each of these makes the order none.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from domain.alert import Action, Alert
from domain.reading.futures import may_cost
from domain.reading.refusal import ambiguous, multi_leg, not_an_alert, suspicious

_BUYS, _SELLS = (Action.BTO,), (Action.STC,)
_CLOSES, _ALL = (Action.STC, Action.BTC), tuple(Action)
_NUMBER = r"\$?(?:\d+(?:\.\d+)?|\.\d+)"
_LEVEL = r"(?:break|breaks|hold|holds|reclaim|retest|tap|trigger|bounce)"
_OTHERWISE: tuple[tuple[tuple[Action, ...], re.Pattern[str]], ...] = (
    (  # it opens
        _SELLS,
        re.compile(
            r"(?<!sold )(?<!sell )(?<!selling )(?<!stc )\bto open\b|[ (,-](?:opening|initiating|overwriting)(?=\s*"
            r"(?:$|[).,;!]))"
            r"|\bnew position\b|\b(?:bpr?|req) \d|\bivr \d|\bundefined risk\b|\bexpiring worthless\b",
            re.IGNORECASE,
        ),
    ),
    (  # it closes
        _BUYS,
        re.compile(
            r"\b(?:covering|closing (?:my |the |our )?short|closing trade|out of (?:the|my) short|max profit)\b"
            r"|\((?:closing|close|cover)\)|\d[ ,-]+buy ?back\b|\d[ ,-]+(?:closing|cover|close)(?=\s*\Z)",
            re.IGNORECASE,
        ),
    ),
    (  # it depends
        _BUYS,
        re.compile(
            rf"\b(?:w/|with) (?:an? )?(?:{_NUMBER} |vwap )?{_LEVEL}\b|\b(?:w/|with) (?:an? )?break of\b|"
            rf"(?<=[-\n]) ?{_NUMBER} trigger\b"
            rf"|\bentry (?:on|around|@) (?:an? )?(?:{_NUMBER} )?(?:{_LEVEL}|pullback|stock)\b|\bwant {_NUMBER} fill\b"
            rf"|\bstop (?:market|limit)\b"
            r"|\boption [a-d]:",
            re.IGNORECASE,
        ),
    ),
    (  # it rests
        _CLOSES,
        re.compile(r"\bset (?:an? )?(?:limit|alert|target)\b", re.IGNORECASE),
    ),
    (_ALL, re.compile(r"\d(?:\.\d+)? no x?\.?\d|\bondemand\b", re.IGNORECASE)),  # it was something else
)
_PART = re.compile(
    r"\banother (?:\d+ ?%?|one|two|half|quarter)(?=\s*(?:$|[.,;!]))|\b(?:minus|less) (?:\d+|one|two)\b|[,;] ?\d+ open"
    r"(?=\s*(?:$|[.,;!]))"
    r"|\bfirst lot\b|\bpaid for the trade\b",
    re.IGNORECASE,
)
_ROLLED = re.compile(
    r"(?:->|\u2192) ?\d{1,2}/\d{1,2}\b|\b(?:pushing|extending) (?:it |them )?to\b|\bgoing out an? (?:week|month)\b"
    r"|\bup and out\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(r"\b(?:vs|versus|against) short (?:stock|shares)\b", re.IGNORECASE)
_COMPARED = re.compile(r"[<>]=? ?\$?\d")
_LEVEL_BEFORE = re.compile(r"\b(?:stops?|sl|invalid\w*|targets?|tp|pt|out)\b[^<>]{0,30}\Z", re.IGNORECASE)
_FILLED_NONE = re.compile(r"^\W{0,4}fill(?:ed)?[ \t]*:[ \t]*0[ \t]*$", re.IGNORECASE | re.MULTILINE)
_MULTIPLE = re.compile(
    r"\b(?:pt|tp|tgt|targets?|goal|exit|at|for|lotto|looking for) (?:an? )?(?P<of>\d{1,3})x\b"
    r"|\b(?P<size>\d{1,3})x (?:size|risk|from|return|money|gain|bagger)"
    r"|\bx ?(?P<time>\d{1,3}) (?:bottom|top|days?|weeks?|size|risk)\b",
    re.IGNORECASE,
)
_OF_A_DATE = re.compile(  # `Dec 18 26 @`, `12/18 26 @`
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?,? (?P<year>[12]\d|3[01])"
    r"(?= ?(?:@|at\b|for\b|\$))"
    r"|\d/\d{1,2} (?P<years>2[5-9]|3[01])(?= ?@)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\W{0,4}(?:underlying|stock|asset|option|contract|strike|spot|last)[ \t]*[:=][ \t]*(?:[A-Z]{1,5} )?\$?"
    r"(?P<number>\d+)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_GAIN = re.compile(r"(?<=[A-Z\d] )\+(?P<gain>\d{1,5})(?= ?@)", re.IGNORECASE)
_TIMES_BEHIND = re.compile(r"\d (?:for )?(?P<times>\d{1,3})x\W*\Z", re.IGNORECASE)
_SHARES = re.compile(r"\b(?P<shares>\d{1,5}) shares\b", re.IGNORECASE)
_AND_SHARES = re.compile(r"(?:\band|\+|&) \d{1,5} shares\b", re.IGNORECASE)
_MEASURE = re.compile(
    r"(?<![\d.])\$?(?P<price>\d*\.?\d+) ?(?:(?:delta|theta|gamma|vega|atr|risk)\b(?! ?-?\.?\d)|size(?=\s*(?:$|[.,;])))",
    re.IGNORECASE | re.MULTILINE,
)
_RISK = re.compile(r"\b(?:risk|worth) \$?(?P<price>\d*\.?\d+)(?![\d.])", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:avg|average) \$?(?P<price>\d*\.?\d+)(?![\d.])", re.IGNORECASE)
_AT = re.compile(r"@ ?\$?(?P<price>\d*\.?\d+)(?! ?(?:delta|size))", re.IGNORECASE)
_TOTAL = re.compile(r"\bfor \$?[\d,.]+ (?:in )?total\b", re.IGNORECASE)
_SUM = re.compile(r"(?:\bfor \$?|\$)\d[\d,]*(?:\.00)?(?![\d.]| ?(?:each|apiece))", re.IGNORECASE)
_MARKET = re.compile(r"\b(?:mkt|market)\b", re.IGNORECASE)
_BEHIND_RIGHT = re.compile(
    r"\b(?:calls?|puts?)(?: \d{1,2}/\d{1,2}| [A-Za-z]{3} \d{1,2})? \$?(?P<strike>\d*\.?\d+)(?![\d.])", re.IGNORECASE
)
_MOST_OF_A_SHARE = 1000  # hardly any costs more
_HALF, _CENT = Decimal("0.5"), Decimal("0.01")


def check_agreement(text: str, alerts: Iterable[Alert]) -> None:
    """NotRead where the message, as it is seen, says another thing than one of its alerts."""
    if _FILLED_NONE.search(text):
        raise not_an_alert("nothing was filled")
    if len(text) > 1 and text.strip()[:1] == text.strip()[-1:] == "'":
        raise not_an_alert("quoted")
    for alert in alerts:
        for actions, said in _OTHERWISE:
            if alert.action in actions and (found := said.search(text)):
                raise ambiguous(f"{alert.action}, and: {found.group().strip()}")
        if alert.action is Action.BTO and text.count(">") + text.count("<") == 1 and (found := _COMPARED.search(text)):
            if _LEVEL_BEFORE.search(text[: found.start()]):
                continue
            raise not_an_alert(f"depends: {found.group()}")
        _check_part(text, alert)
        _check_count(text, alert)
        _check_price(text, alert)
        if alert.is_option:
            _check_strike(text, alert)


def _check_part(text: str, alert: Alert) -> None:
    if alert.action is Action.STC and (found := _ROLLED.search(text)):
        raise multi_leg(found.group())
    if alert.action is Action.BTO and (found := _HEDGED.search(text)):
        raise multi_leg(found.group())
    is_all = alert.action in _CLOSES and alert.fraction is None and not alert.partial
    if is_all and alert.quantity is None and (found := _PART.search(text)):
        raise ambiguous(f"all of it, or a part: {found.group()}")


def _check_count(text: str, alert: Alert) -> None:
    """NotRead for a count that is a multiple of the money, a year, a gain, or another field's number."""
    if alert.quantity is None:
        return
    kinds = [_MULTIPLE, _OF_A_DATE, _FIELD]
    kinds += [_GAIN, _TIMES_BEHIND] if alert.action in _CLOSES else []
    kinds += [_SHARES] if alert.is_option else []
    for kind in kinds:
        for found in kind.finditer(text):
            if str(alert.quantity) == found[found.lastgroup or 0]:
                raise ambiguous(f"how many, or something else: {found.group().strip()}")
    if alert.is_option and (beside := _AND_SHARES.search(text)):
        raise ambiguous(f"an option, and shares: {beside.group()}")


def _check_price(text: str, alert: Alert) -> None:
    """NotRead for a price that is a measure of something else, a sum, or none that the product can have."""
    price = alert.price
    if price is None:
        return
    if price < _CENT:
        raise suspicious(f"less than a cent: {price}")
    if alert.is_future and not may_cost(alert.symbol, price):
        raise suspicious(f"no price of {alert.symbol}: {price}")
    kinds = [_MEASURE, _RISK] + ([_AVERAGE] if alert.action in _CLOSES else [])
    is_told = any(Decimal(found["price"]) == price for found in _AT.finditer(text))
    for kind in kinds:
        for found in kind.finditer(text):
            if Decimal(found["price"]) == price and not is_told:
                raise ambiguous(f"the price, or something else: {found.group()}")
    is_sum = price >= _MOST_OF_A_SHARE and _SUM.search(text) is not None
    if alert.is_shares and (alert.quantity or 0) > 1 and (is_sum or _TOTAL.search(text)):
        raise ambiguous(f"of one share, or of all: {price}")
    _check_targets(alert)


def _check_targets(alert: Alert) -> None:
    """NotRead for a target on the wrong side of what is bought or sold outright."""
    if alert.is_option or alert.price is None or not alert.targets:
        return
    if alert.action is Action.BTO and max(alert.targets) < alert.price:
        raise ambiguous(f"bought, and a target below: {max(alert.targets)}")
    if alert.action is Action.STO and min(alert.targets) > alert.price:
        raise ambiguous(f"sold short, and a target above: {min(alert.targets)}")


def _check_strike(text: str, alert: Alert) -> None:
    """NotRead for a strike that is a price: `calls 5`, `1.20 call`."""
    if alert.limit is not None or alert.strike is None:
        return
    is_behind = any(Decimal(found["strike"]) == alert.strike for found in _BEHIND_RIGHT.finditer(text))
    if alert.strike % _HALF or (is_behind and _MARKET.search(text) is None):
        raise ambiguous(f"a strike, or a price: {alert.strike}")
