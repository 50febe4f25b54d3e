"""An order told in a sentence: `With GDX out of its base I bought three of the December 18th 82 calls for 2.15`.

What leads to it may be any words that say nothing against it; whoever did it must be the author himself. A symbol that
only the lead names goes where the order has its own.
"""

import re
from decimal import Decimal

from domain.reading.before import speaks_against
from domain.reading.named_before import NO_STOCKS, OF_AN_INDEX
from domain.reading.sold_first import is_of_held, may_open
from domain.reading.spoken import EXPIRY, ONE_TO_TEN, PRICE
from domain.reading.stocks import NO_STOCK
from domain.reading.tickers import ticker

_SIDE = r" ?(?:c|p|calls?|puts?)\b"
_OPTION = (
    rf"(?:{EXPIRY} \$?\d{{1,5}}(?:\.\d{{1,2}})?{_SIDE}"
    rf"|\$?\d{{1,5}}(?:\.\d{{1,2}})?{_SIDE} {EXPIRY})"
)
_COUNT = rf"(?:\d{{1,5}}|{ONE_TO_TEN})"
_SHARE_OF_IT = (
    r"(?:half|(?:a|one) third|two thirds|(?:a|one) quarter|three quarters|\d{1,2} ?%|1/[2-4]|2/3|3/4|most|some)"
)
_REST = r"(?:(?:the )?(?:rest|remainder|last)|all)"
_AMOUNT = (
    rf"(?:{_COUNT}(?: more)?(?: of (?:(?:the|my|those) {_COUNT}|(?:the|my|those)(?= )))?"
    rf"|(?:{_COUNT} (?:contracts?|cons?|lots?))(?: of)?|a (?:few|couple)(?: of)?|some"
    rf"|{_SHARE_OF_IT}(?: of)?|{_REST} of)"
)
_AT = r"(?:at|for|@)(?: about| around| roughly)? ?"
_BUYS = r"(?:bought|buying|picked up|picking up|grabbed|grabbing|added|adding|purchased|purchasing|took|taking)"
_SELLS = r"(?:sold|selling|closed|closing|trimmed|trimming|exited|exiting)"
_VERB = rf"(?:{_BUYS}|{_SELLS})"
_I = (
    r"(?:(?:i|we)(?:'ve| have|'m| am|'re| are)?"
    r"(?: (?:also|just|now|have|have just|went ahead and|finally|simply|am))* )"
)
_SYMBOL = r"\$?[A-Z]{1,5}(?:\.[A-Z])?"
_ORDER = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?P<lead>[^\n.!;?]{{3,100}}?)(?P<joint>,? so |,? and |, |: | - | )(?:so )?"
    rf"(?P<doer>{_I})?(?P<verb>{_VERB}) (?P<amount>{_AMOUNT} )?(?:(?:the|my|those|these|that) )?"
    rf"(?:(?P<symbol>(?-i:{_SYMBOL}) )?(?P<option>{_OPTION})(?=,? {_AT}{PRICE})"
    rf"|(?P<shares>shares)(?=,? {_AT}{PRICE}\s*(?:$|[,;!(\n]|\.(?!\d))))",
    re.IGNORECASE,
)
_LED_IN = re.compile(r"(?:with|for|into|on|as|at|in|off|given|to)\b", re.IGNORECASE)
_OF_MYSELF = re.compile(
    r"(?:i|i'm|i am|still|bullish|bearish|constructive|cautious|positive|negative|short[- ]term|long[- ]term) ",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:yes|yep|yeah|no|nope|sure|correct|right|true|hey|hi|hello|sorry|well)\b", re.IGNORECASE)
_A_SENTENCE = 3  # words; fewer may be somebody's name
_NAMED = re.compile(r"\$[A-Z]{1,5}\b|\b[A-Z]{2,5}\b")
_NO_STOCKS = NO_STOCKS | NO_STOCK
# What is sold for this is sold to open.
OPENS_A_SHORT = re.compile(
    r"\b(?:income|yield|premium|credit|rent|hedge|hedging|protection|insurance|cover|theta|decay|bearish|bullish)\b",
    re.IGNORECASE,
)
OF_ALL = re.compile(
    r"\b(?:market|sector|group|names|everything|whole|index|indices|bonds|yields|room)\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"(?<=[\w,] )(?!I\b|I')[A-Z]")
_NO_LEAD = re.compile(
    r"\d|\b(?:buy\w*|sell\w*|clos\w+|trim\w*|roll\w*|cover\w*|writing|exit\w*|add\w*|short(?! term)|shares?|calls?"
    r"|puts?|contracts?|stop\w*|take|taken|enter|entry|against|management|manager|desk|picks?|alerts?|signals?|holders?"
    r"|people|folks|anyone|members?|story|said|than|that|because|like i|like we)\W*$"
    r"|\b(?:bought|sold|buys|buyers?|sells|sellers?|trimmed|rolled|covered|wrote|exited|shorted|instead|managers?|holders"
    r"|everyone|everybody|shares|calls|puts|contracts?|stopped|took|pick|entered)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:breaking|broke|breaks) (?:out|down|higher|lower|through)\b|(?<=\bit )has (?=\w+)")
_OF_AVERAGES = re.compile(
    r"\b\d{1,3}[- ](?:day|week|month|hour|minute)\b(?! ago)|\b\d{1,3} ?(?:ema|sma|dma|d|wma)\b", re.I
)
_LEVEL = re.compile(
    r"(?<=\bit )((?:is |now |got |went |pushed |broke |moved |came |held |just |back )+)"
    r"(?:over|above|under|below|through|at|past) \$?(\d{2,5}(?:\.\d{1,2})?)\b"
)
_STRIKE = re.compile(r"(?<![\d/])(\d{1,5}(?:\.\d{1,2})?)(?= ?(?:c|p|calls?|puts?)\b)", re.IGNORECASE)
_NEAR = (Decimal("0.75"), Decimal("1.33"))
_SAYS_SO = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?:and|so|ok(?:ay)?|alright|all right|well|right|today)[,.]?"
    r"(?: (?:team|all|everyone|everybody|folks|guys|gang|friends|so))?[,.]? "
    rf"(?=(?:i|we)(?:'ve| have|'m| am| just|'re| are)(?: just| also| now)* {_VERB} )",
    re.IGNORECASE,
)
_TO_THE_BELL = re.compile(
    r"\A[^\w\n$]{0,6}(?:\d{1,2}|five|ten|fifteen|twenty) min(?:ute)?s? (?:to|before|until|into) the (?:bell|close)"
    r"(?:[,:.] | - )(?=(?:BTO|STC|bought|sold|buying|selling)\b)",
    re.IGNORECASE,
)


def in_plain_order(text: str) -> str:
    """The text with its order first; as it stands where the words before it may say anything else."""
    text = _SAYS_SO.sub(r"\g<before>", _TO_THE_BELL.sub("", text))
    found = _ORDER.match(text)
    if found is None or not _is_a_lead(found):
        return text
    symbol = found["symbol"] or _symbol_of(found)
    if not symbol:
        return text
    amount = _counted(found["amount"] or "")
    if found["shares"]:
        is_part = re.search(r"[a-z%] of $|/\d of $", found["amount"] or "", re.IGNORECASE)
        if not found["amount"] or (not is_part and not amount.strip().removesuffix(" more").isdigit()):
            return text
        told = (
            f"{found['amount']}my ${symbol} shares"
            if is_part
            else f"{amount.removesuffix(' more ')} shares of ${symbol}"
        )
        return f"{found['before']}{found['doer'] or ''}{found['verb']} {told}{text[found.end() :]}"
    order = f"{found['doer'] or ''}{found['verb']} {amount}{symbol.strip()} {found['option']}"
    return f"{found['before']}{order}{text[found.end() :]}"


def _is_a_lead(found: re.Match[str]) -> bool:
    """Whether the words before the order only lead to it, and the order is the author's own."""
    lead, joint, is_said = found["lead"], found["joint"], found["doer"] is not None
    is_of_order = bool(_LED_IN.match(lead)) or _starts_with_symbol(lead)
    if joint == " " and not (is_said and _LED_IN.match(lead)):
        return False
    if not is_said and not (_OF_MYSELF.match(lead) or (_starts_with_symbol(lead) and " and " not in joint)):
        return False
    if not is_said and found["symbol"] and found["symbol"].strip(" $") not in _named(lead):
        return False
    if not is_of_order and (len(lead.split()) < _A_SENTENCE or joint in (": ", " - ") or _ANSWER.match(lead)):
        return False
    if found["verb"].lower() in ("sold", "selling") and not is_of_held(found[0][found.start("verb") - found.start() :]):
        return False
    if found["verb"].lower() in ("took", "taking") and " of " in (found["amount"] or ""):
        return False  # some of what is held
    if may_open(found.string) and re.fullmatch(_SELLS, found["verb"], re.IGNORECASE):
        return False
    if OPENS_A_SHORT.search(lead) and re.fullmatch(_SELLS, found["verb"], re.IGNORECASE):
        return False
    bare = _without_levels(_OF_AVERAGES.sub("line", _NAMED.sub("it", lead)), found["option"])
    if _CAPITAL.search(bare) or len(set(_named(lead))) > 1 or _NO_LEAD.search(bare):
        return False
    return speaks_against(_GOES_ON.sub("", bare)) is None


def _without_levels(lead: str, option: str | None) -> str:
    """The lead without a level of the stock, which is near the strike: "is over 235" is where it stands."""
    strike = _STRIKE.search(option or "")
    if strike is None:
        return lead
    least, most = Decimal(strike[1]) * _NEAR[0], Decimal(strike[1]) * _NEAR[1]
    return _LEVEL.sub(lambda found: f"{found[1]}there" if least <= Decimal(found[2]) <= most else found[0], lead)


def _named(lead: str) -> list[str]:
    return [name.lstrip("$") for name in _NAMED.findall(lead) if name.lstrip("$") not in _NO_STOCKS]


def _starts_with_symbol(lead: str) -> bool:
    found = _NAMED.match(lead)
    return found is not None and found[0].lstrip("$") not in _NO_STOCKS


def _symbol_of(found: re.Match[str]) -> str | None:
    """The one symbol that the lead names. An index there is the market's state as often."""
    named = _named(found["lead"]) if not OF_ALL.search(found["lead"]) else []
    return named[0] if named and named[0] not in OF_AN_INDEX and ticker(named[0]) else None


def _counted(amount: str) -> str:
    """ "three of the" is three; "one of the two" stays what it is."""
    return re.sub(r" of (?:the|my|those) $| (?:contracts?|cons?|lots?) (?:of )?$", " ", amount, flags=re.IGNORECASE)
