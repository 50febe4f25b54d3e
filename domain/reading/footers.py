"""The lines under an order that every post of a room carries: disclaimers, who relayed it, its place in a series."""

import re

from domain.reading.before import speaks_against

_DISCLAIMER = re.compile(
    r"(?:^|(?<=[.!])|(?<=\)))[^\w\n$]{0,8}(?:this is )?"
    r"(?:not (?:financial |investment |trading )?advice|past (?:results|performance)"
    r"|trade at your own risk"
    r"|do your own (?:research|dd|due diligence)|reply stop|msg ?& ?data|options (?:involve|carry) risk"
    r"|all trades? (?:are|is) your own)\b[^\n$@\d]{0,160}$",
    re.IGNORECASE | re.MULTILINE,
)
_RELAYED = re.compile(
    r"(?:^[^\w\n$]{0,8}|[ \t]-#[ \t]*)(?:posted|relayed|sent|delivered|powered) (?:by|via|from) "
    r"(?P<name>\w[\w .]{0,40})$",
    re.IGNORECASE | re.MULTILINE,
)
_PHONE = re.compile(
    r"^[^\w\n]{0,4}sent from (?:my|the) (?:i?phone|ipad|mobile|android|desk|car|train|cell)[\w ]{0,20}\.?$", re.I | re.M
)
_SERIES = re.compile(
    r"\((?:(?:day|trade|alert|signal|play|post) \d{1,2} (?:of|/) \d{1,2}"
    r"|\d{1,2}(?: ?(?:-|to) ?\d{1,2})? (?:days?|weeks?|wks?|months?|hours?|minutes?)(?: (?:hold|swing|out))?)\)",
    re.IGNORECASE,
)


def without_footers(text: str) -> str:
    """The text without the lines that say nothing about its order. Its first line always stays."""
    first, line, rest = text.partition("\n")
    first = _RELAYED.sub(_kept, _SERIES.sub(" ", first)) if "-#" in first or "(" in first else first
    for footer in (_SERIES, _DISCLAIMER, _PHONE):
        rest = footer.sub(" ", rest)
    return first + line + _RELAYED.sub(_kept, rest)


def _kept(footer: re.Match[str]) -> str:
    """Whoever relays is no matter, unless the order is somebody else's."""
    return footer.group() if speaks_against(footer["name"]) else ""
