"""Shares whose order has neither the word "shares" nor a sign before its price: `bought 200 PLTR 18.40`.

An option whose strike is missing looks the same. So there must be as many as nobody has contracts, or a price, or a
stop, that no option of such a name has.
"""

from collections.abc import Sequence
from decimal import Decimal

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.levels import LEVELS, stop_and_targets
from domain.reading.prices import is_decimal, level
from domain.reading.ticker_words import COSTLY, DEAR, DEAREST_OPTION, INDEXES
from domain.reading.vocabulary import Role, word_set

# What is to be done, or what the market did: `buy TSLA 400.50`, `closed AMD 217.50`.
_NOT_DONE = word_set(
    "buy sell add enter exit open close opened closed opening closing trim cut stopped flat entry dumped dumping"
)
_STATES = frozenset(["", *word_set("in long out")])  # these tell of a position as well
_NO_SHARES = word_set(
    "BTC ETH SOL XRP ADA DOGE LTC BNB AVAX LINK DOT SUI PEPE SHIB HYPE XAU XAG EUR GBP JPY CHF AUD USD"
)
_OPTION_HAS_LESS = Decimal(60)  # hardly any premium is higher
_CHEAPEST = Decimal(10)
_TIGHT = Decimal("0.9")  # of the price: no option is stopped so near
_BREAKS = (",", ";", ".", "!", "(", "-", "|", "/")


def takes_share_price(cursor: Cursor, draft: Draft) -> bool:
    """Take the number here as the price of shares, where it can be nothing else."""
    here = cursor.here
    is_of_option = draft.right is not None or draft.expiries or draft.fractions_or_days or draft.sale_opens
    if (
        draft.action not in (Action.BTO, Action.STC)
        or draft.has_price
        or is_of_option
        or draft.symbol in INDEXES | _NO_SHARES
    ):
        return False
    if draft.is_future or not is_decimal(here.text) or draft.verb in _NOT_DONE or here.number[:1] in ("+", "-"):
        return False
    behind = cursor.chunks[cursor.at + 1 :]
    price = level(here.number)
    dear = DEAR if draft.is_counted_as_shares else COSTLY
    if not _is_over(behind) or (draft.symbol in dear and price < DEAREST_OPTION):
        return False
    if not draft.is_counted_as_shares:
        draft.is_bare_share = draft.count is None and _is_of_a_share(cursor, price, behind, draft)
        if not draft.is_bare_share:
            return False
    draft.say_price(price)
    return True


def is_of_a_share(chunks: Sequence[Chunk], tail: Sequence[Chunk], draft: Draft) -> bool:
    """Whether `bought ANET at 142.60` names shares: with a price that no option of that name has, and nothing more."""
    is_named = draft.symbol is not None and draft.strike is None and draft.right is None and not draft.expiries
    is_plain = is_named and not draft.is_strong and draft.count is None and draft.unit is None and not draft.is_future
    if not is_plain or draft.price is None or draft.verb in _NOT_DONE | _STATES or draft.fractions_or_days:
        return False
    last = chunks[len(chunks) - len(tail) - 1]
    is_written = any(chunk.text.lstrip("$") == draft.symbol for chunk in chunks)
    is_apart = last.is_mark(*_BREAKS) or _is_over(tail)
    return is_written and is_apart and draft.symbol not in _NO_SHARES and draft.price >= _OPTION_HAS_LESS


def _is_over(behind: Sequence[Chunk]) -> bool:
    """Whether the order ends with its price: a mark, a level or nothing follows."""
    if not behind or behind[0].role in (Role.NEWLINE, *LEVELS):
        return True
    return behind[0].is_mark(*_BREAKS)


def _is_of_a_share(cursor: Cursor, price: Decimal, behind: Sequence[Chunk], draft: Draft) -> bool:
    named = cursor.chunks[cursor.at - 1]
    if named.role not in (Role.SYMBOL, Role.WORD) or not named.text.isupper() or draft.is_strong:
        return False
    if price >= _OPTION_HAS_LESS and draft.verb not in _STATES:
        return True
    stop = stop_and_targets(behind, Action.BTO, price).stop if draft.action is Action.BTO else None
    return price >= _CHEAPEST and stop is not None and price * _TIGHT <= stop < price
