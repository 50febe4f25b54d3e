"""Numbers as traders type them, and which of them can be a price."""

import re
from decimal import Decimal

from domain.reading.refusal import ambiguous, suspicious

_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_DECIMAL_COMMA = re.compile(r"\d{1,6},\d{2}")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MOST_DIGITS = 12
_WIDEST_RANGE = Decimal("1.3")  # high over low; wider is a slip, or means two things ...
_NARROW = Decimal("0.10")  # ... unless it is only a few cents
_FINEST_PART = 8  # 1/8 is the smallest part that people name
_HIGHEST_STRIKE = Decimal(100_000)
_CENTS_NOT_TYPED = Decimal(10)  # from here on an integer may be cents without their point: 215 for 2.15
_RICH = Decimal("0.10")  # of the strike
_ABSURD = Decimal("0.60")
_SMALL_STRIKE = Decimal(5)


def number(written: str) -> Decimal:
    """A plain number: 88, .75, $1.20, and 1,65 for 1.65. NotRead for a sign, two points, thousands."""
    text = written.removeprefix("$")
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text) or len(text) > _MOST_DIGITS:
        raise suspicious(f"no clear number: {written}")
    return Decimal(text)


def level(written: str) -> Decimal:
    """A strike, a share's or a future's price: as `number`, and 6,900 is six thousand nine hundred."""
    text = written.removeprefix("$")
    return number(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)


def is_decimal(written: str) -> bool:
    """Whether a number looks like money: with a point, or a dollar sign."""
    return "." in written or "$" in written or bool(_DECIMAL_COMMA.fullmatch(written))


def fraction_of(written: str) -> Decimal | None:
    """`1/2` as the part of a position that it may be; None when it can only be a day."""
    parts = written.split("/")
    if len(parts) != 2 or not all(part.isdigit() and part[0] != "0" for part in parts):
        return None
    part, whole = int(parts[0]), int(parts[1])
    return Decimal(part) / whole if part < whole <= _FINEST_PART else None


def price_range(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """A range of prices, lowest first. NotRead when it is too wide to be one price's range."""
    low, high = min(low, high), max(low, high)
    if low <= 0 or (high > low * _WIDEST_RANGE and high - low > _NARROW):
        raise suspicious(f"no price range: {low} to {high}")
    return low, high


def check_strike(strike: Decimal) -> None:
    """NotRead when no option has such a strike."""
    if not 0 < strike <= _HIGHEST_STRIKE:
        raise suspicious(f"strike {strike}")


def check_price(price: Decimal, strike: Decimal | None, *, opens: bool) -> None:
    """NotRead for a price that can't be meant: nothing, the strike itself, or cents typed without their point."""
    if price <= 0:
        raise suspicious(f"price {price}")
    if strike is None:
        return
    if price >= strike:
        raise suspicious(f"price {price} for a strike of {strike}")
    if price == price.to_integral_value() and price.as_tuple().exponent == 0:
        _check_integer(price, strike, opens=opens)
    if opens and strike > _SMALL_STRIKE and price > strike * _ABSURD:
        raise suspicious(f"price {price} for a strike of {strike}")


def _check_integer(price: Decimal, strike: Decimal, *, opens: bool) -> None:
    """A winner may be closed far above its entry; at a hundred and more it is cents, too."""
    if opens and price >= _CENTS_NOT_TYPED and price > strike * _RICH:
        raise ambiguous(f"{price} dollars or cents")
    if price >= 100:
        raise ambiguous(f"{price} or {price / 100}")
