"""Numbers behind a level's word that are no level: a day, a count, a distance, a part of the account."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role, word_set

_UNITS = word_set("""
    day days week weeks wk wks hour hours hr hrs min mins minute minutes month months contract contracts con cons lot
    lots share shares r rr x cents cent tick ticks bagger baggers bag alerts trades dte
    times people members dollar dollars bucks buck atr atrs ema sma ma dma wma vwap loss profit
""")
_POINTS = word_set("points point pts pt handles handle")
_AWAY = word_set("below under beneath above over away off from lower higher")
_NO_PRICE = _UNITS | _AWAY
_ACCOUNT = word_set("port portfolio account acct capital equity book bankroll cash balance size position")
_MEASURES = (Role.NUMBER, Role.RANGE, Role.DAY, Role.PERCENT)
_BREAKS = (",", ";", ".", "!", "(", ")", "|")
_UNTIL = ("by", "before", "on", "until", "till", "for", "of")
_MOST_TIMES = 10  # what is paid; a whole number beyond that is a percentage without its sign
_OF_A_FUTURE = (Decimal("0.8"), Decimal("1.2"))
_OF_A_SHARE = (Decimal("0.5"), Decimal(3))


def is_no_level(numbers: Sequence[Chunk], behind: Sequence[Chunk]) -> bool:
    """Whether the numbers are something else, as the words behind them tell. A sign is a distance, or a dash."""
    behind = list(takewhile(lambda chunk: chunk.role is not Role.NEWLINE and not chunk.is_mark(*_BREAKS), behind))
    following = behind[0].lower if behind else ""
    if any(chunk.role is Role.PERCENT for chunk in numbers):
        is_part = following == "at" or (bool(behind) and behind[0].is_mark("@"))  # "TP 50% at 3.50"
        return is_part or any(chunk.lower in _ACCOUNT for chunk in behind)
    is_measure = bool(behind) and behind[0].role is Role.UNIT
    is_signed = any(chunk.number[:1] in ("+", "-") for chunk in numbers)
    return is_measure or is_signed or following in _NO_PRICE or _is_by_somebody(behind)


def _is_by_somebody(behind: Sequence[Chunk]) -> bool:
    """`price target 2.00 by JPM`; "by Friday" it is ours."""
    by, name = (*behind[:2], None, None)[:2]
    is_by = by is not None and by.lower in ("by", "per", "at") and name is not None
    return is_by and name is not None and name.text[:1].isupper() and name.role in (Role.WORD, Role.SYMBOL)


def in_points(behind: Sequence[Chunk]) -> bool:
    """`stop 8 points`; in `stop 8 pt 12` it is the next level's word."""
    if not behind or behind[0].lower not in _POINTS:
        return False
    following = behind[1] if len(behind) > 1 else None
    is_level = following is not None and (following.role in _MEASURES or following.is_mark("@", ":", "="))
    return not is_level


def is_day(chunk: Chunk, between: Sequence[Chunk]) -> bool:
    """`target by 12/01`: a list of prices has no leading zero, and rises."""
    if chunk.role is not Role.DAY:
        return False
    return any(word.lower in _UNTIL for word in between) or any(part[0] == "0" for part in chunk.text.split("/"))


def is_far(written: Decimal, price: Decimal | None, *, is_future: bool, is_option: bool) -> bool:
    """Whether a number is too far from what was paid to be a level of it."""
    if price is None or price <= 0:
        return False
    if is_option:
        return written == written.to_integral_value() and written > price * _MOST_TIMES
    lowest, highest = _OF_A_FUTURE if is_future else _OF_A_SHARE
    return not price * lowest <= written <= price * highest
