"""The side of a card's position: `OPENED` or `CLOSED` over it, and in a field whether it is long or short.

The field says what is held, not what is done: a long that is closed is sold, a short that is closed is bought back. A
direction or a bias that is short may be of one who buys a put, for he thinks that it falls: it tells nothing of puts.
"""

import re
from collections.abc import Sequence

from domain.reading.phrases import any_of
from domain.reading.sold_options import SALE_NAMED

_SIDE = re.compile(
    r"^[^\w\n]{0,8}(?P<key>(?:position )?side|direction|position|bias|way)"
    r"[ \t]*[:=|][ \t]*(?P<side>long|short)(?: (?P<right>call|put|shares|stock|equity|future)s?)?[ \t]*$",
    re.IGNORECASE,
)
_BOUGHT_BACK = re.compile(
    r"^[^\w\n]{0,8}(?:bought back|covered|bought to close)[ \t]*[:=][ \t]*"
    r"(?P<part>(?:all|half|some|part|rest|\d{1,4})\b[^\n]{0,20})$",
    re.IGNORECASE,
)
_STATE = (
    r"(?:(?:position|trade|play) )?(?:{verbs})(?: (?:position|trade|alert|all|half|some|full|partial|rest))?"
    r"(?: (?:position|trade|alert))?"
)
_CLOSES = re.compile(
    _STATE.format(
        verbs="reduced?|closed?|exit(?:ed)?|trim(?:med)?|stopped(?: out)?|scaled? out|covered|out|flat|size down"
    ),
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"open|(?:new )?" + _STATE.format(verbs="opened|entry|entered|enter|new|filled"),
    re.IGNORECASE,
)
_FALLS = re.compile(r"\bputs?\b|\d ?p\b", re.IGNORECASE)
_OWNED = any_of("own (?:it|them|shares|the stock), assign(?:ed|ment), collected, premium")
_WORDS = re.compile(r"[A-Za-z]+")


_NAMED = re.compile(
    r"^(?P<state>[^\w\n$]{0,8}(?:alert:[^\w\n$]{0,4})?(?i:opened|added|reduced|closed|stopped(?: out)?|trimmed|exited"
    r"|bought"
    r"|sold|entry|exit|trim|add|open|close|new position))[ \t]*[|·•:-][ \t]*\$?(?P<symbol>[A-Z]{1,5})[ \t]*$"
)
_HAS_SYMBOL = re.compile(
    r"^\W{0,4}(?:symbol|ticker|contract|instrument|underlying|stock|option)[ \t]*[:=|]", re.IGNORECASE
)


_PART = re.compile(r"\b(?:trim\w*|reduc\w*|scal\w+|partial\w*|size down|half|some)\b", re.IGNORECASE)
_PART_TOLD = re.compile(
    r"^\W{0,4}(?:portion|part|sold|closed|cut|lots|qty|size|quantity|contracts|shares)[ \t]*[:=][ \t]*\S*\d? ?(?:of|%"
    r"|/|half)",
    re.IGNORECASE,
)


def with_named_symbol(lines: Sequence[str]) -> list[str]:
    """A card's lines with a field for the symbol that stands in its title: `OPENED · NVDA`."""
    found = _NAMED.match(lines[0])
    if found is None or any(map(_HAS_SYMBOL.match, lines)):
        return list(lines)
    return [found["state"], f"Symbol: {found['symbol']}", *lines[1:]]


def sided(lines: Sequence[str]) -> list[str]:
    """A card's lines with what is done instead of the side; any others as they are."""
    sides = [(place, match) for place, line in enumerate(lines) if (match := _SIDE.match(line))]
    found = [(place, match["side"].lower()) for place, match in sides]
    back = [(place, match["part"]) for place, line in enumerate(lines) if (match := _BOUGHT_BACK.match(line))]
    if len(found) > 1 or len(back) > 1 or not (found or back):
        return list(lines)
    titles = [place for place, line in enumerate(lines[: (found or back)[0][0]]) if line.strip() and ":" not in line]
    right = sides[0][1]["right"] if sides else None
    words = " ".join(_WORDS.findall(lines[titles[0]])).removeprefix("alert ") if titles else ""
    side = found[0][1] if found else "short"
    is_of_contract = any(match["key"].lower().endswith("side") or match["right"] for _, match in sides)
    others = [line for place, line in enumerate(lines) if place not in {at for at, _ in found}]
    told = _told(side, words, "" if is_of_contract else "\n".join(others), is_back=bool(back))
    if told is None:
        return list(lines)
    if right:
        lines = [*lines, f"Type: {right}"] if right.lower() in ("call", "put") else [*lines]
    changed = dict(back and {back[0][0]: f"Portion: {back[0][1]}"})
    if told:
        changed[titles[0]] = ""
        if told == "BTC" and not back and (part := _PART.search(words)) and not any(map(_PART_TOLD.match, lines)):
            changed[titles[0]] = ""
            lines = [*lines, "Portion: half" if "half" in part[0].lower() else "Portion: partial"]
    if found:
        changed[found[0][0]] = f"Action: {told}" if told else ""
    elif told:
        changed[titles[0]] = told
    return [changed.get(place, line) for place, line in enumerate(lines)]


_SOLD = re.compile(r"sold(?: (?:all|half|some|partial|rest))?", re.IGNORECASE)


def _told(side: str, title: str, text: str, *, is_back: bool) -> str | None:
    """The verb that stands for the title; empty where the title says it; None where nothing is certain."""
    if _CLOSES.fullmatch(title):
        if side == "long":
            return None if is_back else ""
        return "BTC" if is_back or not _FALLS.search(text) else None
    if side == "long" and _SOLD.fullmatch(title):
        return ""
    if side == "short" and not is_back and _OPENS.fullmatch(title):
        return "STO" if not _FALLS.search(text) or SALE_NAMED.search(text) or _OWNED.search(text) else None
    return None
