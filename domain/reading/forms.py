"""Forms of posts that say an order beside what it came from: `Entry 8.25 -> Exit 10.40`, `Balance $1,393`."""

import re

_MONEY = re.compile(  # what it comes to, or what is left
    r"[,.;(-]? \(?(?:using|balance|account|acct|bankroll|cash|buying power|bp)(?: is| now| at|:| left:?)*"
    r" \$\d[\d,]*(?:\.\d\d)?\)?"
    r"(?=\s*(?:$|[.,;!]\s|[.!]$))",
    re.IGNORECASE,
)
_ENTRY_TO_EXIT = re.compile(
    r"(?P<title>\A[^\w\n]{0,6}(?:trim(?:med)?|exit(?:ed)?|sold|closed|scaled? out|position closed)\b"
    r"[^\n]{0,12}\n[^\n]{4,40}\n)"
    r"^[ \t]*entry:? \$?\d*\.?\d+ ?(?:\u2192|->|\u27a1\ufe0f?|>) ?exit:? (?=\$?\d)",
    re.IGNORECASE | re.MULTILINE,
)
_STOP_HIT = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?:stop(?: ?loss)?|sl) (?:was |got )?(?:hit|triggered)\b[^\w\n]{0,6}"
    r"(?=\n[^\n]{0,4}(?:contract|option|symbol|ticker)[\s\S]{0,80}\n[^\n]{0,4}(?:exit|sold|price|fill))",
    re.IGNORECASE,
)
_ORDER_FILLED = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})order: (?P<order>(?:BTO|STC|STO|BTC)\b[^\n|]{6,60}?)"
    r" ?\| ?status: ?(?:filled|executed)\W*\Z",
    re.IGNORECASE,
)

REWORDINGS = (
    (("$",), _MONEY, ""),
    (("exit",), _ENTRY_TO_EXIT, r"\g<title>Exit @ "),
    (("stop", "sl "), _STOP_HIT, r"\g<before>STOPPED OUT"),
    (("filled", "executed"), _ORDER_FILLED, r"\g<before>\g<order>"),
)
