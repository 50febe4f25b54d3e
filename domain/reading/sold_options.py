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

SALE = any_of(r"""
    credit(?: of| received| collected), (?:net|the|for) credit,
    cash[- ]secured, secured (?:put|call)s?, csps?, covered (?:call|put)s?, naked(?: (?:call|put)s?)?, collateral,
    (?:take|taking|get|getting|want|for|if|be|accept) <2>(?:assignment|assigned), (?:the |a |run(?:ning)? the )wheel(?!
    house), wheeling, against (?:my |the |our )?(?:\d+ )?shares, short (?:put|call)s?, (?:put|call) sale,
    premium (?:sale|sold|collected|selling), collect(?:ed|ing) (?:the )?premium, sell(?:ing)? (?:put|call)s
""")
_CREDIT = re.compile(r"\d (?:cr|credit)\b", re.IGNORECASE)
# In a header, or as a strategy's name, a single word says it.
SALE_NAMED = any_of(
    "short, covered, naked, secured, csps?, ccs?, credit, wheel, writer, written, sale, premium sell\\w*"
)


def check_side(draft: Draft, head: Sequence[Chunk], behind: Sequence[Chunk]) -> None:
    """NotRead for what is bought in words of a sale."""
    if draft.action is not Action.BTO:
        return
    if draft.sale_opens or "credit" in draft.price_word.split() or "cr" in draft.price_word.split():
        raise ambiguous(f"bought, or sold to open: {draft.price_word or 'short'}")
    if draft.strike is not None and (found := _sale(said([*head, *behind]))):
        raise ambiguous(f"bought, or sold to open: {found.group()}")


def _sale(text: str) -> re.Match[str] | None:
    return SALE.search(text) or _CREDIT.search(text)
