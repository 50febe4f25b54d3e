"""What each step of reading adds to an order, in words."""

from dataclasses import fields
from decimal import Decimal

from domain.reading.chunks import Chunk
from domain.reading.draft import Draft

_NAMES = {
    "action": "action",
    "symbol": "symbol",
    "strike": "strike",
    "right": "side",
    "expiries": "expiry",
    "price": "price",
    "price_range": "price range",
    "is_market": "at the market",
    "count": "quantity",
    "unit": "unit",
    "fractions": "part",
    "fractions_or_days": "a part, or a day",
    "is_part": "a part, not said how much",
    "is_add": "an add",
    "sale_opens": "the sale opens",
    "levels": "stop or target",
}


def given(before: Draft, after: Draft) -> str:
    """What a step added to the draft, in words; empty when it said nothing."""
    names = [each.name for each in fields(Draft) if each.name in _NAMES]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return ", ".join(f"{_NAMES[name]} {_value(getattr(after, name))}".strip() for name in changed)


def _value(value: object) -> str:
    if value is True:
        return ""
    if isinstance(value, dict):
        return " or ".join(map(str, value))
    if isinstance(value, Chunk):
        return value.text
    if isinstance(value, list | tuple):
        return ", ".join(_value(each) for each in value)
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else str(value)
