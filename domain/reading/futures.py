"""An entry into a future: words as short as an option's, and none of its marks, so that a level or a plan looks alike.

What stands behind it must be known: its levels, counts, and the words below. Another price near its own is another
level, and a price that the product can't have is a shortened one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from domain.alert import Action
from domain.reading.before import speaks_against
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, clauses, said
from domain.reading.draft import Draft
from domain.reading.levels import LEVELS
from domain.reading.prices import level
from domain.reading.refusal import NotRead, ambiguous, incomplete, not_an_alert, suspicious
from domain.reading.vocabulary import Role, word_set

_ROOT = re.compile(r"/(?P<root>[A-Z0-9]+?)(?:[FGHJKMNQUVXZ]\d{1,2})?")
# The prices that a product may have for years to come.
_PRICES = {
    "ES MES": (1500, 40_000),
    "NQ MNQ": (4000, 150_000),
    "YM MYM": (10_000, 250_000),
    "RTY M2K": (600, 15_000),
    "CL MCL QM": (10, 300),
    "GC MGC": (800, 25_000),
    "SI SIL": (8, 400),
    "HG MHG": (1, 25),
    "NG QG MNG": (1, 30),
    "ZB ZN ZF ZT UB TN": (60, 220),
    "BTC MBT": (5000, 2_000_000),
}
_PRICE_OF = {root: prices for roots, prices in _PRICES.items() for root in roots.split()}
_PLACES = ("area", "areas", "zone", "zones", "region", "level", "levels", "support", "resistance", "retest")
_ANOTHER_S = re.compile(
    r"\b(?:(?!today|let|that|it|here|what|there)\w+'s (?:fill|trade|exit|alert|call|order|position)s?"
    r"|(?:says|said) \w+$)",
    re.IGNORECASE,
)
_FILLS = ("fill", "fills", "filled", "meant", "not")
_NEAR = Decimal("0.1")
# A place on the chart, or a trade that runs already: a plan, or a story.
_A_PLACE = re.compile(
    r"\b(?:areas?|zones?|supports?|resistance|levels?|regions?|demand|supply|pivot|since|so far|from|bias|idea|looking"
    r"|watch\w*|into|if|when|once|above|below|over|under|breaks?|holds?|retest|dip|dips|pull ?back|bounce|rip|pop"
    r"|(?:up|down|green|red|\+) ?\d+ ?(?:points?|pts?|ticks?|handles?))\b",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"\b\d+(?:\.\d+)? ?(?:points?|pts?|ticks?|handles?)"
    r" (?:green|red|up|down|so far|already|in (?:the|profit|it|already)|now|and (?:running|counting)|banked|booked)\b",
    re.IGNORECASE,
)
_KNOWN = word_set("""
    scalp scalping swing small smaller tiny size sized full half here now again risk risking max tight hard mental
    point points pts pt tick ticks handles or better with w/ a an the on for to at of one two 1 2 lot lots micro
    micros mini minis just quick starter light first second add adding day trade runner runners be breakeven trail
    trailing account lotto hedge momo overnight fast tgt and then long short qty quantity filled fill
""")


def check_future(tail: Sequence[Chunk], remark: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for a future's entry beside which stands what is not known, and for a price that it can't have."""
    if not draft.is_future:
        return
    if draft.action not in (Action.BTO, Action.STO):
        _check_other_exits(clauses([*tail, *remark]), draft)
        return
    _check_product_price(draft)
    is_apart = bool(tail) and tail[0].role in (Role.MARK, Role.NEWLINE)
    for place, clause in enumerate(clauses([*tail, *remark])):
        if found := _RUNS.search(said(clause)):
            raise not_an_alert(f"a trade that runs already: {found.group()}")
        before = list(takewhile(lambda chunk: chunk.role not in LEVELS, clause))  # what is behind is the level's
        _check_clause(before, draft, is_comment=draft.is_headed and (is_apart or place > 0))


def may_cost(symbol: str, price: Decimal) -> bool:
    """Whether the product may have that price; of one that is not known everything may be."""
    found = _ROOT.fullmatch(symbol)
    lowest, highest = _PRICE_OF.get(found["root"] if found else "", (0, 0))
    return not highest or lowest <= price <= highest


def _check_product_price(draft: Draft) -> None:
    for price in (draft.price, *(draft.price_range or ())):
        if price is not None and not may_cost(draft.symbol or "", price):
            raise suspicious(f"no price of {draft.symbol}: {price}")


def _check_clause(clause: Clause, draft: Draft, *, is_comment: bool) -> None:
    text = said(clause)
    if found := _A_PLACE.search(text):
        raise not_an_alert(f"a place on the chart, or a story: {found.group()}")
    if any(_is_near(chunk, draft) for chunk in clause):
        raise ambiguous(f"another price: {text}")
    unknown = [chunk.text for chunk in clause if chunk.role is Role.WORD and chunk.lower not in _KNOWN]
    if unknown and not (draft.is_strong or (is_comment and speaks_against(text) is None)):
        raise incomplete(f"not understood behind a future: {' '.join(unknown)}")
    if any(chunk.role is Role.VERB for chunk in clause) and not draft.is_strong:
        raise ambiguous(f"another order: {text}")


def _check_other_exits(told: Sequence[Clause], draft: Draft) -> None:
    """NotRead for "6866 area", "6866, 6870, 6875", "other half 4192": a level, or exits of a plan or a story."""
    if told and told[0][0].lower in _PLACES:
        raise not_an_alert(f"a place on the chart: {said(told[0])}")
    for clause in told:
        if not draft.is_strong and (found := _ANOTHER_S.search(said(clause))):
            raise not_an_alert(f"somebody else's trade: {found.group()}")
        is_amount = all(chunk.role in (Role.NUMBER, Role.MARK, Role.PART) for chunk in clause)
        is_fill = any(chunk.lower in _FILLS for chunk in clause)
        if (is_amount or is_fill) and any(
            _is_near(chunk, draft) for chunk in clause if chunk.number[:1] not in ("+", "-")
        ):
            raise ambiguous(f"another exit: {said(clause)}")


def _is_near(chunk: Chunk, draft: Draft) -> bool:
    if draft.price is None or chunk.role is not Role.NUMBER:
        return False
    try:
        return abs(level(chunk.number.lstrip("+-")) - draft.price) <= draft.price * _NEAR
    except NotRead:
        return False
