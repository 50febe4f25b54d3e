"""The lexer: a message's words as typed tokens. Every character belongs to a token, or to the space between two."""

import re
from enum import StrEnum
from typing import NamedTuple

from domain.reading.expiry import MONTH
from domain.reading.words import VERB_PATTERN

_NUMBER = r"(?:\d{1,7}(?:\.\d{1,4})?|\.\d{1,4})"
_END = r"(?![\w.%/]|,\d)"
_LABEL = {
    "price": "price|entry price|scaling price|avg price|avg|entry zone|limit|exit price|cost",
    "strike": "strike",
    "quantity": "qty|quantity|contracts|size",
    "stop": "stop loss|stop|sl|risk",
    "target": "take profit|targets?|tp|pt",
}


class Kind(StrEnum):
    """What a token is."""

    LEVEL = "level"  # a stop or target with its numbers
    ASIDE = "aside"  # a remark with numbers of its own, which is no part of the order
    SYMBOL = "symbol"  # under a label that says so
    OCC = "occ"
    EXPIRY = "expiry"
    FRACTION = "fraction"
    PERCENT = "percent"
    RIGHT = "right"  # strike with call or put
    QUANTITY = "quantity"
    RANGE = "range"
    PRICE = "price"  # a number with a price's mark before it
    MARKET = "market"
    STRIKE = "strike"  # a number under a label that says so
    NUMBER = "number"
    FUTURE = "future"
    CASHTAG = "cashtag"
    VERB = "verb"
    WORD = "word"
    MARK = "mark"  # punctuation
    STRANGE = "strange"


class Token(NamedTuple):
    """One token: what it is, how it was written, and the parts that its kind has."""

    kind: Kind
    text: str
    parts: dict[str, str]


_LEVEL = (
    rf"(?:(?P<stop>s/?l|stop\s*loss|st[o0]p|stops?)|(?P<target>(?:pt|tp|t)\d?|take\s*profits?|targets?))\s*[:@=]?\s*"
    rf"(?:at\s+)?\$?(?P<levels>{_NUMBER}%?(?:\s*/\s*\$?{_NUMBER}%?|\s*,\s*\$?{_NUMBER}%?(?![/\d]))*)(?![\w/])"
)
_ASIDES = (
    r"\bno\s+(?:sl|stop)\b",
    r"\bsl\s+be\b(?:\s+after\s+first\s+trim)?",
    r"\bstop\s+to\s+be(?:\s+on\s+rest)?\b",
    rf"\b(?:sl|stop)\s+(?:below|under|above|over)\s+{_NUMBER}(?:\s+on\s+(?:the\s+)?(?:stock|shares)|\s*\(share\s+price\))",
    r"\brisk(?:ing)?:?\s+\$\d{1,6}\b",
    r"\b\d{1,2}%\s+(?:of\s+)?(?:port|portfolio|account)\b",
    r"\bhalf\s+size\b",
    r"\b\d/\d\s+left\b",
    r"\bsize:\s*\d/\d\b",
    r"\(edited[^)]{0,40}\)",
)
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.ASIDE, "|".join(_ASIDES)),
    (Kind.LEVEL, rf"\b{_LEVEL}"),
    (Kind.SYMBOL, r"\b(?:symbol|ticker)\s*:\s*\$?(?P<tag>[A-Za-z]{1,5}(?:[./][A-Za-z])?)\b"),
    (
        Kind.OCC,
        r"(?:(?P<occroot>[A-Z]{1,6})\s{1,6}(?P<occ>\d{6}[CP]\d{8})|\.(?P<tos>[A-Z]{1,6}\d{6}[CP]\d{1,5}(?:\.\d{1,2})?))\b",
    ),
    (
        Kind.EXPIRY,
        rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})|\d{{1,2}}/\d{{2}}s?|\d{{2}}/\d|1[0-2]/\d|\d{{2}}-\d{{2}}"
        rf"|\d{{1,2}}{MONTH}\d{{2}}|\b{MONTH}\.?\s?\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s20\d\d)?"
        r"|\d{1,3}\s?dte|\b(?:weekly|weeklies|this\s+friday|this\s+week|eow|next\s+week|next\s+friday|eod))(?![\w/])",
    ),
    (Kind.FRACTION, r"\b(?P<part>\d)\s?/\s?(?P<whole>\d)(?![\w/.])|\b(?P<some>\d{1,3})\s+of\s+(?P<of>\d{1,3})\b"),
    (Kind.PERCENT, rf"(?P<sign>[+-])?{_NUMBER}%"),
    (Kind.RIGHT, rf"(?P<strike>\$?{_NUMBER})\s?(?P<right>c|p|calls?|puts?)(?=\d{{1,2}}/|(?![\w]))"),
    (
        Kind.QUANTITY,
        r"\b(?:x\s?(?P<after>\d{1,5})|(?P<before>\d{1,5})\s?x)\b|\b(?:qty|quantity):?\s+(?P<said>\d{1,5})\b"
        r"|\((?P<bracket>\d{1,3})\)|\b(?P<cons>\d{1,5})\s+(?:cons?|contracts?|lots?|sh|shares)\b",
    ),
    (Kind.MARKET, r"(?:@\s*(?:m|mkt|market(?:\s+price)?|cmp)|\bat\s+(?:the\s+)?market|\bmarket)\b"),
    (
        Kind.RANGE,
        rf"(?:@\s*|\bat\s+|\bfor\s+|~|\b(?:{_LABEL['price']}|entry|exit)\s*:\s*)?\$?(?P<low>{_NUMBER})\s?(?:-|/|to)\s?\$?(?P<high>{_NUMBER}){_END}",
    ),
    (
        Kind.PRICE,
        rf"(?:@|\b(?:at|for|paid|filled(?:\s+at)?|(?:{_LABEL['price']}|entry|exit)(?=\s*:))|~|\$|\()\s*:?\s*@?\s*\$?(?P<price>{_NUMBER}|\d{{1,3}},\d{{2}})(?P<cents>\s*(?:cents?|¢))?\)?{_END}"
        rf"|\$?(?P<named>{_NUMBER})\s+entry\b",
    ),
    (Kind.STRIKE, rf"\bstrike\s*:\s*\$?(?P<bare>{_NUMBER}){_END}"),
    (Kind.FUTURE, r"/(?P<root>[A-Z]{1,3}?(?:[FGHJKMNQUVXZ]\d{1,2})?)\b"),
    (Kind.CASHTAG, r"\$(?P<tag>[A-Za-z]{1,5}(?:[./][A-Za-z])?)\b"),
    (Kind.VERB, rf"(?<![\w$.])(?:{VERB_PATTERN})(?![\w.]\w)(?!\w)"),
    (Kind.NUMBER, rf"-?{_NUMBER}{_END}"),
    (Kind.WORD, r"[A-Za-z]+(?:\.[A-Za-z]\b)?"),
    (Kind.MARK, r"[,;:.!()&+\-@/=]"),
    (Kind.STRANGE, r"\S"),
)
_LEXER = [
    (kind, re.compile(pattern, re.IGNORECASE if kind not in (Kind.OCC, Kind.FUTURE) else 0))
    for kind, pattern in _PATTERNS
]


def tokens(text: str) -> list[Token]:
    """Split a clean text into tokens; at each place the first kind that fits."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        kind, match = next((kind, match) for kind, pattern in _LEXER if (match := pattern.match(text, position)))
        parts = {name: value for name, value in match.groupdict().items() if value is not None}
        found.append(Token(kind, " ".join(match[0].split()), parts))
        position = match.end()
    return found
