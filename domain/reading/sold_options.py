"""Words that an option which is sold has, and none that is bought: "credit", "cash secured", "naked", "CSP".

Most verbs that open say buy: "opened", "entered", "in". Beside such a word they, and BTO too, may mean the other side.
"""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.clauses import said
from domain.reading.draft import Draft
from domain.reading.phrases import any_of
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

SALE = any_of(r"""
    credit(?: of| received| collected), (?:net|the|for) credit,
    cash[- ]secured, secured (?:put|call)s?, csps?, covered (?:call|put)s?, naked(?: (?:call|put)s?)?, collateral,
    (?:take|taking|get|getting|want|for|if|be|accept) <2>(?:assignment|assigned), (?:the |a |run(?:ning)? the )wheel(?!
    house), wheeling, short (?:put|call)s?, (?:put|call) sale,
    premium (?:sale|sold|collected|selling), collect(?:ed|ing) (?:the )?premium, sell(?:ing)? (?:put|call)s
""")
_SHORTS = ("short", "shorts", "shorting", "shorted")
_TAKES = ("take", "taking", "took")
_OF_MINE = re.compile(
    r"\b(?:\d{1,4}|two|three|four|five|six|ten|one|some) of (?:my|our|the|these|those|\d)\b", re.IGNORECASE
)
_FIRST = 2  # chunks: a header's name
_CREDIT = re.compile(r"[\d.]+ (?:cr|credit)\b", re.IGNORECASE)
# In a header, or as a strategy's name, a single word says it.
SALE_NAMED = any_of(
    "short, covered, naked, secured, csps?, ccs?, credit, wheel, writer, written, sale, premium sell\\w*"
)


def check_side(draft: Draft, head: Sequence[Chunk], behind: Sequence[Chunk]) -> None:
    """NotRead for what is bought in words of a sale."""
    is_short = any(chunk.lower in _SHORTS for chunk in head)
    if draft.action is Action.STO and not draft.is_strong and (draft.fractions or said(head[:1]).lower() == "covered"):
        raise ambiguous(f"bought back, or sold to open: {said(head)}")
    if is_short and not draft.is_strong and draft.action in (Action.BTO, Action.STC):
        raise ambiguous(f"bought, or sold short: {said(head)}")
    if draft.action is not Action.BTO:
        return
    if draft.verb in _TAKES and _OF_MINE.search(said(head)):
        raise ambiguous(f"bought, or a part of what is held: {said(head)}")
    if any(chunk.role is Role.PART and chunk.lower.endswith("off") for chunk in head):
        raise ambiguous(f"bought, or sold: {said(head)}")
    if not draft.is_strong and (found := SALE_NAMED.search(said(head[:_FIRST]))):
        raise ambiguous(f"bought, or sold to open: {found.group()}")
    if draft.sale_opens or "credit" in draft.price_word.split() or "cr" in draft.price_word.split():
        raise ambiguous(f"bought, or sold to open: {draft.price_word or 'short'}")
    if draft.strike is not None and (found := _sale(said([*head, *behind]))):
        raise ambiguous(f"bought, or sold to open: {found.group()}")


def _sale(text: str) -> re.Match[str] | None:
    return SALE.search(text) or _CREDIT.search(text)
