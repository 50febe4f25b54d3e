"""Labelled blocks, as bots and embeds post them: the same order with a name before each field.

A block is turned back into a sentence, so that one grammar reads both; its comment is kept apart. A field with an
unknown name and a number in it makes the block unread: "Current: 6.85" is no order.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from domain.profile import PLAIN, Profile
from domain.profile import BlockField as Field
from domain.reading.before import speaks_against
from domain.reading.block_amounts import sold
from domain.reading.field_lines import FIELD, named_field
from domain.reading.field_values import check_values
from domain.reading.fields import FIELDS, FIELDS_OF_A_BLOCK
from domain.reading.refusal import ambiguous, not_an_alert
from domain.reading.sides import sided, with_named_symbol
from domain.reading.status import settled
from domain.reading.vocabulary import PHRASES, phrase_set

_SIGNS = (*":=|→»➜➡⇒►▸⟶", "->")  # one of them is in any field
_SEPARATORS = (";", "|", ",")
_SEPARATOR = re.compile(r"[ \t]*[;|,][ \t]*(?=[A-Za-z][A-Za-z _]{1,24}[:=])")
_WORD = re.compile(r"[a-z]+")
_TITLES = {
    "take profit": "taking profits",
    "take profits": "taking profits",
    "size up": "added",
    "sized up": "added",
    "size down": "trimmed",
    "sized down": "trimmed",
    "flat": "closed",
    "flattened": "closed",
}
_RESULT = re.compile(
    r"\W*(?:(?:realized|total|net|trade|final) )?(?:p/?l|p&l|pnl|profit|gain|loss|result|return|roi)\b[^:\n]{0,12}[:=]",
    re.IGNORECASE,
)
_ADDS = re.compile(r"\b(?:add(?:ed|ing)?|averag(?:ed|ing))\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"^\W*(?:(?:new )?total(?: size| position| qty| contracts| shares)?|position now)[ \t]*:", re.IGNORECASE
)
_CLOSES = re.compile(
    r"\b(?:stc|btc|sell|sold|closed?|exit(?:ed)?|out|trim(?:med)?|scaled?|reduced?|partial|tp|take profit|size down"
    r"|flat)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"(\d{1,4}) of (\d{1,4})", re.IGNORECASE)
_COST = re.compile(r"^\W*(?:avg |average )?(?:cost|cost basis|price paid|paid)\W*[:=|]", re.IGNORECASE)  # at a close
# A title that says the side leaves nothing to one that says only what became of the position.
_SIDES_SAID = phrase_set(
    "sell to open, buy to close, sell to close, buy to open, sto, btc, stc, bto, sold to open, bought to close"
)
_STATES = phrase_set(
    "new position, new trade, position opened, trade opened, closed, close, position closed, trade closed, opened, open"
)
_FEWEST_FIELDS = 2
_ENTRY = "entry"  # a form with a contract and a price, and nothing over it, is one
_NEUTRAL = re.compile(
    r"(?:fill|order|trade|execution) (?:notification|notice|confirmation|confirmed|executed|filled|ticket|details)"
)
_TOLD = (Field.ACTION, Field.ENTRY, Field.EXIT)
_PRICED = re.compile(r"(?:@|\bat\b|\bfor\b) ?\$?\d*\.\d")
_PRICES = {Field.PRICE, Field.ENTRY, Field.EXIT}
_NOTHING = ("0", "0%", "none", "nothing", "0 contracts", "-")
_LONG = re.compile(
    r"^\W{0,4}(?:direction|type|action|side|position|bias|trade)[ \t]*[:=][ \t]*(?:opened |new |bought |buy )?long "
    r"(?P<right>call|put)s?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_KEY = (
    r"(?:action|side|ticker|symbol|strike|type|right|exp|expiry|expiration|price|entry|qty|quantity|stop|sl|target|tp"
    r"|pt"
    r"|contract|size|premium|cost|fill|option)"
)
_RUN_ON = re.compile(rf"[ \t]*[;|,]?[ \t]+(?={_KEY} ?[:=])", re.IGNORECASE)
_FEWEST_RUN_ON = 3
_LONGEST_NAME = 3  # words
Fields = Mapping[str, Field]
_NOT_CORE = (Field.PART, Field.STOP, Field.TARGET, Field.REMARK, Field.SENDER, Field.STATUS)
_BESIDE = (Field.SENDER, Field.REMARK)
_STATUS = re.compile(r"[|([,;-] ?(?:order )?status ?[:=] ?(?P<value>[A-Za-z][A-Za-z ]{0,30})", re.IGNORECASE)
_LISTS = ("portfolio", "my portfolio", "portfolio update", "model portfolio")
_FIRST_NAMES = ("will", "hope", "may", "skip", "buddy", "ghost", "shadow", "wood", "jensen")
_CORE = tuple(field for field in Field if field not in _NOT_CORE)
_MARK_BEFORE = {
    Field.PRICE: " @ ",
    Field.ENTRY: " entry @ ",
    Field.EXIT: " exit @ ",
    Field.STOP: "\nSL ",
    Field.TARGET: "\nPT ",
}


class Sentence(NamedTuple):
    """A message as a sentence, and the remark that its comment field holds."""

    order: str
    remark: str = ""


def unfold(text: str, profile: Profile = PLAIN) -> Sentence:
    """Turn a labelled block into a sentence; any other text stays as it is. NotRead for a block with unknown fields."""
    if not any(sign in text for sign in _SIGNS):
        return Sentence(text)
    fields = {**FIELDS_OF_A_BLOCK, **profile.field_names} if profile.field_names else FIELDS_OF_A_BLOCK
    lines = _lines("\n".join(sided(with_named_symbol(text.split("\n")))), fields)
    named = [named_field(line, fields) for line in lines]
    core = {field for field, value in named if field in _CORE or (field is Field.STATUS and value)}
    if len(core) + any(field is Field.PART for field, _ in named) >= _FEWEST_FIELDS:
        _check_senders(named)
        named = settled(named)
        return _sentence(lines, named, closes=_is_close(lines, named))
    return _talk(lines, {**FIELDS, **profile.field_names})


def _talk(lines: list[str], fields: Fields) -> Sentence:
    """A message that is no block, without the lines of its comments."""
    named = [named_field(line, fields) for line in lines]
    _check_senders(named)
    named = settled(named)
    settled([(Field.STATUS, found["value"]) for line in lines for found in _STATUS.finditer(line)])
    kept = [line for line, (field, _) in zip(lines, named, strict=True) if field not in _BESIDE]
    told = [line for line in kept if not _RESULT.match(line)]
    kept = told if len(told) < len(kept) and _is_close(lines, named) else kept
    remark = " \n".join(value for field, value in named if field is Field.REMARK)
    return Sentence("\n".join(kept), remark)


def _check_senders(named: list[tuple[Field | None, str]]) -> None:
    """Whose trade it is: a flow bot's or a paper account's is none of ours."""
    for field, value in named:
        said = " ".join(word for word in value.split() if word.lower() not in _FIRST_NAMES)
        if field is Field.SENDER and (found := speaks_against(said)):
            raise not_an_alert(f"whose trade it is: {found}")


def _is_close(lines: list[str], named: list[tuple[Field | None, str]]) -> bool:
    """Whether the block sells what is held: then it has a result, and its amount is a part."""
    titles = [line for line, (field, _) in zip(lines, named, strict=True) if field is None and not _RESULT.match(line)]
    actions = [value for field, value in named if field is Field.ACTION]
    return any(field is Field.EXIT for field, _ in named) or any(map(_CLOSES.search, [*titles, *actions]))


def _lines(text: str, fields: Fields) -> list[str]:
    text = _LONG.sub(r"Action: BTO\nType: \g<right>", text)
    text = "\n".join(map(_run_on, text.split("\n")))
    parted = _SEPARATOR.sub("\n", text) if any(sign in text for sign in _SEPARATORS) else text
    if parted == text:
        return text.split("\n")
    said = {field for line in parted.split("\n") if (field := named_field(line, fields)[0]) in _CORE}
    return (parted if len(said) > _FEWEST_FIELDS else text).split("\n")


def _run_on(line: str) -> str:
    """`Action: BTO Ticker: ZS Strike: 300`: a line for each of its fields."""
    if line.count(":") + line.count("=") < _FEWEST_RUN_ON:
        return line
    return _RUN_ON.sub("\n", line) if len(_RUN_ON.findall(line)) >= _FEWEST_RUN_ON else line


def _sentence(lines: list[str], named: list[tuple[Field | None, str]], *, closes: bool) -> Sentence:
    first = next(place for place, (field, _) in enumerate(named) if field and field is not Field.SENDER)
    title = [line for line, (field, _) in zip(lines[:first], named[:first], strict=True) if field is None]
    loose = [line for line, (field, _) in zip(lines[first:], named[first:], strict=True) if field is None]
    loose = [line for line in loose if not (closes and _RESULT.match(line))]
    adds = any(map(_ADDS.search, title))
    loose = [line for line in loose if not (adds and _TOTAL.match(line))]
    said_by = [line for line in loose if _is_comment(line)]
    loose = [line for line in loose if line not in said_by]
    _refuse_unknown(loose)
    if closes:
        named = [
            (Field.ENTRY if _COST.match(line) else each[0], each[1]) for line, each in zip(lines, named, strict=True)
        ]
    _refuse_planned_exit({field for field, value in named if value})
    if not any(map(str.strip, title)) and {Field.ENTRY, Field.EXIT} <= {field for field, value in named if value}:
        raise ambiguous("an entry and its exit, and nothing over them: done long ago")
    check_values(named, closes=closes)
    values = _values(named, closes=closes)
    remarks = [value for field, value in named if field is Field.REMARK]
    remarks += [line.partition(":")[2].strip() or line for line in said_by]
    said = _said([line for line in title if not _is_of_somebody(line)], named)
    is_bare = not any(map(str.strip, title)) and not any(field in (Field.ACTION, Field.EXIT) for field, _ in named)
    if is_bare and {Field.PRICE, Field.ENTRY} & {field for field, _ in named}:
        said = [_ENTRY]
    if said and any(map(str.isdigit, said[-1])):
        values = said.pop() + values  # the contract stands in the title: its price belongs to it
    priced = [line for line in loose if _PRICED.search(line)] if not _PRICES & {field for field, _ in named} else []
    loose = [line for line in loose if line not in priced]
    return Sentence("\n".join([*said, values, *priced]), "\n".join([*loose, *remarks]))


def _said(title: list[str], named: list[tuple[Field | None, str]]) -> list[str]:
    """The title's lines. "Filled" over an entry says nothing more than the entry; "Take Profit" is no target here."""
    is_told = any(field in _TOLD for field, _ in named)
    words = [(line, " ".join(_WORD.findall(line.lower())).removeprefix("alert ")) for line in title]
    if held := next((line for line, said in words if said in _LISTS), None):
        raise not_an_alert(f"what is held: {held.strip()}")
    if any(said in _SIDES_SAID for _, said in words):
        words = [(line, said) for line, said in words if said not in _STATES]
    is_done = any(field is Field.ACTION for field, _ in named)
    words = [(line, said) for line, said in words if not (is_told and _NEUTRAL.fullmatch(said))]
    words = [(line, said) for line, said in words if not (is_done and said in ("position update", "trade update"))]
    return [_TITLES.get(said, line) for line, said in words if said not in ("filled", "executed", "order filled")]


def _is_of_somebody(line: str) -> bool:
    """`Crew: Nils`: a field that nobody knows, with a name in it and nothing against the order."""
    found = FIELD.match(line)
    if found is None or any(map(str.isdigit, line)) or len(found["value"].split()) > _LONGEST_NAME:
        return False
    words = [*found["key"].lower().split(), *found["value"].lower().split()]
    return bool(found["value"].strip()) and not speaks_against(line) and not any(word in PHRASES for word in words)


def _is_comment(line: str) -> bool:
    """`Marek: broke the trigger on volume`: what somebody says of it, with no number in it."""
    found = FIELD.match(line)
    if found is None or any(map(str.isdigit, line)) or not found["key"].istitle() or " " in found["key"]:
        return False
    is_talk = len(found["value"].split()) > _LONGEST_NAME
    return is_talk and found["key"].lower() not in PHRASES and not speaks_against(found["key"])


def _refuse_unknown(lines: list[str]) -> None:
    for line in lines:
        found = FIELD.match(line)
        if found:
            raise not_an_alert(f"a field that no order has: {line.strip()}")


def _refuse_planned_exit(fields: set[Field | None]) -> None:
    """Where an exit stands beside a stop or a target, it is the one that is planned."""
    if Field.EXIT in fields and fields & {Field.STOP, Field.TARGET}:
        raise ambiguous("an exit beside a stop or a target: sold, or planned")


def _values(named: list[tuple[Field | None, str]], *, closes: bool) -> str:
    """The fields as one sentence. A close may repeat its entry, which is not its price."""
    said = []
    tells_exit = any(field is Field.EXIT for field, _ in named)
    for field in Field:
        if field in _BESIDE or (tells_exit and field is Field.ENTRY):
            continue
        said += [_value(field, value, closes=closes) for named_field, value in named if named_field is field and value]
    return "".join(said)


def _value(field: Field, value: str, *, closes: bool) -> str:
    if field is Field.PART and value.startswith("left "):
        kept = value.removeprefix("left ")
        return "" if kept.lower() in _NOTHING else f"\nleaving {kept}"
    if field is Field.PART or (field is Field.COUNT and closes):
        return sold(value, is_count=field is Field.COUNT)
    if field is Field.COUNT and (counted := _OF.fullmatch(value)):
        return f" x{counted[1]}\nsold {counted[1]}/{counted[2]}"
    if field is Field.COUNT:
        return _counted(value)
    return f"{_MARK_BEFORE.get(field, ' ')}{value}"


def _counted(value: str) -> str:
    """`5`, `5 contracts`, and `5.0` as programs write it."""
    digits, _, parts = (value.split() or [""])[0].partition(".")
    if digits.isdigit() and parts.isdigit() and int(parts):
        raise ambiguous(f"how many: {value}")
    return f" x{digits}" if digits.isdigit() and (not parts or parts.isdigit()) else ""
