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
from domain.reading.counts import MOST_CONTRACTS
from domain.reading.refusal import not_an_alert
from domain.reading.vocabulary import PHRASES, VERBS

_LINE = re.compile(r"^[^\w\"'{(@$]*(?P<key>[A-Za-z][A-Za-z0-9 _./&'-]{0,28}?)[ \t]*(?:[:=|→»]|->)[ \t]*(?P<value>.*)$")
_SIGNS = (":", "=", "|", "→", "»", "->")  # one of them is in any field
_SEPARATORS = (";", "|", ",")
_SEPARATOR = re.compile(r"[ \t]*[;|,][ \t]*(?=[A-Za-z][A-Za-z _]{1,24}:)")
_WORD = re.compile(r"[a-z]+")
_TITLES = {"take profit": "taking profits", "take profits": "taking profits"}
_RESULT = re.compile(
    r"\W*(?:(?:realized|total|net|trade|final) )?(?:p/?l|p&l|pnl|profit|gain|loss|result|return|roi)\b[^:\n]{0,12}[:=]",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:stc|btc|sell|sold|closed?|exit(?:ed)?|out|trim(?:med)?|scaled?|partial|tp|take profit)\b", re.IGNORECASE
)
_PARTS = ("all", "rest", "remainder", "remaining", "full", "half", "third", "quarter", "everything")
_OF = re.compile(r"(\d{1,4}) of (\d{1,4})", re.IGNORECASE)
_FRACTION = re.compile(r"\d/\d")
_AVERAGES = ("avg", "average", "avg price", "average price")  # of an add, it is not the price
_FEWEST_FIELDS = 2
_ENTRY = "entry"  # a form with a contract and a price, and nothing over it, is one


_NAMES = {
    Field.ACTION: "action, side, order, order type, transaction, position, trade, status, accion, aktion",
    Field.SYMBOL: """
        symbol, ticker, contract, contracts, underlying, stock, option, options contract, option contract, asset,
        instrument
    """,
    Field.STRIKE: "strike, strike price",
    Field.RIGHT: "type, contract type, direction, right, option type, call/put, c/p, put/call, bias, c or p, cp",
    Field.EXPIRY: """
        exp, expiry, expiration, expires, expiration date, expiry date, exp date, exp., vencimiento, verfall
    """,
    Field.PRICE: """
        price, avg, average, avg price, average price, fill, fill price, filled, filled at, cost, premium, scaling
        price, credit, debit, px, contract price, option price, alert price, filled price, got, precio, preis, prix,
        limit, limit price, lmt
    """,
    Field.ENTRY: """
        entry, entry price, entry zone, avg entry, average entry, avg entry price, entry avg, buy price, bought at,
        entered at, entry at, buy at, open price, paid, price paid, bought, bought for, in
    """,
    Field.EXIT: """
        exit, exit price, sold at, sell price, close price, closing price, trim price, exited at, sold, sold for, price
        sold, closed at, out
    """,
    Field.COUNT: "qty, quantity, size, amount, lots, no of contracts, number of contracts, cantidad, menge",
    Field.PART: """
        closed, portion, size closed, amount closed, percent closed, trimmed, closed %, percent, percentage, pct,
        % closed, piece, part, fraction, share, share sold, sold %
    """,
    Field.STOP: "sl, stop, stop loss, stoploss, stop-loss, risk",
    Field.TARGET: """
        tp, pt, target, targets, take profit, take-profit, price target, profit target, profit targets, t1, t2, t3,
        tp1, tp2, tp3, pt1, pt2, pt3, target 1, target 2, target 3, tp 1, tp 2, tp 3, aim, aims, goal, goals, objective
    """,
    Field.REMARK: """
        comment, comments, note, notes, reason, thesis, strategy, setup, timeframe, time frame, style, confidence,
        rating, chart, catalyst, risk level, tags, trade type, message, details, rationale, conviction, horizon,
        account, id, alert id, signal id, time, timestamp, posted, disclaimer, footer, new avg, new
        average, new avg price, updated avg, new cost
    """,
    Field.SENDER: """
        author, trader, analyst, by, user, from, posted by, alerting user, alert from, alert by, name, caller
    """,
}
_LEFTS = ("remaining", "left", "still holding", "runners left", "contracts left", "position left")
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
    r"(?:action|side|ticker|symbol|strike|type|right|exp|expiry|expiration|price|entry|qty|quantity|stop|sl|target|tp|pt"
    r"|contract|size|premium|cost|fill|option)"
)
_RUN_ON = re.compile(rf"[ \t]*[;|,]?[ \t]+(?={_KEY} ?[:=])", re.IGNORECASE)
_FEWEST_RUN_ON = 3
_LONGEST_NAME = 3  # words
_FIELDS = {" ".join(name.split()): field for field, names in _NAMES.items() for name in names.split(",")}
Fields = Mapping[str, Field]
_NOT_CORE = (Field.PART, Field.STOP, Field.TARGET, Field.REMARK, Field.SENDER)
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
    fields = {**_FIELDS, **profile.field_names} if profile.field_names else _FIELDS
    lines = _lines(text, fields)
    named = [_named(line, fields) for line in lines]
    core = {field for field, _ in named if field in _CORE}
    if len(core) + any(field is Field.PART for field, _ in named) >= _FEWEST_FIELDS:
        return _sentence(lines, named, closes=_is_close(lines, named))
    quiet = (Field.SENDER, Field.REMARK)
    kept = [line for line, (field, _) in zip(lines, named, strict=True) if field not in quiet]
    told = [line for line in kept if not _RESULT.match(line)]
    kept = told if len(told) < len(kept) and _is_close(lines, named) else kept
    remark = " \n".join(value for field, value in named if field is Field.REMARK)
    return Sentence("\n".join(kept), remark)


def _is_close(lines: list[str], named: list[tuple[Field | None, str]]) -> bool:
    """Whether the block sells what is held: then it has a result, and its amount is a part."""
    titles = [line for line, (field, _) in zip(lines, named, strict=True) if field is None and not _RESULT.match(line)]
    actions = [value for field, value in named if field is Field.ACTION]
    return any(field is Field.EXIT for field, _ in named) or any(map(_CLOSES.search, [*titles, *actions]))


def _lines(text: str, fields: Fields) -> list[str]:
    text = _LONG.sub(r"Action: BTO\nType: \g<right>", text)
    text = "\n".join(map(_run_on, text.split("\n")))
    parted = _SEPARATOR.sub("\n", text) if any(sign in text for sign in _SEPARATORS) else text
    said = {field for line in parted.split("\n") if (field := _named(line, fields)[0]) in _CORE}
    return (parted if len(said) > _FEWEST_FIELDS else text).split("\n")


def _run_on(line: str) -> str:
    """`Action: BTO Ticker: ZS Strike: 300`: a line for each of its fields."""
    if line.count(":") + line.count("=") < _FEWEST_RUN_ON:
        return line
    return _RUN_ON.sub("\n", line) if len(_RUN_ON.findall(line)) >= _FEWEST_RUN_ON else line


def _named(line: str, fields: Fields) -> tuple[Field | None, str]:
    found = _LINE.match(line)
    key = " ".join(found["key"].lower().replace("_", " ").split()) if found else ""
    field = fields.get(key)
    if found and key in _LEFTS:
        return Field.PART, f"left {found['value'].strip()}"
    if found and field in (Field.ENTRY, Field.EXIT) and key in VERBS and found["value"].strip()[:1].isalpha():
        return Field.ACTION, f"{key} {found['value'].strip()}"  # "Bought: ZS 300C 12/11"
    if field is Field.SYMBOL and found and found["value"].strip().isdigit():
        field = Field.COUNT  # "Contracts: 2"
    if field is Field.RIGHT and found and found["value"].strip().lower() in VERBS:
        field = Field.ACTION  # "Type: STO"
    if found and _may_be_something_else(key, found["value"].strip()):
        return None, line
    if found and field is Field.PRICE and key in _AVERAGES:
        return field, f"avg {found['value'].strip()}"
    return (field, found["value"].strip()) if found and field else (None, line)


def _may_be_something_else(key: str, value: str) -> bool:
    """`Amount: 500` may be dollars, and `Filled: 5` contracts."""
    if key in ("amount", "size"):
        return value.isdigit() and int(value[:6]) > MOST_CONTRACTS
    return key in ("filled", "executed") and value.isdigit()


def _sentence(lines: list[str], named: list[tuple[Field | None, str]], *, closes: bool) -> Sentence:
    first = next(place for place, (field, _) in enumerate(named) if field and field is not Field.SENDER)
    title = [line for line, (field, _) in zip(lines[:first], named[:first], strict=True) if field is None]
    loose = [line for line, (field, _) in zip(lines[first:], named[first:], strict=True) if field is None]
    loose = [line for line in loose if not (closes and _RESULT.match(line))]
    _refuse_unknown(loose)
    values = _values(named, closes=closes)
    remarks = [value for field, value in named if field is Field.REMARK]
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
    words = [(line, " ".join(_WORD.findall(line.lower()))) for line in title]
    is_done = any(field is Field.ACTION for field, _ in named)
    words = [(line, said) for line, said in words if not (is_told and _NEUTRAL.fullmatch(said))]
    words = [(line, said) for line, said in words if not (is_done and said in ("position update", "trade update"))]
    return [_TITLES.get(said, line) for line, said in words if said not in ("filled", "executed", "order filled")]


def _is_of_somebody(line: str) -> bool:
    """`Crew: Nils`: a field that nobody knows, with a name in it and nothing against the order."""
    found = _LINE.match(line)
    if found is None or any(map(str.isdigit, line)) or len(found["value"].split()) > _LONGEST_NAME:
        return False
    words = [*found["key"].lower().split(), *found["value"].lower().split()]
    return bool(found["value"].strip()) and not speaks_against(line) and not any(word in PHRASES for word in words)


def _refuse_unknown(lines: list[str]) -> None:
    for line in lines:
        found = _LINE.match(line)
        if found and any(letter.isdigit() for letter in found["value"]):
            raise not_an_alert(f"a field that no order has: {line.strip()}")


def _values(named: list[tuple[Field | None, str]], *, closes: bool) -> str:
    """The fields as one sentence. A close may repeat its entry, which is not its price."""
    said = []
    tells_exit = any(field is Field.EXIT for field, _ in named)
    for field in Field:
        if field in (Field.REMARK, Field.SENDER) or (tells_exit and field is Field.ENTRY):
            continue
        said += [_value(field, value, closes=closes) for named_field, value in named if named_field is field and value]
    return "".join(said)


def _value(field: Field, value: str, *, closes: bool) -> str:
    if field is Field.PART and value.startswith("left "):
        kept = value.removeprefix("left ")
        return "" if kept.lower() in _NOTHING else f"\nleaving {kept}"
    if field is Field.PART or (field is Field.COUNT and closes and ("%" in value or _FRACTION.fullmatch(value))):
        return f"\nsold {value}" if "%" in value or "/" in value or value.lower() in _PARTS else ""
    if field is Field.COUNT and (counted := _OF.fullmatch(value)):
        return f" x{counted[1]}\nsold {counted[1]}/{counted[2]}"
    if field is Field.COUNT:
        digits = value.split()[0] if value.split() else ""
        return f" x{digits}" if digits.isdigit() else ""
    return f"{_MARK_BEFORE.get(field, ' ')}{value}"
