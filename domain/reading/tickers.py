"""Which words can be a ticker. A look-alike, a company's name and the small words of talk can't."""

import re

from domain.reading.refusal import ambiguous
from domain.reading.ticker_words import COMPANIES, FUTURE_ROOTS_ONLY, TALK, TICKERS_TOO

_SHAPE = re.compile(r"[A-Za-z]{1,5}(?:\.[A-Za-z])?")
_DATED_FUTURE = re.compile(rf"(?:{'|'.join(sorted(FUTURE_ROOTS_ONLY))})[FGHJKMNQUVXZ]\d{{1,2}}")
_LONGEST_SMALL = 4  # five small letters are a word more often than a ticker
_LONGEST_CAPITALISED = 4  # Spy and Rblx are tickers as phones write them; Apple is a name


def ticker(word: str, *, is_word: bool = False) -> str | None:
    """The ticker that a word is, in capitals, or None. `is_word`: it also means something else in an alert."""
    if _DATED_FUTURE.fullmatch(word.upper()):
        return f"/{word.upper()}"
    if not _SHAPE.fullmatch(word):
        return None
    if word.isupper():
        is_talk = is_word or word.lower() in TALK
        return None if is_talk and word not in TICKERS_TOO else word
    is_capitalised = not word.islower()
    longest = _LONGEST_CAPITALISED if is_capitalised else _LONGEST_SMALL
    if word == "googl":
        return "GOOGL"
    if is_word or word.lower() in TALK | COMPANIES or len(word.split(".")[0]) > longest:
        return None
    return word.upper()


def outright(symbol: str) -> str:
    """A symbol that is traded without strike. Futures have their slash: ES alone may be the share or the future."""
    if _DATED_FUTURE.fullmatch(symbol) or symbol in {"MES", "MNQ", "M2K", "MYM", "MCL", "MGC"}:
        return f"/{symbol}"
    if symbol in FUTURE_ROOTS_ONLY:
        raise ambiguous(f"{symbol} or /{symbol}")
    return symbol
