"""What a program that relays trades writes around one: its own name over it, `Mara opened a position`, its footer."""

import re

from domain.reading.before import speaks_against
from domain.reading.known_words import KNOWN
from domain.reading.vocabulary import PHRASES

_NAME = r"@?[A-Z][A-Za-z]+[\w.]{0,20}(?: [A-Z][a-z]*\.?)?"
_APP = r"(?:\A|(?<=\n))[^\w\n$]{0,8}(?P<app>[A-Z][\w]{2,20}(?: [A-Z][a-z]+)?)[ \t]*\n"
_DONE = {
    "opened": "ENTRY",
    "entered": "ENTRY",
    "added to": "ADD",
    "increased": "ADD",
    "reduced": "TRIM",
    "trimmed": "TRIM",
    "scaled out of": "TRIM",
    "partially closed": "TRIM",
    "closed": "CLOSE",
    "exited": "CLOSE",
}
_TELLS = re.compile(
    rf"\A(?:{_APP})?[^\w\n$]{{0,8}}(?P<name>{_NAME}) (?:has |just )?(?P<done>{'|'.join(_DONE)})"
    r" (?:a|an|the|their|his|her) (?:new |open |full )?(?:position|trade)(?: in \$?[A-Z]{1,5})?[ \t]*[.:]?[ \t]*(?=\n)"
)
_PIECES = re.compile(r"[ \t]+[·•|][ \t]+")
_FIELD = re.compile(
    r"(?P<name>qty|quantity|size|contracts|fill|filled|price|avg fill|sl|stop|tp|pt|target|new avg|avg|average|cost"
    r"|entry|exit|p/l|pnl|held)[ :]+(?P<value>[$+-]?\d[^\n]{0,14})",
    re.IGNORECASE,
)
_QUIET = ("new avg", "avg", "average", "cost", "entry", "p/l", "pnl", "held")
_NAMES = {"filled": "fill", "avg fill": "fill"}
_RESULT = re.compile(r"[+-]\$?\d[\d,.]{0,8} ?%?")
_FOOTER = re.compile(
    r"\n[^\w\n$]{0,8}(?P<name>[A-Za-z][A-Za-z .&']{1,30}?)[ \t]*[|·•#-][ \t]*(?:#|id|no\.?|ref)?[ :]?\d{2,8}[ \t]*"
    r"(?:[|·•-][ \t]*(?:relayed|sent|posted|delivered|forwarded|copied)(?: in)? \d{1,3}(?:\.\d+)? ?"
    r"(?:ms|s|secs?|seconds)(?: (?:after|from) (?:the )?(?:fill|execution|trade|post))?[ \t]*)?\Z",
    re.IGNORECASE,
)
_NUMBERED = re.compile(  # `NEW POSITION #1183` over a card
    r"\A(?P<title>[^\w\n$]{0,8}(?:alert:[^\w\n$]{0,4})?(?i:new (?:position|trade|entry)|entry|opened|open|added|add"
    r"|partial(?: close)?|trim(?:med)?"
    r"|reduced|closed?|exit(?:ed)?|stopped(?: out)?|scaled? (?:out|in)|sold|bought|position (?:opened|closed)"
    r"|trade))[ \t]*[-|·:]?[ \t]*#[A-Z]{0,3}-?\d{1,6}[ \t]*(?=\n)"
)
_FEWEST_LINES = 3


def without_relay(text: str) -> str:
    """The order that a relaying program posts, without what it says of itself; any other text as it stands."""
    if text.count("\n") + 1 < _FEWEST_LINES:
        return text
    text = _NUMBERED.sub(r"\g<title>", _FOOTER.sub(_left_out, text))
    found = _TELLS.match(text)
    if found is None or speaks_against(f"{found['app'] or ''} {found['name']}"):
        return text
    return "\n".join([_DONE[found["done"]], *map(_in_lines, text[found.end() + 1 :].split("\n"))])


def _in_lines(line: str) -> str:
    """`Qty 6 · Fill $1.34 · +50.0%` as a line for each field; a line of anything else as it stands."""
    pieces = [piece.strip() for piece in _PIECES.split(line.strip())]
    fields = [_FIELD.fullmatch(piece) for piece in pieces if not _RESULT.fullmatch(piece)]
    if not fields or not all(fields):
        return line
    names = {field["name"].lower() for field in fields if field}
    if "price" in names and names & {"entry", "avg", "average", "cost"}:
        return line  # the price of now
    told = [field for field in fields if field and field["name"].lower() not in _QUIET]
    return "\n".join(f"{_NAMES.get(field['name'].lower(), field['name'])}: {field['value']}" for field in told)


def _left_out(footer: re.Match[str]) -> str:
    words = footer["name"].split()
    is_known = any(word.lower() in PHRASES or word.lower() in KNOWN or word.isupper() for word in words)
    return footer.group() if is_known or speaks_against(footer["name"]) else ""
