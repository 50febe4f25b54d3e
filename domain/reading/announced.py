"""An order whose sentence names the stock first: `Lightened up on KRE, sold 100 of my 300 shares at 63.15`.

Both halves must say the same, in or out, and only one of them has a price.
"""

import re

from domain.reading.sold_first import may_open
from domain.reading.spoken import EXPIRY, ONE_TO_TEN
from domain.reading.tickers import ticker

_SYMBOL = r"\$?[A-Z]{1,5}(?:\.[A-Z])?"
_KIND = r"(?:new|small|tiny|little|first|half|starter|short[- ]term|long[- ]term|swing|quick|speculative)"
_THING = r"(?:positions?|starter|stake|flyer|flier|swing|trade|lotto|punt|shot|nibble|long)"
_IN = (
    rf"(?:(?:start(?:ing|ed)|open(?:ing|ed)|initiat(?:ing|ed)|took|taking|beginning|building)"
    rf" (?:an? |my |another )?(?:{_KIND} )*{_THING}(?: size)? (?:in|on)|nibbl(?:ing|ed) (?:on|at)|initiat(?:ing|ed)"
    rf"|(?:a |new |small )*starter in|(?:a |new |small )+position in|(?:going|went) long"
    r"|(?:(?:going|getting|got|went|stepping|stepped) )?back (?:in|into))"
)
_MORE = r"(?:(?:adding|added) (?:some |more |a little |a bit )*to)"
_OUT = (
    r"(?:out of|done with|(?:got |was |been )?stopped (?:out of|out on|on)|sold out of|closed out(?: of)?"
    r"|exit(?:ed|ing)|clos(?:ed|ing)|(?:took|taking) (?:my |the )?(?:profits?|gains?|loss) (?:on|in))"
)
_PART_OUT = (
    r"(?:lighten(?:ed|ing) up (?:on|in)|trimm(?:ed|ing)|reduc(?:ed|ing)|(?:cut|cutting) back (?:on|in)|scal(?:ed|ing)"
    r" out of|par(?:ed|ing) back|(?:took|taking) (?:some|a little|a bit) off(?: of| in)?)"
)
_BEHIND = (
    r"(?: (?:common(?: stock)?|stock|shares|position|today|here|again|after all|now|this morning|a (?:bit|little)))"
)
_PRICE = r"(?:at|for|@) ?\$?(?:\d{1,5}(?:\.\d{1,4})?|\.\d{1,2})"
_BUYS = r"(?:bought|buying|picked up|picking up|took|taking|grabbed)"
_SELLS = r"(?:sold|selling|closed|closing|trimmed|trimming|took off|let go of)"
_SHARE_OF_IT = r"(?:half|(?:a|one) third|two thirds|(?:a|one) quarter|three quarters|\d{1,2} ?%)"
_STRIKE = r"\$?\d{1,5}(?:\.\d{1,2})? ?(?:c|p|calls?|puts?)\b"
_OBJECT = (
    rf"(?:(?P<all>all (?:of )?(?:my |the )?)?(?P<count>\d{{1,5}})(?: of (?:my |the )?(?P<whole>\d{{1,5}}))?"
    r"(?: more)? (?:shares|sh)\b"
    rf"|(?P<last>(?:the |my )(?:remaining|last|final) )(?P<left>\d{{1,5}}) (?:shares|sh)\b"
    rf"|(?P<part>{_SHARE_OF_IT}|the rest|the last) of (?:the |my )?(?:(?P<shares>shares|stock)|(?P<it>position|it))\b"
    rf"|(?P<amount>(?:\d{{1,4}}|{ONE_TO_TEN}|{_SHARE_OF_IT}|the rest|all)(?: more)?(?: of (?:(?:the|my) (?:\d{{1,4}}"
    rf"|{ONE_TO_TEN}))?)? )?(?:the |my |of )*(?P<option>{EXPIRY} {_STRIKE}|{_STRIKE} {EXPIRY}))"
)
_OLD = re.compile(
    r"\b(?:up to|down to|now|each|every|basis|years? |old|twice|again|back in|bought (?:them|it|these) back)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})(?:(?:i|we)(?:'ve| have|'m| am|'re| are)?(?: just| also| now| was| got)* )?"
    rf"(?:(?P<in>{_IN})|(?P<more>{_MORE})|(?P<trim>{_PART_OUT})|(?P<out>{_OUT})) (?:the |my |our |some )?"
    rf"(?P<symbol>(?-i:{_SYMBOL}))(?P<said>{_BEHIND}{{0,3}})(?P<first>,? {_PRICE})?"
    rf"(?:, | - |: |; )(?:and )?(?:(?:i|we)(?:'ve| have|'m| am)?(?: just)? )?"
    rf"(?:(?P<buys>{_BUYS}) |(?P<sells>{_SELLS}) )?{_OBJECT}(?: (?:went|gone|sold|are sold|off|out))?"
    rf"(?P<second>,? {_PRICE})?(?=\s*(?:$|[,;!(\n]|\.(?!\d))| (?:into|on|to|each|as|for (?:a|an|the|my) )\b)",
    re.IGNORECASE,
)


def as_one_order(text: str) -> str:
    """The text with both halves as one order; as it stands where they disagree."""
    found = _ANNOUNCED.match(text)
    if found is None or ticker(found["symbol"].lstrip("$")) is None or may_open(text) or _OLD.search(text, found.end()):
        return text
    opens = bool(found["in"] or found["more"])
    price = found["first"] or found["second"]
    if price is None or (found["first"] and found["second"]) or found["sells" if opens else "buys"]:
        return text
    told = _told(found, opens=opens)
    return f"{found['before']}{told} {price.strip(' ,')}{text[found.end() :]}" if told else text


def _told(found: re.Match[str], *, opens: bool) -> str | None:
    symbol, verb = f"${found['symbol'].lstrip('$')}", _verb(found)
    is_part = bool(
        found["part"]
        or found["whole"]
        or found["last"]
        or found["all"]
        or (found["amount"] and " of " in found["amount"])
    )
    if opens and is_part and not (found["option"] and found["amount"] and found["whole"] is None):
        return None  # how much of what is held
    if found["option"]:
        return _of_option(found, verb, symbol, opens=opens)
    if found["part"]:
        return f"sold {found['part']} of my {symbol} {'shares' if found['shares'] else 'position'}"
    count = found["count"] or found["left"]
    whole = f" of {found['whole']}" if found["whole"] else ""
    return f"{verb} {'all ' if found['all'] else ''}{count}{whole} shares of {symbol}"


def _of_option(found: re.Match[str], verb: str, symbol: str, *, opens: bool) -> str | None:
    amount = (found["amount"] or "").strip()
    if opens:
        amount = re.sub(r" of$", "", amount, flags=re.IGNORECASE)
        return (
            None
            if re.search(r"[a-z] of|half|third|quarter|%|rest|all", amount)
            else (f"{verb} {amount} {symbol} {found['option']}".replace("  ", " "))
        )
    verb = "sold" if amount and found["trim"] else verb
    return f"{verb} {amount} {symbol} {found['option']}".replace("  ", " ")


def _verb(found: re.Match[str]) -> str:
    if found["in"]:
        return "bought"
    if found["more"]:
        return "added"
    if found["trim"]:
        return "sold" if found["count"] or found["left"] else "trimmed"
    return "stopped out of" if "stopped" in found["out"].lower() else "sold"
