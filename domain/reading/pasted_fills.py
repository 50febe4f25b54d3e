"""A fill as a platform shows it, `SOLD -5 SPY 100 30 NOV 26 684 CALL @1.38`, with the trader's words under it.

The line says what was sold, and not whether that opened or closed; the words do: `half off`, `rest gone`, `to open`.
"""

import re

from domain.reading.refusal import ambiguous

_FILL = re.compile(
    r"\A[^\w\n$]{0,8}(?P<verb>SOLD|BOT|BOUGHT) (?P<sign>[+-])(?P<fill>\d{1,5} /?[A-Z][^\n\[\]]{0,60}?@ ?\.?\d[\d.]*)"
    r"(?: [A-Z]{3,8}\d?)?[ \t]*\n(?P<said>[^\n]+)(?P<rest>[\s\S]*)\Z"
)
_AMOUNTS = (
    r"(?:(?P<half>(?:(?:taking|took) )?half (?:off|out|gone|sold|here"
    r"|the (?:shares|position|lot|cons|contracts)|of (?:it|them|my \w+)))"
    r"|(?P<all>(?:the )?(?:rest|remainder|remaining|runners?|all)(?: of (?:it|them))?"
    r"(?: (?:gone|off|out|sold|done|closed))?(?= *$|[.,;!])|all \d{1,4}(?= *$|[.,;!])"
    r"|(?:that'?s )?the last(?: (?:one|of (?:it|them)|(?-i:[A-Z][a-z]{1,11})))?(?=,|\.)"
    r"|closed (?:all|both)(?: (?:of them|two|three|four|five|\d{1,3}|contracts|cons))?"
    r"|[A-Z][a-z]+(?: [a-z']+){1,3}, all gone"
    r"|last (?:\d{1,4}|one|two|half|lot|piece)|all (?:out|gone|off|done)|flat|out|done|closed?|closing|exit(?:ed)?"
    r"|full exit|scratch(?:ed)?|stopped(?: out)?)"
    r"|(?P<part>(?:trim(?:med|ming)?|took some|taking some|some off"
    r"|(?:taking|took) (?:a third|a quarter|one|two) off|clos(?:ed|ing) another(?: one)?|scaled?(?: out)?|partial)"
    r"(?:,? (?P<of>\d{1,3} of \d{1,3}))?)"
    r"|(?P<of_all>\d{1,3} of \d{1,3}(?: (?:off|out|gone|sold))?))"
)
_CLOSED = re.compile(rf"[^\w\n]{{0,4}}{_AMOUNTS}(?= *$|[.,;!]| -)", re.IGNORECASE)
_OPENED = re.compile(
    r"[^\w\n]{0,4}(?:sold )?(?:to open|short (?:put|call)s?|cash[- ]secured(?: puts?)?|csps?|covered calls?|opening)"
    r"(?= *$|[.,;!])",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"[^\w\n]{0,4}(?:buying|bought|buy) (?:it |them |these |those )?back\b"
    r"(?=(?: (?:the|my|these|those) (?:puts?|calls?|shorts?)| (?:that )?i (?:sold|wrote|shorted)))"
    r"(?: (?:the|my|these|those) (?:puts?|calls?|shorts?))?"
    r"(?: (?:that )?i (?:sold|wrote|shorted)(?: (?:this morning|earlier|today|yesterday|last week|on \w+day))?"
    r"(?: (?:at|for) \$?\d*\.?\d+)?)?(?= *$|[.,;!])"
    r"|[^\w\n]{0,4}(?:to close|closing (?:the|my) short|covering)(?= *$|[.,;!])",
    re.IGNORECASE,
)
_WAY_TOLD = re.compile(r"\bto (?:open|close)\b", re.IGNORECASE)


_OF_A_SHORT = re.compile(
    r"\b(?:covered|covering|(?:on|the|my) short|short (?:is )?done|theta|decay|bought back|locking in)\b", re.IGNORECASE
)
_OF_A_SALE = re.compile(
    r"\b(?:naked|covered|theta|expire\w*|written|wrote|writing|credit|premium|short\w*|assign\w*|income|bought "
    r"(?:some |it |them )?back"
    r"|limit was|partial fill|accounts?|students?|fad(?:e|ing)|initiat\w*|adding)\b",
    re.IGNORECASE,
)


def with_way(text: str) -> str:
    """The fill with the verb that the words under it make certain; any other text as it stands."""
    fill = _FILL.match(text)
    if fill is None or (fill["verb"] == "SOLD") != (fill["sign"] == "-"):
        return text
    said = f"{fill['said']}{fill['rest']}"
    if (
        fill["verb"] != "SOLD"
        and not _BACK.match(fill["said"])
        and (_CLOSED.match(fill["said"]) or _OF_A_SHORT.search(said))
    ):
        raise ambiguous(f"bought, or bought back: {fill['said']}")
    if fill["verb"] != "SOLD":
        back = _BACK.match(fill["said"])
        return f"BTC {fill['fill']}{_under(fill, back)}" if back else text
    if opened := _OPENED.match(fill["said"]):
        return f"STO {fill['fill']}{_under(fill, opened)}"
    closed = _CLOSED.match(fill["said"])
    if closed is None or _WAY_TOLD.search(fill["said"]) or _OF_A_SALE.search(said):
        return text
    return f"STC {fill['fill']}{_sold(closed)}{_under(fill, closed)}"


def _sold(closed: re.Match[str]) -> str:
    if closed["half"]:
        return "\nsold half"
    told = closed["of"] or (closed["of_all"] and " ".join(closed["of_all"].split()[:3]))
    return f"\nsold {told}" if told else "\nall out" if closed["all"] else "\nsold some"


def _under(fill: re.Match[str], told: re.Match[str]) -> str:
    rest = f"{fill['said'][told.end() :].strip(' ,.;!-')}{fill['rest']}".strip()
    return f"\n{rest}" if rest else ""
