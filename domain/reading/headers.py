"""The headers that bots write over an order: what is done, and who did it. `ENTRY | Otto`, `TRIM ALERT by Sable`.

The name is nobody's business; the word for what is done is the order's verb. A name that says whose trade it is - a
whale's, a fund's, another room's - stays, and is refused.
"""

import re

from domain.reading.before import speaks_against
from domain.reading.fields import FIELDS_OF_A_BLOCK
from domain.reading.known_words import KNOWN
from domain.reading.phrases import any_of
from domain.reading.sold_options import SALE_NAMED
from domain.reading.vocabulary import PHRASES, word_set

_DONE = (
    r"(?:new (?:position|trade)|(?:position|trade|play) (?:opened|closed|started|ended|entered|exited|reduced)"
    r"|(?:opened|closed) (?:position|trade)|stopped(?: out)?|"
    r"partial(?: exit| close| sale)?|(?:partial |full |new )?"
    r"(?:entry|enter(?:ed)?|in|add(?:ed)?|open(?:ed)?|bought|buy|bto"
    r"|exit(?:ed)?|out|trim(?:med)?|reduced?|scaled?"
    r"(?:[ -](?:out|in))?|closed?|sold|sell|stc|sto|btc|long))"
)
_HOW_MUCH = r"(?i: +(?:all|half|full|some|rest|partial|most|runners?|\d{1,2}%|\d/\d))?"
_NAME = (
    r"@?(?:[A-Z][a-z]+[\w.]{0,20}(?: [A-Z][a-z]*[\w.]{0,20})?|[A-Z]{6,16}(?=[ \t]*[|•·])"
    r"|(?<=[|•·] )[a-z][\w.]{1,20}|(?<=by )[a-z][a-z_.]{1,16}\d{1,4})"
)
_BEHIND = re.compile(
    rf"^(?P<done>[^\w\n$]{{0,8}}(?:alert:[^\w\n$]{{0,4}})?(?i:{_DONE})(?i: alert)?{_HOW_MUCH})"
    rf"[ \t]*(?:[|•·:-]|(?i:\bby\b))[ \t]*(?P<name>{_NAME})[ \t]*$",
    re.MULTILINE,
)
_BEFORE = re.compile(
    rf"^[^\w\n$]{{0,8}}(?P<name>{_NAME})[ \t]*[|•·:-][^\w\n$]{{0,4}}"
    rf"(?P<done>(?i:{_DONE})(?i: alert)?{_HOW_MUCH})[ \t]*$",
    re.MULTILINE,
)
_BETWEEN = re.compile(
    rf"^(?P<done>[^\w\n$]{{0,8}}(?i:{_DONE})(?i: alert)?{_HOW_MUCH})"
    rf"[ \t]*[|•·][ \t]*(?P<name>{_NAME})[ \t]*[|•·](?=[ \t]*\S)",
    re.MULTILINE,
)
_OVER = re.compile(  # the name on a line of its own, between what is done and the contract
    rf"^(?P<done>[^\w\n$]{{0,8}}(?i:{_DONE})(?i: alert)?{_HOW_MUCH})[ \t]*\n[^\w\n$]{{0,8}}"
    r"(?P<name>@?(?:Dr|Mr|Mrs|Ms|Sgt|Prof)?\.? ?[A-Z][a-z]+[\w.]{0,20}(?: [A-Z][a-z]*[\w.]{0,20})?)"
    r"[ \t]*$(?=\n[^\n]{0,40}\d)",
    re.MULTILINE,
)
_BOT_TELLS = re.compile(
    rf"\A\W{{0,8}}(?P<bot>\w{{0,30}}bot)\b[ \t]{{0,2}}[]:|\n•-]\W{{0,5}}"
    rf"(?:(?:analyst|trader|mod|caller|coach) )?(?P<name>[a-z]\w{{1,20}}) (?:just )?(?P<done>{_DONE})\b:?",
    re.IGNORECASE,
)
_RELAY = re.compile(
    r"\A\[(?P<bot>[A-Z][A-Za-z]*(?:Relay|Bot|Feed|Wire|Desk|Alerts?|Mirror|Post))\][ \t]*"
    r"(?P<name>[a-z][\w.]{1,20}): (?=\S)"
)
_SHORT_SOLD = re.compile(
    r"\A[^\w\n$]{0,8}(?P<name>[A-Z][a-z]+(?:[A-Z][a-z]+)?)[ \t]*\n(?=[^\w\n$]{0,4}SHORT (?:PUT|CALL)[ \t]*\n)"
)
_TAG = re.compile(
    r"\[(?:tier|trader|analyst|author|mod|caller|room|channel|desk|grade|type|style|tag|by): ?"
    r"(?:(?:uncle|aunt|auntie|brother|sister|father|mama|papa) )?(?P<name>[\w ]{1,30})\]",
    re.IGNORECASE,
)
# Each with the signs that a text must have one of.
_HEADERS = (
    (("|", "•", "·", ":", "-", "by", "By", "BY", "bY"), _BEHIND),
    (("|", "•", "·", ":", "-"), _BEFORE),
    (("|", "•", "·"), _BETWEEN),
    (("\n",), _OVER),
    (("]", ":", "|", "\n", "•", "-"), _BOT_TELLS),
)
_BRAND = re.compile(  # `OSPREY | ENTRY | CRWD 540C | ...`: whose feed it is
    rf"^[^\w\n$]{{0,8}}(?P<name>[A-Z][A-Z0-9]{{2,14}}(?: [A-Z]{{2,12}})?)[ \t]*\|[ \t]*"
    rf"(?P<done>(?i:{_DONE}|flat|scale))(?=[ \t]*\|)",
    re.MULTILINE,
)
_TICKET = re.compile(
    rf"\A[^\w\n#]{{0,8}}#\d{{1,6}}[:.)]?[ \t]+(?!open\W{{1,4}}(?:positions?|orders?|trades?)\b)"
    rf"(?:(?:closed|filled|done|stopped), (?=(?:bought|sold)\b))?"
    rf"(?=(?:{_DONE}|reduced?|scale)\b[ \t]*[-:|•·]|(?:bought|sold|added|trimmed|bto|stc|sto|btc|buying|selling) "
    rf"(?:the |my |all )?"
    r"(?:\d{1,4} |last )?(?:of \d{1,4} |shares of )?\$?[A-Z]{1,5}\b)",
    re.IGNORECASE,
)
_TICKET_CODE = re.compile(  # `T-201 | IN | SOFI 29C | ...`
    rf"^[^\w\n$]{{0,8}}(?P<code>[A-Z]{{1,5}})[-#_]?\d{{1,6}}[ \t]*\|[ \t]*"
    rf"(?=(?:{_DONE}){_HOW_MUCH}(?: \d{{1,3}})?[ \t]*\|)",
    re.MULTILINE | re.IGNORECASE,
)
_STATES = ("closed", "stopped", "exited", "trimmed", "hit", "levels", "update", "expired", "filled", "void")
_NO_BRANDS = word_set("short shares futures future fly spread target level zone credit stock puts calls")
_PLANNED_NAME = any_of(
    "pullback, proposed, backup, breakout, breakdown, dip, retest, reclaim, bounce, trigger, zone, area, january,"
    "february, march, april, june, july, august, september, october, november, december, pre-?market, after-?hours"
)
_SIGNED = re.compile(  # `IN | CRM 12/04 252.5C | 1.06 | JT`: whose row it is
    r"^(?P<row>[^\n|]+(?:\|[^\n|]+){2,7}?)[ \t]*\|[ \t]*(?P<name>[A-Z][a-z]{1,11}|[A-Z]{2})[ \t]*$", re.MULTILINE
)
_BULLET = re.compile(r"[ \t][•·][ \t]")


def without_headers(text: str) -> str:
    """The text with its headers' names left out, and bullets between fields as marks."""
    for needed, header in _HEADERS:
        if any(map(text.__contains__, needed)):
            text = header.sub(_done, text)
    text = _BRAND.sub(_brand_left_out, text) if "|" in text else text
    text = _SIGNED.sub(_unsigned, text) if "|" in text else text
    text = _TICKET.sub("", text) if "#" in text else text
    text = _TICKET_CODE.sub(_left_out, text) if "|" in text else text
    text = _RELAY.sub(_left_out, text) if text.startswith("[") else text
    text = _SHORT_SOLD.sub(_left_out, text) if "SHORT " in text else text
    text = _TAG.sub(_left_out, text) if "[" in text else text
    return text if text.isascii() else _BULLET.sub(" | ", text)


def _unsigned(row: re.Match[str]) -> str:
    name = row["name"].lower()
    return row.group() if name in PHRASES or name in KNOWN or speaks_against(name) else row["row"]


def _brand_left_out(header: re.Match[str]) -> str:
    words = header["name"].lower().split()
    return header.group() if not _NO_BRANDS.isdisjoint(words) else _done(header)


def _left_out(header: re.Match[str]) -> str:
    name = " ".join(header.groupdict().values())
    is_state = name.lower().rpartition(" ")[2] in _STATES or name.lower() in PHRASES
    return header.group() if speaks_against(name) or is_state else ""


def _done(header: re.Match[str]) -> str:
    names = " ".join(name for group, name in header.groupdict().items() if group != "done")
    is_said = any(word.lower() in PHRASES for word in header["name"].split())  # `PARTIAL EXIT`, `Half | OUT`
    is_field = header["name"].lower() in FIELDS_OF_A_BLOCK  # `Side: BTO`
    is_kind = SALE_NAMED.search(names) or _PLANNED_NAME.search(names)
    return header.group() if is_said or is_field or is_kind or speaks_against(names) else header["done"]
