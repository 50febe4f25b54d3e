"""Shares in a tape reader's shorthand: `SHORT CHWY 200 @ 31.85`, `COVER half CHWY @ 31.20`, `$DJT short 400 @ 13.26`.

A number beside a share's symbol counts shares only where it can be no strike, and its price no premium.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from domain.reading.prices import level
from domain.reading.refusal import NotRead, ambiguous
from domain.reading.shorthand import AVERAGE, BEFORE, END, KIND_BEHIND, LEVELS_BEHIND, LONG, PIECE, PRICE
from domain.reading.tape import CLOSERS, COUNT, IS_LONG, IS_SHORT, amount_of
from domain.reading.ticker_words import COSTLY, FUTURE_ROOTS_ONLY, INDEXES, INDICATORS
from domain.reading.tickers import ticker
from domain.reading.vocabulary import word_set

_COUNTED_SHARES = r"(?:\d{3,5}|\d{1,2}(?:\.\d)?k)"
_TICKER_FIRST = re.compile(  # `$DJT short 400 @ 13.26`
    rf"{BEFORE}\$(?P<symbol>[A-Z]{{1,5}}) (?P<verb>long|short|sold|covered|cover|out|added|trimmed)"
    rf" (?P<count>{_COUNTED_SHARES})(?P<whole> of {_COUNTED_SHARES})?(?: sh| shares)?(?= (?:@ ?|at ){PRICE}{END})",
    re.IGNORECASE,
)
_NAMED = r"\$?(?:[A-Z]{1,5}|(?<=\d )[a-z]{2,4})"
_SHARES = re.compile(
    rf"{BEFORE}(?P<verb>(?i:out|(?:clos(?:e|ing)|exit(?:ed|ing)?)(?= (?:long|short)\b)|scaled?(?: out)?"
    rf"|stopped(?: out)?|flat|flattened"
    rf"|trim(?:med)?|cov|cover(?:ed|ing)?"
    rf"|(?:sold|sell|selling)(?= (?:the )?(?:rest|half|some|all|remaining|1/[2-4]|2/3|a third"
    rf"|\d{{1,4}} of \d{{1,4}})\b)"
    rf"|(?:buy|bought) to cover)) (?:of )?(?P<ahead>(?:(?i:{PIECE}) ){{0,5}})(?P<symbol>{_NAMED})"
    rf" (?P<behind>(?:(?i:{PIECE}) ){{0,5}})(?:@ ?|at )?(?P<price>{PRICE}){END}"
)
_SHARES_OPENED = re.compile(
    rf"{BEFORE}(?P<verb>(?i:(?:add(?:ed|ing)?(?: to)? (?:my )?)?(?:{LONG}|short(?:ed|ing)?|shrt|sold short))) "
    r"(?P<ahead>(?:(?:\d{1,5}|\d,\d{3}) (?i:sh |shs |shares )?(?:of )?)?)(?P<symbol>" + _NAMED + r")"
    r" (?P<behind>(?:x?(?:\d{1,5}|\d,\d{3}) (?i:sh |shs |shares )?)?)"
    rf"(?:@ ?|at )?(?P<price>{PRICE})(?P<average>{AVERAGE})?(?:{END}|{LEVELS_BEHIND}|{KIND_BEHIND})"
)
_STOP = re.compile(rf"\b(?:sl|stop|stops|risk) ?:? ?(?P<stop>{PRICE})", re.IGNORECASE)
_FIELDS = re.compile(  # `IN $BBAI 6.42 | 1000 sh | stop 6.18`
    rf"{BEFORE}(?P<verb>(?i:in|long|bought|buy|add(?:ed)?|short(?:ed)?|cover(?:ed)?|out|sold)) "
    rf"(?P<symbol>\$?[A-Z]{{1,5}})"
    r" (?:@ ?)?(?P<price>\$?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?) \| (?P<count>\d{1,5}|\d,\d{3}) (?i:sh|shs|shares)(?= ?"
    r"(?:\||\Z|\n))"
)
_SHARES_SAID = re.compile(r"\b(?:shares|shs?)\b", re.IGNORECASE)
# Coins, and what is counted: "short 200 MA @ 31.85", "sold ALL 222.50".
_NO_SHARE = word_set("""
    BTC ETH SOL XRP ADA DOGE LTC BNB AVAX LINK DOT SUI PEPE SHIB HYPE
    MA PTS SH SHS LOTS CONS CTS CALLS PUTS MIN DAY DAYS SIZE CASH BID ASK ALL
""")
_OPTION_HAS_LESS = Decimal(60)
_COSTS_AS_SHARES = Decimal(20)
_NO_PREMIUM = Decimal(200)
_CHEAPEST = Decimal(10)
_CHEAPEST_COUNTED = Decimal(5)
_MANY = 100
_TIGHT = Decimal("0.06")  # of the price: no option is stopped so near
_ABSURD = Decimal("0.6")  # of a strike, as a premium
_DEEP = Decimal("0.25")  # of a strike: nobody sells such a premium to open
_BELOW, _ABOVE = Decimal("0.7"), Decimal("1.3")
_NICKEL, _LOT = Decimal("0.05"), 50  # options from three dollars on are quoted in nickels


class _Trade(NamedTuple):
    """A count of shares, or of what else, with its price."""

    symbol: str
    many: int | None
    is_counted_first: bool
    price: Decimal


def _in_fields(found: re.Match[str]) -> str:
    """The count of shares before its price."""
    verb = {"in": "bought", "buy": "bought"}.get(found["verb"].lower(), found["verb"])
    return f"{found['before']}{verb} {found['count'].replace(',', '')} shares of {found['symbol']} @ {found['price']}"


def _ticker_first(found: re.Match[str]) -> str:
    """`short 400 shares of DJT`; `2k` are 2000. A number near the price may be a level."""
    price, count = _NUMBER.search(found.string, found.end()), found["count"]
    is_near = price and count.isdigit() and _is_near(int(count), level(price[0].replace(",", "")))
    if is_near and (int(count) % _LOT or found["symbol"] in COSTLY):
        raise ambiguous(f"how many, or at what level: {count}")
    many = _THOUSANDS.sub(
        lambda thousand: f"{float(thousand[1]) * 1000:.0f}", f"{found['count']}{found['whole'] or ''}"
    )
    return f"{found['before']}{found['verb']} {many} shares of ${found['symbol']}"


def _shares(found: re.Match[str]) -> str:
    """`COVER half CHWY @ 31.20`, `OUT long SOUN rest @ 14.41`, `flat 500 SOUN 14.61`."""
    pieces, verb = f"{found['ahead']}{found['behind']}", found["verb"].lower()
    covers = "cov" in verb
    is_long, is_short = bool(IS_LONG.search(pieces)), bool(IS_SHORT.search(pieces)) or covers
    trade = _trade(found)
    amount = amount_of(pieces)
    is_sure = trade is not None and (
        bool(_SHARES_SAID.search(pieces))
        or _closes_shares(trade, covers=covers, is_short=bool(IS_SHORT.search(pieces)))
    )
    is_part = verb in ("sold", "sell", "selling")
    is_sure = is_sure or (is_part and trade is not None and _costs_as_a_share(trade))
    is_bare = _is_bare_exit(trade, verb, found.string[found.end() :])
    is_told = verb in ("covered", "covering") and not amount
    if (is_long and is_short) or is_told or not is_sure:
        return found[0]
    if not (is_long or is_short or is_part or is_bare or (trade and trade.many)):
        return found[0]
    if not is_short:
        way = CLOSERS.get(verb, "sold")
    else:
        way = "cover some" if verb.startswith(("scale", "trim")) and not amount else "cover"
    return f"{found['before']}{way} {amount}shares of {found['symbol']} @ {found['price']}"


def _is_bare_exit(trade: _Trade | None, verb: str, behind: str) -> bool:
    """`OUT ROKU 99.85`, with no other number behind it."""
    is_dear = trade is not None and trade.price >= _OPTION_HAS_LESS and trade.symbol not in COSTLY
    return is_dear and verb in ("out", "stopped", "stopped out", "flat") and not any(map(str.isdigit, behind))


def _costs_as_a_share(trade: _Trade) -> bool:
    return trade.price >= _NO_PREMIUM or (trade.price >= _COSTS_AS_SHARES and trade.symbol not in COSTLY)


def _closes_shares(trade: _Trade, *, covers: bool, is_short: bool) -> bool:
    """Whether such a price is no premium. Without a count it must be a rare one: dear, or not in nickels."""
    if trade.many and not trade.is_counted_first and (trade.symbol in COSTLY or trade.many % _LOT):
        return False  # a strike, as in `OUT META 600 @ 71.35`
    if trade.price >= _OPTION_HAS_LESS:
        return True
    count, is_odd = trade.many or 0, bool(trade.price % _NICKEL)
    is_sure = count > _MANY or (is_short and is_odd)
    if trade.symbol in COSTLY or trade.price < (_CHEAPEST_COUNTED if is_sure else _CHEAPEST):
        return False
    return count >= _MANY or is_odd or (covers and trade.price >= _COSTS_AS_SHARES)


def _shares_opened(found: re.Match[str]) -> str:
    """`LONG SOUN 500 @ 14.22 | stop 13.95`, `shrt 300 CVNA 371.20`, `ADD short CHWY 100 @ 32.05, avg 31.92`."""
    verb, trade = found["verb"].lower(), _trade(found)
    is_short, is_add = "sh" in verb, verb.startswith("add")
    if trade is None or trade.many is None or (found["average"] and not is_add):
        return found[0]
    is_said = bool(_SHARES_SAID.search(f"{found['ahead']}{found['behind']}"))
    if not is_said and not _opens_shares(trade, found, is_short=is_short):
        return found[0]
    way = ("additional short" if is_add else "short") if is_short else ("added" if is_add else "long")
    return f"{found['before']}{way} {trade.many} shares of {found['symbol']} @ {found['price']}"


def _opens_shares(trade: _Trade, found: re.Match[str], *, is_short: bool) -> bool:
    """Whether the number is no strike, nor a count of contracts, and the price no premium."""
    count, is_many = trade.many or 0, (trade.many or 0) >= _MANY
    if not trade.is_counted_first and (count % _LOT or (trade.symbol in COSTLY and _is_near(count, trade.price))):
        return False  # a level, as in `LONG SPY 684 @ 684.10`
    if trade.price >= _OPTION_HAS_LESS:
        return trade.is_counted_first or trade.price > count * _ABSURD or _is_stopped_near(trade, found, is_short)
    if trade.symbol in COSTLY or not is_many:
        return False
    if trade.is_counted_first:
        return trade.price >= (_CHEAPEST if is_short and count == _MANY else _CHEAPEST_COUNTED)
    if "@" not in found[0] or trade.price < _CHEAPEST_COUNTED:
        return False
    is_odd = trade.price >= _CHEAPEST and bool(trade.price % _NICKEL) and count % _LOT == 0
    is_deep = is_short and trade.price >= _CHEAPEST and trade.price > count * _DEEP
    return is_odd or is_deep or _is_stopped_near(trade, found, is_short)


def _is_near(count: int, price: Decimal) -> bool:
    return price * _BELOW < count < price * _ABOVE


def _is_stopped_near(trade: _Trade, found: re.Match[str], is_short: bool) -> bool:
    stop = _STOP.search(found.string, found.end())
    if stop is None:
        return False
    away = (level(stop["stop"]) - trade.price) * (1 if is_short else -1)
    return 0 < away <= trade.price * _TIGHT


def _trade(found: re.Match[str]) -> _Trade | None:
    """The trade, where its symbol is a share's and its numbers are clear."""
    symbol = found["symbol"].lstrip("$").upper()
    ahead, behind = COUNT.search(found["ahead"]), COUNT.search(found["behind"])
    counted = ahead or behind
    is_no_share = symbol in INDEXES | INDICATORS | FUTURE_ROOTS_ONLY | _NO_SHARE
    if is_no_share or ticker(found["symbol"].lstrip("$")) != symbol or (ahead and behind) or "." not in found["price"]:
        return None
    try:
        price = level(found["price"])
    except NotRead:
        return None
    return _Trade(symbol, int(counted["count"].replace(",", "")) if counted else None, ahead is not None, price)


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_THOUSANDS = re.compile(r"(\d{1,2}(?:\.\d)?)k", re.IGNORECASE)


REWORDINGS = (
    ((" sh",), _FIELDS, _in_fields),
    (("$",), _TICKER_FIRST, _ticker_first),
    (("out", "exit", "scale", "stopped", "flat", "trim", "cov", "clos", "sold", "sell"), _SHARES, _shares),
    (("long", "lng", "short", "shrt"), _SHARES_OPENED, _shares_opened),
)
