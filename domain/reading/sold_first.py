"""Whether a sale may be one that opens, or of somebody who is short.

What is sold is what was held, as a rule. Words of a credit, of shares that are owned, of assignment, of a fade or a
short leave that open, wherever in the message they stand.
"""

import re
from collections.abc import Sequence

from domain.alert import Action, Alert
from domain.reading.phrases import any_of
from domain.reading.refusal import ambiguous

_OPENS_FIRST = any_of(r"""
    credit, collect\w*, naked, csps?, cash[- ]secured, secured, collateral, covered calls?, covered part,
    premium, bullish, bearish, getting it at, sell (?:my|the) shares
    there,
    income, yield, theta, decay, wheel\w*, assign\w*, called away, put to me, put the stock, expire\w*, rent,
    dividend\w*, own, owns, owned, owning, cost basis, my basis, basis, shares in hand, keep the (?:shares|stock),
    sell my shares, long the stock, stock position, short(?! term)(?:ed|ing|s)?, fad(?:e|ed|ing), squeez\w+,
    cover(?:ed|ing)?, max profit, of max, iv, implied vol\w*, vol, volatility, capped, capping, toppy,
    far out of the money, out of the money, delta, margin, lower strike, upper strike, higher strike,
    paid to (?:be patient|wait), being paid, hedge (?:for|of) the short, weak hands, breaking down, broke support,
    looking for \w+ty, terrible, put sale, call sale, management
""")
_SIDE_SAID = re.compile(
    r"\b(?:to (?:open|close)|sto|btc|stc|bto|bought back|buying back|buying (?:it|them) back)\b", re.IGNORECASE
)
_MINE = re.compile(
    r"\b(?:sold|selling|sell|clos(?:e|ed|ing)|exit(?:ed|ing)?|trim(?:med|ming)?|out of|cut|cutting|dump(?:ed|ing)"
    r"|stopped out(?: of)?)"
    r"(?: \S+){0,3}? (?:my|our|rest|last|remaining|remainder|half|third|quarter|all|those|these)\b|\bbto\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:my|our|rest|last|remaining|remainder|half|third|thirds|quarter|all|those|these|that|what|everything|both"
    r"|most|some"
    r"|the (?:\$?[A-Z]{1,5}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\$?\d)|of (?:the )?(?:\d|two|three|four"
    r"|five))",
    re.IGNORECASE,
)


def may_open(text: str) -> bool:
    """Whether words in a text leave open which side its sale, or its end, is on."""
    return _OPENS_FIRST.search(text) is not None and _SIDE_SAID.search(text) is None


def check_sold_first(text: str, alerts: Sequence[Alert]) -> None:
    """NotRead for an option that is sold, in a message with words of one that opens, and none of what is held."""
    for alert in alerts:
        is_bare = alert.action is Action.STC and not alert.is_future and alert.fraction is None and not alert.partial
        if is_bare and may_open(text) and not _MINE.search(text):
            raise ambiguous("sold what was held, or sold to open")


def is_of_held(told: str) -> bool:
    """Whether what is sold is told as something that is held: `half of my ...`, `the rest`, `the DIS ...`."""
    return _HELD.search(told) is not None
