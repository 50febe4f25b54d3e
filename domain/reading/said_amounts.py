"""Prices, parts and counts as they are said in passing: `6.70 is my fill`, `cut it in half`, `lighter by two`."""

import re

_COUNTS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_GOT_THEM = re.compile(r"\bgot (?:em|'em|them|it|these|this) (?=(?:at |for |@ ?)?\$?\d{0,4}\.\d)", re.IGNORECASE)
_IDLE = re.compile(r"\b(?:you |we |i )?can'?t win (?:them|em|'em) all\b", re.IGNORECASE)
_IN_HALF = re.compile(
    r"\b(?:cut|cutting|reduced|reducing|trimmed|trimming) (?P<contract>(?:my |the )?\$?[A-Z]{1,5} [^\n,;!@]{2,30}?)"
    r" in half(?= (?:at|for|@) )",
    re.IGNORECASE,
)
_AND_PAID = re.compile(r",? and (?:i|we) pa(?:id|yed) (?=\$?\d{0,4}\.\d)", re.IGNORECASE)
_BY_COUNT = re.compile(r" by (?P<count>one|two|three|four|five|\d{1,3})(?= (?:at|for|@) )", re.IGNORECASE)
_KEPT_OF_CREDIT = re.compile(  # what is bought back was sold before: what is kept of its price is the gain
    r"(?P<order>\b(?:btc|(?:buy|buying|bought) (?:to close|back))\b[^\n]{5,60}?)[,;-]? ?kept \d{1,3} ?%"
    r"(?: of (?:the |my )?(?:credit|premium))?",
    re.IGNORECASE,
)
_BY_PART = re.compile(
    r" by (?P<part>half|(?:a|one) third|(?:a|one) quarter|two thirds|[1-3]/[2-4]|\d{1,2} ?%)(?= (?:at|for|@) )",
    re.IGNORECASE,
)
_GLUED_LEVEL = re.compile(r"\b(?P<level>sl|tp|pt)(?=\d{0,3}\.\d)", re.IGNORECASE)
_LAST_DONE = re.compile(
    r"\b(?:the |my )?(?:last|final) (?:third|quarter),? (?:is |all )?(?:done|gone|out|closed|sold)\b", re.IGNORECASE
)
_COVERED_COST = re.compile(
    r"\b(?P<what>costs?|basis|risk|initials?|principal)(?P<now> (?:is |are |now |fully |all )*)covered\b", re.IGNORECASE
)
_IS_MY_FILL = re.compile(r"[,;-]? (?P<price>\$?\d{0,4}\.\d{1,2}) (?:is|was) (?:my|our|the) fill\b", re.IGNORECASE)


def _by_count(found: re.Match[str]) -> str:
    count = found["count"].lower()
    return f" x{_COUNTS.get(count, count)}"


REWORDINGS = (
    (("last third", "last quarter", "final third", "final quarter"), _LAST_DONE, "the rest"),
    (("kept ",), _KEPT_OF_CREDIT, r"\g<order>"),
    ((" by ",), _BY_PART, r" \g<part>"),
    (("sl.", "sl1", "sl2", "sl3", "sl4", "sl5", "tp", "pt"), _GLUED_LEVEL, r"\g<level> "),
    (("got ",), _GOT_THEM, "got "),
    (("win ",), _IDLE, ""),
    (("in half",), _IN_HALF, r"sold half of \g<contract>"),
    ((" and ",), _AND_PAID, " paid "),
    ((" by ",), _BY_COUNT, _by_count),
    (("covered",), _COVERED_COST, r"\g<what>\g<now>paid"),
    ((" fill",), _IS_MY_FILL, r" @ \g<price>"),
)
