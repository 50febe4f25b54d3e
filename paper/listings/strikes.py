"""The strikes of a series: dense around the money, wide beyond it."""

from decimal import Decimal
from functools import lru_cache

_INNER = 25  # each side of the money, one step apart
_OUTER = 12  # beyond them, five steps apart
_OUTER_STEP = 5


@lru_cache
def strikes_around(price: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    """Strikes in rising order, all above zero. The wide ones stand on round multiples of five steps."""
    wide = step * _OUTER_STEP
    middle = round(price / step) * step
    inner = [middle + step * offset for offset in range(-_INNER, _INNER + 1)]
    above = (inner[-1] // wide + 1) * wide
    below = -(-inner[0] // wide) * wide - wide
    outer = [edge for n in range(_OUTER) for edge in (above + wide * n, below - wide * n)]
    return tuple(sorted({strike for strike in (*inner, *outer) if strike > 0}))
