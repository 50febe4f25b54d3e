"""Words around an order's beginning that only lead to it: `We just`, `TRV filled after all:`, `Pfizer (PFE)`."""

import re

_WE = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})we(?:'ve)? just (?=(?:bought|sold|closed|opened|entered|exited|added|trimmed)"
    r" )",
    re.I,
)
_SO = re.compile(
    r"\A[^\w\n$]{0,6}(?:so|ok|okay|well|right|alright|fine)[.!] (?=(?:I|we|BTO|STC|bought|sold|going)\b)", re.I
)
_AFTER_ALL = re.compile(
    r"\A[^\w\n$]{0,6}(?:\$?[A-Z]{1,5} )?(?:(?:calls?|puts?|order|bid|limit|shares) )?(?:got |is |was )?filled "
    r"(?:after all|finally|at last) ?[:,.!-] ?",
    re.IGNORECASE,
)
_BELL = re.compile(r"\bclosing bell\b", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?!(?:Buy|Sell|Long|Short|Alert|Call|Put|Bought|Sold|Swing|Entry|Exit|Note|Author|Trader|By)\b)"
    r"(?:(?<=: )|(?<=the )|(?<=of )|(?<=BTO )|(?<=STC )|(?<=bought )|(?<=buying )|(?<=closed ))"
    r"[A-Z][a-z]+(?:[ -][A-Z][A-Za-z]+\.?){0,3} \((?:(?:NYSE|NASDAQ)[:] ?)?"
    r"(?P<ticker>[A-Z]{1,5})\)(?= ?\n| \d| [A-Z][a-z]{2} \d)"
)
_KIND = re.compile(
    r"\b(?P<verb>added|bought|opened|grabbed|adding|buying|opening|grabbing) (?:a |an |one |another )?(?:new )?"
    r"(?:leaps?|hedge|lotto|scalp|position|trade): ?(?=\$?[A-Z]{1,5} )",
    re.IGNORECASE,
)
_ALLSTATE = re.compile(  # the price of its share
    r"\A(?P<verb>\W{0,4}(?:STC|SELL TO CLOSE)) ALL (?=(?:1[5-9]\d|2\d\d)(?:\.5)? ?[cp] \d)"
    r"(?!.*\b(?!SL|PT|TP|BE|EOD|ALL)[A-Z]{2,5}\b)",
    re.DOTALL,
)
_HIT_MY_STOP = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?:the |my )?(?P<contract>\$?[A-Z]{1,5} \S{2,8} \S{3,8}) (?:hit|tagged|took out)"
    r" (?:my |the )?(?:stop|sl)(?: loss)?,? (?:so )?"
    r"(?:i )?(?:sold|got out|exited|am out|closed)(?: it)?(?: at| for| @)? (?=\$?\d*\.\d)",
    re.IGNORECASE,
)
_BOUGHT_BACK = re.compile(
    r"\bbought (?:those |these |the |my )?(?P<contract>(?:\d{1,4} )?\$?[A-Z]{1,5} [^\n,;!@]{2,30}?) back"
    r"(?: today| here| now)? (?=(?:at|for|@) )"
)
_TO_THE_BELL = re.compile(
    r"\A[^\w\n$]{0,6}\d{1,2} (?:minutes|mins?|seconds|secs?|hours?) (?:to|until|till|before|into|from) (?:the )?"
    r"(?:bell|close|open|opening bell|closing bell)(?:,| -|:) (?=\w)",
    re.IGNORECASE,
)
_DONE = re.compile(  # "Booked: bought 10 TLT ...": what follows was done
    r"\A(?P<before>[^\w\n$]{0,6})(?:booked|done|executed|live|action): "
    r"(?=(?:just )?(?:bought|sold|long|short|added|closed|covered|trimmed|took|opened|bto|stc|sto|btc)\b)",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"\A[^\w\n$]{0,6}also (?=(?:bought|sold|added|closed|trimmed|picked up|bto|stc|buying|selling) )", re.IGNORECASE
)
_CMP = re.compile(r"\bCMP:? ?(?=\$?\d*\.\d)")
_EQUALS = re.compile(r"(?<=\d) = (?=\$?\d*\.\d\d?\s*(?:$|[,.;]\s))")
_TOMORROW = re.compile(
    r"\b(?:exp\.?|expiry|exps?|for) (?:tmrw|tmr|tomorrow)\b(?=,? (?:at |@ ?|for )?\$?\d*\.\d)"
    r"|(?<=\| )tomorrow(?=[ \t]*(?:\n|\|))",
    re.IGNORECASE,
)
_AGAINST_SHARES = re.compile(
    r"(?P<sold>\b(?:sold|wrote|STO|sold to open|selling|writing)\b[^\n,;!@]{4,40}?)"
    r" against (?:my |the )?(?:\d+ )?shares(?= (?:@|at|for) )",
    re.IGNORECASE,
)
_MY_SHORT = re.compile(
    r"\b(?:closing|closed|covering|covered|buying back|bought back) (?:out )?(?:my |the |our )?"
    r"short (?=(?:\d{1,3} )?\$?[A-Z]{1,5} \d)"
)
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CENTS = re.compile(
    rf"(?P<at>,|\bfor|\bat) (?:(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<ones>{'|'.join(_ONES)}))?"
    rf"|(?P<teens>{'|'.join(_TEENS)})) cents\b(?: each| apiece| a piece)?(?=\s*(?:$|[.,;!(]))",
    re.IGNORECASE,
)


def _cents(found: re.Match[str]) -> str:
    if found["teens"]:
        return f" @ 0.{_TEENS.index(found['teens'].lower()) + 10}"
    ones = _ONES.index(found["ones"].lower()) + 1 if found["ones"] else 0
    return f" @ 0.{(_TENS.index(found['tens'].lower()) + 2) * 10 + ones}"


_SYMBOL = r"\$?(?P<symbol>[A-Z]{1,5})"
_ORDER_FILLED = re.compile(  # `My LLY order filled, I bought 10 shares at ...`
    rf"\A[^\w\n$]{{0,6}}(?i:the|my|our) {_SYMBOL} (?i:order|limit|bid|buy order) (?:(?:has|was|is|got|just) )*"
    rf"(?:filled|hit)(?: after all| finally)?"
    r"(?:[,.:;] |,? and |,? so )(?:(?i:I|we)(?:'m| am|'ve| have)? )?(?:now |just )?(?P<verb>bought|own|long|in) "
    r"(?P<what>\d{1,5} shares|[^\n]{6,60}?)(?= (?:at|for|@) )"
)
_LIMIT_HIT = re.compile(
    r"\A[^\w\n$]{0,6}(?:limit|order|bid|offer) (?:got |was |is )?(?:hit|filled)[,:.] (?=(?:sold|bought|covered|closed"
    r"|added)\b)",
    re.IGNORECASE,
)


def _filled(found: re.Match[str]) -> str:
    """What was bought, with its symbol."""
    what, symbol = found["what"], found["symbol"]
    if what.endswith(" shares"):
        return f"bought {what} of {symbol}"
    return f"bought {what}" if re.search(rf"\b{symbol}\b", what) else f"bought {symbol} {what.removeprefix('the ')}"


_JUST_TO_OPEN = re.compile(r"\A(?P<before>[^\w\n$]{0,8})(?:i )?just bought to open (?=\$?[A-Z])", re.IGNORECASE)

REWORDINGS = (
    ((" to open",), _JUST_TO_OPEN, r"\g<before>BTO "),
    (("filled", " hit"), _ORDER_FILLED, _filled),
    (("filled", " hit"), _LIMIT_HIT, ""),
    (("we just", "we've just"), _WE, r"\g<before>"),
    (("so", "ok", "well", "right", "fine"), _SO, ""),
    (("filled",), _AFTER_ALL, ""),
    (("closing bell",), _BELL, "bell"),
    (("(",), _COMPANY, r"\g<ticker>"),
    ((":",), _KIND, r"\g<verb> "),
    ((" all ",), _ALLSTATE, r"\g<verb> $ALL "),
    (("stop", "sl"), _HIT_MY_STOP, r"\g<before>sold \g<contract> @ "),
    ((" back",), _BOUGHT_BACK, r"bought back \g<contract> "),
    ((" min", " sec", " hour"), _TO_THE_BELL, ""),
    (("booked: ", "done: ", "executed: ", "live: ", "action: "), _DONE, r"\g<before>"),
    (("also ",), _ALSO, ""),
    (("cmp",), _CMP, "@ "),
    (("tmr", "tomorrow"), _TOMORROW, "expiring tomorrow"),
    (("against",), _AGAINST_SHARES, r"\g<sold> covered"),
    (("short ",), _MY_SHORT, "bought to close "),
    ((" = ",), _EQUALS, " @ "),
    (("cents",), _CENTS, _cents),
)
