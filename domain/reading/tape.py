"""Futures in a tape reader's shorthand: `OUT half long /ES @ 6866`, `/NQ short: covered half @ 25553`.

The side that is held says what a closing word does: out of a long sells, out of a short buys back.
"""

import re
from decimal import Decimal

from domain.reading.futures import may_cost
from domain.reading.prices import level
from domain.reading.refusal import ambiguous
from domain.reading.shorthand import AVERAGE, BEFORE, END, LEVELS_BEHIND, LONG, MICROS, PIECE, PRICE, SHORT

_FUTURE = re.compile(
    rf"{BEFORE}(?P<verb>out|scaled?(?: out)?|stopped(?: out)?|flat|flattened|trim(?:med)?|closed?|exit(?:ed)?|cov"
    r"|cover(?:ed)?|sold|selling|(?:took|taking)(?= \S{1,4} off )) "
    rf"(?P<ahead>(?:{PIECE} ){{0,5}})(?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) (?P<behind>(?:{PIECE} ){{0,5}})"
    rf"(?:@ ?|at )?(?:b/?e |break ?even )?(?P<price>{PRICE}){END}",
    re.IGNORECASE,
)
_SOLD_OF_MANY = re.compile(  # nobody sells a part of what he does not have
    rf"{BEFORE}(?:sold|sell|selling) (?P<amount>\d{{1,3}} of (?:my )?\d{{1,3}}|half|(?:the )?(?:rest|last|remaining)"
    rf"|the other(?: \d{{1,2}})?|1/[2-4]|2/3|some"
    rf"|last \d{{1,2}})"
    rf"(?: of)?(?: my| the)? (?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) (?=(?:@ ?|at )?{PRICE}{END})"
    r"(?![^\n]*\b(?:add|adds|adding|more|next|scal\w+ in|build\w*)\b)",  # or goes short in parts
    re.IGNORECASE,
)
_HELD_FIRST = re.compile(  # `/ES long: sold 1 of 2 @ 6854`
    rf"{BEFORE}(?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) (?P<side>long|short)(?::| -| \|) ?"
    r"(?P<verb>sold|trimmed|scaled(?: out)?|all out|out|closed|flat|exited|stopped(?: out)?|covered|added) ?"
    rf"(?P<amount>(?:{PIECE} )*?)(?=(?:@ ?|at )?{PRICE}{END}|(?:@ ?|at )?{PRICE},? (?:new )?(?:avg|average) )",
    re.IGNORECASE,
)
_FUTURE_ADDED = re.compile(
    rf"{BEFORE}(?P<verb>add(?:ed|ing)?)(?: to)?(?: my)? (?P<ahead>(?:{PIECE} ){{0,5}})"
    rf"(?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) (?P<behind>(?:{PIECE} ){{0,5}})(?:@ ?|at )?(?P<price>{PRICE})"
    rf"(?:{AVERAGE})?(?:{END}|{LEVELS_BEHIND})",
    re.IGNORECASE,
)
_FEW_DIGITS = 3
COUNT = re.compile(r"(?:\A| )x?(?P<count>\d{1,5}|\d,\d{3})(?= |\Z)(?! of)")
_NO_AMOUNT = re.compile(
    rf"\b(?:{LONG}|{SHORT}|my|the|off|shares|shs?)(?: |\Z)|\bx(?=\d)|(?<!\d )\bof |(?<= of )my ", re.IGNORECASE
)
_BOTH = re.compile(r"\bboth\b", re.IGNORECASE)
_RUNNER = re.compile(r"\brunners?\b", re.IGNORECASE)
IS_LONG, IS_SHORT = re.compile(rf"\b{LONG}\b", re.IGNORECASE), re.compile(rf"\b{SHORT}\b", re.IGNORECASE)


def _sold_of_many(found: re.Match[str]) -> str:
    is_all = any(word in found["amount"].lower() for word in ("rest", "last", "remaining", "other"))
    amount = "rest" if is_all else found["amount"]
    return f"{found['before']}{'out' if is_all else 'scaled out'} {amount} {found['symbol']} long "


def _held_first(found: re.Match[str]) -> str:
    """The verb before what is held, as elsewhere."""
    verb, amount = found["verb"], found["amount"]
    if verb.lower() == "all out":
        verb, amount = "out", "all "
    if verb.lower() == "sold" and found["side"].lower() == "long":
        verb = "scaled out" if amount else "out"
    return f"{found['before']}{verb} {amount}{found['symbol']} {found['side']} "


def _future(found: re.Match[str]) -> str:
    """`OUT half long /ES @ 6866`: sold, or bought back, by the side that was held."""
    pieces, verb = f"{found['ahead']}{found['behind']}", found["verb"].lower()
    is_long, is_short = bool(IS_LONG.search(pieces)), bool(IS_SHORT.search(pieces)) or verb.startswith("cov")
    is_sold_short = is_short and verb in ("sold", "selling", "took", "taking")  # what is sold short opens
    if is_long is is_short or is_sold_short or not may_cost(found["symbol"].upper(), level(found["price"])):
        return found[0]
    amount = amount_of(pieces)
    _check_counts(found)
    if is_short:
        is_part = verb.startswith(("scale", "trim")) and not amount
        return f"{found['before']}bought to close {'some ' if is_part else amount}{found['symbol']} @ {found['price']}"
    return f"{found['before']}{CLOSERS.get(verb, 'out')} {amount}{found['symbol']} @ {found['price']}"


CLOSERS = {
    **dict.fromkeys(("scale", "scaled", "scale out", "scaled out", "trim", "trimmed"), "trimmed"),
    **dict.fromkeys(("stopped", "stopped out"), "stopped out of"),
    **dict.fromkeys(("flat", "flattened"), "flat"),
}


def _check_counts(found: re.Match[str]) -> None:
    """NotRead for a number that may be where the trade began: `out my /ES long 6840 @ 6852`."""
    for pieces in (found["ahead"], found["behind"]):
        counted = COUNT.search(pieces)
        if counted and not _counts(counted["count"], found["symbol"]):
            raise ambiguous(f"how many, or at what price: {counted['count']}")


def _counts(count: str, symbol: str) -> bool:
    """`/ES 2 @ 6866`; in `/ES 6840 at 6848` it is where the trade began."""
    return len(count) <= _FEW_DIGITS and not (len(count) > 1 and may_cost(symbol.upper(), Decimal(count)))


def amount_of(pieces: str) -> str:
    """How much of it, as the grammar knows it: "half ", "1 of 2 ", "2 "."""
    return _RUNNER.sub("rest", _BOTH.sub("2", _NO_AMOUNT.sub("", pieces)))


def _future_added(found: re.Match[str]) -> str:
    """`Add 1 /GC long 4176.20, avg 4174.00`: the fill is the price, the average is of all."""
    pieces = f"{found['ahead']}{found['behind']}"
    is_long, is_short = bool(IS_LONG.search(pieces)), bool(IS_SHORT.search(pieces))
    if is_long is is_short:
        return found[0]
    _check_counts(found)
    verb = "additional short" if is_short else "added"
    return f"{found['before']}{verb} {amount_of(pieces)}{found['symbol']} @ {found['price']}"


_ADDED_TO = re.compile(
    r"\b(?P<verb>added|adding|add) (?P<count>\d{1,3}) to (?:the |my )?(?P<symbol>/[A-Z0-9]{2,5}) (?P<side>long|short)"
    r"(?= (?:at|@) )",
    re.IGNORECASE,
)
_ONE_LEFT = re.compile(  # who has some left sold what he held
    rf"{BEFORE}(?:sold|sell|selling) (?P<amount>\d{{1,3}}) (?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) (?=(?:@ ?"
    rf"|at )?{PRICE}, \d{{1,3}} left\b)",
    re.IGNORECASE,
)

_SCALED_OUT_OF = re.compile(
    rf"{BEFORE}scal(?:e|ed|ing) (?P<amount>half|1/[2-4]|2/3|\d{{1,3}}) out of (?=(?:my |the )?(?:long|short) )",
    re.IGNORECASE,
)
_OUT_PERCENT = re.compile(  # a part, where the gain has a percentage of its own, with its sign
    rf"{BEFORE}out (?P<part>\d{{1,3}})% (?=\$?[A-Z]{{1,5}} [^\n%]{{3,60}}"
    r"[|(,;] ?[+-](?!(?P=part)%)\d{1,4}(?:\.\d+)?%)",
    re.IGNORECASE,
)

REWORDINGS = (
    ((" out of ",), _SCALED_OUT_OF, r"\g<before>scaled out \g<amount> "),
    (("out ",), _OUT_PERCENT, r"\g<before>STC \g<part>% "),
    ((" to ",), _ADDED_TO, r"\g<verb> \g<count> \g<symbol> \g<side>"),
    ((" left",), _ONE_LEFT, r"\g<before>scaled out \g<amount> \g<symbol> long "),
    (("sold", "sell"), _SOLD_OF_MANY, _sold_of_many),
    (("long", "short"), _HELD_FIRST, _held_first),
    (("/", *MICROS), _FUTURE, _future),
    (("add",), _FUTURE_ADDED, _future_added),
)
