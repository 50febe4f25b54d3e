"""Orders in the words of a person who writes whole sentences: `I took half of the CRM 240 calls off at 5.30`."""

import re

from domain.reading.spoken import PRICE

_SYMBOL = r"(?-i:\$?[A-Z]{1,5}(?:\.[A-Z])?)"
_SHARE_OF_IT = r"(?:half|(?:a|one) third|two thirds|(?:a|one) quarter|three quarters|\d{1,2} ?%|most|some)"
_AT = r"(?=,? (?:at|for|@) ?\$?\.?\d)"
_CONTRACT = rf"{_SYMBOL} [^\n,;!@]{{3,40}}?"
_MY = r"(?:the |my |those |our )"
_I = r"(?:(?:i|we)(?:'ve| have|'m| am|'re| are)?(?: just| now| also| have)* )?"
_HUNDREDS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_TENS = {"ten": 10, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "eighty": 80}

_THAT = re.compile(
    rf"\b(?P<verb>(?:sold|closed|trimmed|exited|selling|closing|trimming|out of)) (?:that|those|these) (?={_SYMBOL} )",
    re.IGNORECASE,
)
_ARE_SOLD = re.compile(  # "were sold" tells of another day as often
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?P<part>(?:the |my )?(?:rest|remainder|other half|last)"
    rf"|{_SHARE_OF_IT}|all) of "
    rf"{_MY}?(?P<contract>{_CONTRACT}) (?:is|are|have been|has been|just) (?:now |just |all )?"
    rf"(?:sold|closed|off|gone|out){_AT}",
    re.IGNORECASE,
)
_TOOK_OFF = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}}){_I}(?:took|taking|taken) (?P<part>{_SHARE_OF_IT}) (?:of )?{_MY}?"
    rf"(?P<contract>{_CONTRACT}) off(?: the table| here| now)?{_AT}",
    re.IGNORECASE,
)
_BACK_BY = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}}){_I}(?:cut|cutting|trimmed|trimming|reduced|reducing|pared|paring)"
    rf" {_MY}?(?P<contract>{_CONTRACT})"
    rf" (?:back |down )?by (?:about )?(?P<part>half|(?:a|one) third|(?:a|one) quarter|\d{{1,2}} ?%){_AT}",
    re.IGNORECASE,
)
_NTH_PART = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?:{_I}(?:added|bought|adding|buying|picked up) )?(?:the |my )?"
    r"(?:second|third|other|final|last|next) (?:half|third|quarter|piece|tranche|part|lot) "
    rf"(?:of|in) {_MY}?(?P<contract>{_CONTRACT})(?P<bought> bought| added| filled| in)?{_AT}",
    re.IGNORECASE,
)
_PAID = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?:i|we)(?:'ve| have)? (?:just|now) paid "
    rf"(?P<price>{PRICE}(?: ?(?:to|-|and) ?{PRICE})?) for {_MY}?(?P<count>(?:\d{{1,3}}|a|one|two|three) )?"
    rf"(?:[A-Z][a-z]+ \((?=[A-Z]+\)))?(?P<symbol>{_SYMBOL})\)?(?P<what> "
    r"[^\n,;!@.]{3,30}?(?:\.5)?[^\n,;!@.]{0,24}?(?:calls?|puts?|[cp])\b)(?=\s*(?:$|[.,;!]))",
    re.IGNORECASE,
)
_WAS_STOPPED = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?:i|we)(?:'ve| have)? (?:was|were|got|been|am|just got) (?:just )?"
    rf"(?=stopped out of {_MY}?{_SYMBOL} )",
    re.IGNORECASE,
)
_FOR_ABOUT = re.compile(r"\bfor (?:around|about|roughly|approximately|close to) (?=\$?\d*\.\d)", re.IGNORECASE)
_DOLLARS = re.compile(
    r"\b(?:between|from) \$(?P<low>\d{1,4})(?P<cents>\.\d\d?)? (?:and|to) "
    r"\$?(?P<high>\d{1,4})(?P<more>\.\d\d?)?(?![\d.,]\d)",
    re.IGNORECASE,
)
_HUNDRED = re.compile(
    rf"\b(?P<many>{'|'.join(_HUNDREDS)}) hundred(?: more)? (?=shares\b|\$?(?-i:[A-Z]{{1,5}})\b)"
    rf"|\b(?P<few>{'|'.join(sorted(_TENS, key=len, reverse=True))}) (?=shares\b)",
    re.IGNORECASE,
)
_KIND_OF_SHARES = re.compile(r"(?<=\d )(?:more )(?=shares of )", re.IGNORECASE)
_OF_THE = re.compile(
    r"\b(?P<verb>bought|buying|picked up|picking up|grabbed|added|adding) "
    r"(?P<count>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)(?P<more> more)?"
    rf"(?: contracts?| cons?)? of (?:the|those|these) (?={_SYMBOL} )",
    re.IGNORECASE,
)
_REST_KEPT = re.compile(
    r"(?P<mark>[,;.] (?:and |but )?)(?P<rest>the rest|the remainder|the other half) "
    r"(?:i|we)(?:'ll| will|'m going to|'m| am)? "
    r"(?:hold(?:ing)?|keep(?:ing)?|rid(?:e|ing)|run(?:ning)?|let(?:ting)? run)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(
    r"\b(?P<when>today|tomorrow|this week|this friday|next week|next friday)'s (?P<strike>\$?\d{1,5}(?:\.\d{1,2})?"
    r" ?(?:c|p|calls?|puts?)\b)",
    re.IGNORECASE,
)


def _hundred(found: re.Match[str]) -> str:
    if found["few"]:
        return f"{_TENS[found['few'].lower()]} "
    return f"{_HUNDREDS[found['many'].lower()] * 100} "


def _dollars(found: re.Match[str]) -> str:
    """`between $55 and $56.50`: the same measure, so the same cents."""
    return f"between ${found['low']}{found['cents'] or '.00'} and ${found['high']}{found['more'] or '.00'}"


def _paid(found: re.Match[str]) -> str:
    price = re.sub(r" ?(?:to|-|and) ?", "-", found["price"])
    return f"{found['before']}bought {found['count'] or ''}{found['symbol']}{found['what']} @ {price}"


def _nth_part(found: re.Match[str]) -> str:
    is_said = found["bought"] or re.search(r"\b(?:added|bought|adding|buying|picked up)\b", found[0], re.IGNORECASE)
    return f"{found['before']}added {found['contract']}" if is_said else found[0]


def _when(found: re.Match[str]) -> str:
    when = found["when"].lower()
    return f"{found['strike']} expiring {when}" if when in ("today", "tomorrow") else f"{when} {found['strike']}"


_FOR_SO_MANY = re.compile(
    rf"\bpaid (?P<price>{PRICE}) (?:for|on) (?P<count>two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}})"
    r"(?: of (?:them|those|these|'?em)| contracts?| cons?)?(?=\s*(?:$|[.,;!]))",
    re.IGNORECASE,
)

_TO_MY = re.compile(
    rf"\b(?P<verb>added|adding|add) (?P<count>\d{{1,5}}) (?:more )?shares to (?:my |the |our )?(?P<symbol>{_SYMBOL})"
    rf"(?: position)?(?= (?:at|for|@) )",
    re.IGNORECASE,
)
_MORE_OF = re.compile(  # `Adding to SHOP: 2 more of the December 18 160 calls at 4.80`
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?P<verb>adding|added) to (?:my |the )?(?P<symbol>{_SYMBOL})(?::|,| -) "
    r"(?P<count>\d{1,3}|one|two|three|four|five) more (?:of (?:the|my|these|those) )?(?=[^\n]{4,24}(?:calls?|puts?"
    r"|[cp])\b)",
    re.IGNORECASE,
)

REWORDINGS = (
    (("shares to",), _TO_MY, r"\g<verb> \g<count> shares of \g<symbol>"),
    ((" more ",), _MORE_OF, r"\g<before>\g<verb> \g<count> \g<symbol> "),
    (("paid ",), _FOR_SO_MANY, r"at \g<price>, \g<count> contracts"),
    (("that ", "those ", "these "), _THAT, r"\g<verb> the "),
    ((" sold", " closed", " off", " gone", " out"), _ARE_SOLD, r"\g<before>sold \g<part> of \g<contract>"),
    ((" off",), _TOOK_OFF, r"\g<before>sold \g<part> of \g<contract>"),
    ((" by ",), _BACK_BY, r"\g<before>sold \g<part> of \g<contract>"),
    (("second ", "third ", "other ", "final ", "last ", "next "), _NTH_PART, _nth_part),
    (("paid ",), _PAID, _paid),
    (("stopped out of",), _WAS_STOPPED, r"\g<before>"),
    (("for a", "for r", "for c"), _FOR_ABOUT, "at about "),
    (("between $", "from $"), _DOLLARS, _dollars),
    (("hundred", " shares"), _HUNDRED, _hundred),
    (("more shares of",), _KIND_OF_SHARES, ""),
    ((" of th",), _OF_THE, r"\g<verb> \g<count>\g<more> "),
    ((" rest ", " remainder ", " other half "), _REST_KEPT, r"\g<mark>holding \g<rest>"),
    (("'s ",), _POSSESSIVE, _when),
)
