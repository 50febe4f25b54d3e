"""Numbers behind an order: another price or day makes the first one doubtful."""

from decimal import Decimal

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.expiry import DAY_WORDS
from domain.reading.levels import LEVELS
from domain.reading.prices import fraction_of, is_decimal
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_NEAR_LOW, _NEAR_HIGH = Decimal("0.8"), Decimal("1.25")  # of the strike
_OF_SHARES = ("owner", "stock", "spot", "underlying")
_SMALL = ("w/", "with", "at", "off")
_STOOD = (
    *("held", "tagged", "touched", "rejected", "stuck", "heavy", "stalled", "failed", "bounced", "bottomed", "topped"),
    *("pinned", "reclaimed", "broke", "lost", "defended", "respected", "printed"),
)
_FAR = 4  # times the option's price
_FARTHER = 10


def is_price(chunk: Chunk) -> bool:
    return chunk.role in (Role.NUMBER, Role.RANGE) and is_decimal(chunk.text)


def _is_notional(chunk: Chunk, draft: Draft) -> bool:
    """`@ $3.05 per contract ($305)`: the same price, for a hundred shares."""
    written = chunk.number.lstrip("$").replace(",", "").removesuffix(".00")
    return draft.price is not None and written in (
        f"{draft.price * 100:.0f}",
        f"{draft.price * 100 * (draft.count or 1):.0f}",
    )


def _is_of_the_stock(clause: Clause, place: int, draft: Draft) -> bool:
    """`, GM at 75.40`, "held 28.40": near the strike,
    and far from what the option costs; farther if it is not named."""
    chunk, before = clause[place], (each.lower for each in reversed(clause[:place]) if each.lower not in _SMALL)
    if draft.strike is None or draft.price is None or chunk.role is not Role.NUMBER:
        return False
    last, other = next(before, ""), next(before, "")
    is_at_price = place > 0 and clause[place - 1].is_mark("@")
    is_symbol_s = not other and last == (draft.symbol or "").lower()
    is_named = is_symbol_s or last in _OF_SHARES
    if not is_named and (is_at_price or not is_decimal(chunk.text) or last not in _STOOD):
        return False
    written = chunk.number.lstrip("$")
    if not written.replace(".", "", 1).isdigit():
        return False
    found = Decimal(written)
    far = _FAR if is_named else _FARTHER
    return draft.strike * _NEAR_LOW <= found <= draft.strike * _NEAR_HIGH and found > draft.price * far


def _is_another_day(chunk: Chunk) -> bool:
    is_word = chunk.lower in DAY_WORDS or chunk.lower.rstrip("s").endswith("dte")
    return (chunk.role is Role.EXPIRY and not is_word) or (chunk.role is Role.DAY and fraction_of(chunk.text) is None)


def two_prices(chunk: Chunk, clause: Clause, draft: Draft) -> str:
    if draft.price is None or chunk.role is not Role.NUMBER:
        return f"another price: {said(clause)}"
    return f"two prices: {draft.price} or {chunk.number.lstrip('$')}"


def check_numbers(clause: Clause, draft: Draft, until: int | None = None, *, is_explained: bool) -> None:
    """A second price makes the first one doubtful. From the place `until` on a clause has levels' numbers."""
    if is_explained:
        return
    for place, chunk in enumerate(clause[:until]):
        is_number = is_price(chunk) or (place > 0 and clause[place - 1].is_mark("@"))
        is_level = place + 1 < len(clause) and clause[place + 1].role in LEVELS  # ".70 stop"
        if is_number and not is_level and not _is_notional(chunk, draft) and not _is_of_the_stock(clause, place, draft):
            raise ambiguous(two_prices(chunk, clause, draft))
        if _is_another_day(chunk):
            raise ambiguous(f"another day: {chunk.text}")
