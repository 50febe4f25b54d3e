"""One line of a block: which field it names, and what stands in it."""

import re
from collections.abc import Mapping

from domain.profile import BlockField as Field
from domain.reading.counts import MOST_CONTRACTS
from domain.reading.fields import ENVIRONMENTS, EVENTS, QUIET, REASONS, RISKS, SENT
from domain.reading.vocabulary import VERBS

FIELD = re.compile(
    r"^[^\w\"'{(@$]*(?P<key>[A-Za-z][A-Za-z0-9 _./&'@-]{0,28}?)[ \t]*(?:[:=|→»➜➡⇒►▸⟶]|->)[ \t]*(?P<value>.*)$"
)
_LEFTS = (
    "remaining",
    "left",
    "still holding",
    "holding",
    "size left",
    "left on",
    "runner",
    "runners",
    "still in",
    "still on",
    "riding",
    "balance",
    "size now",
    "still open",
    "runners left",
    "contracts left",
    "position left",
)
_REAL = ("live", "prod", "production", "real", "real money")
_REASON = re.compile(
    r"^(?:breakout|breakdown|reclaim|rejection|bounce|support|base) (?:over|above|below|under|of|off|at) \$?[\d.]+",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\A\+?(\d{1,4})(?: \((?:\d{1,4} (?:now|total|in all|on)|(?:now|total(?: of)?|makes) \d{1,4})\))?\Z", re.IGNORECASE
)
_WAS = re.compile(r"(?<=\d) \((?:from|was|in at|entry|paid|cost|avg) \$?\d*\.?\d+\)\Z", re.IGNORECASE)
_FROM_PRICE = re.compile(r"(?<=\d) \([+-]?\d{1,4}(?:\.\d+)? ?%\)")
_HOW_FILLED = re.compile(
    r"(?<=\d) \((?:(?:\d{1,2} )?(?:prints|fills)|avg|average|blended|avg fill|mid)\)\Z", re.IGNORECASE
)
_STOP = re.compile(r"\b(?:stop(?: loss)?|sl)\b", re.IGNORECASE)
_TOLD_CONTRACT = re.compile(r"[ \t]*[A-Za-z][^\n]*\d")
_AVERAGES = (
    "avg",
    "average",
    "avg price",
    "average price",
    "avg cost",
    "average cost",
)  # of an add, it is not the price
_IN_PERCENT = re.compile(r"percent|pct|%")
_STRIKE = re.compile(r"\$?\d{1,5}(?:\.\d{1,2})?")
_PART = re.compile(
    r"\d{1,3} ?%|\d{1,4} of \d{1,4}|[1-7]/[2-8]|all(?: remaining| (?:of )?\d{1,4}(?: (?:shares|contracts|cons|lots))?)?"
    r"|remaining|remainder|(?:the )?(?:rest|remainder)|(?:a )?(?:half|third|quarter)|two thirds|part|partial|some",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\S*\d\S*")


def named_field(line: str, fields: Mapping[str, Field]) -> tuple[Field | None, str]:
    """Which field a line names, and what it holds; None and the whole line where it names none."""
    found = FIELD.match(line)
    if found is None:
        return None, line
    key, value = " ".join(found["key"].lower().replace("_", " ").split()), found["value"].strip()
    field = fields.get(key)
    if (special := _special(key, value, field)) is not None:
        return special
    if field is None or _may_be_something_else(key, value):
        return None, line
    value = _WAS.sub("", value) if field in (Field.EXIT, Field.PRICE, Field.ENTRY) else value
    value = _FROM_PRICE.sub("", value) if field in (Field.STOP, Field.TARGET) else value
    value = _ADDED.sub(r"\1", value) if field is Field.COUNT else _HOW_FILLED.sub("", value)
    return _meant(field, value), f"avg {value}" if field is Field.PRICE and key in _AVERAGES else value


def _special(key: str, value: str, field: Field | None) -> tuple[Field, str] | None:
    """A field whose name changes what its value says."""
    if key in ENVIRONMENTS:
        return (Field.SENDER, "") if value.lower() in _REAL else (Field.STATUS, f"{key} {value}")
    if key in EVENTS and value.lower() in SENT:
        return Field.SENDER, ""
    if key in ("call", "put") and _STRIKE.fullmatch(value):
        return Field.STRIKE, f"{value.lstrip('$')}{key[0]}"
    if key == "credit":
        return Field.PRICE, f"credit of {value}"
    if key == "date":
        return Field.EXPIRY, f"date {value}"
    if key in RISKS:
        return _risk(value)
    if field is Field.REMARK:
        return Field.REMARK, _remark(key, value)
    if field is Field.PART and _IN_PERCENT.search(key) and value.isdigit():
        return Field.PART, f"{value}%"
    if field is Field.EXIT and _PART.fullmatch(value):
        return Field.PART, value  # "Sold: 50%"
    if key in _LEFTS:
        return Field.PART, f"left {value}"
    if field in (Field.ENTRY, Field.EXIT) and key in VERBS and _TOLD_CONTRACT.match(value):
        return Field.ACTION, f"{key} {value}"  # "Bought: ZS 300C 12/11"
    return None


def _may_be_something_else(key: str, value: str) -> bool:
    """`Amount: 500` may be dollars, and `Filled: 5` contracts."""
    if key in ("amount", "size"):
        return value.isdigit() and int(value[:6]) > MOST_CONTRACTS
    return key in ("filled", "executed") and value.isdigit()


def _meant(field: Field, value: str) -> Field:
    if field is Field.SYMBOL and value.isdigit():
        return Field.COUNT  # "Contracts: 2"
    if field is Field.RIGHT and value.lower() in VERBS:
        return Field.ACTION  # "Type: STO"
    return field


def _remark(key: str, value: str) -> str:
    """What is said beside the order. A reason that names its level is no condition: "breakout over 305"."""
    return _NUMBERED.sub("", value) if key in QUIET else _REASON.sub("", value) if key in REASONS else value


def _risk(value: str) -> tuple[Field, str]:
    """What may be lost is of the account, or a grade; it is a stop where it says so."""
    told, stops = _STOP.subn("", value)
    return (Field.STOP, told.strip()) if stops else (Field.REMARK, _NUMBERED.sub("", f"risk {value}"))
