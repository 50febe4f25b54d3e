"""How far a ticket says its order is: only a filled one is done, and the status of none is its verb.

An order that is open, new or working waits at the exchange. "Opened" and "closed" are done, and serve as the verb of a
block that has no other.
"""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.profile import BlockField as Field
from domain.reading.refusal import ambiguous, not_an_alert
from domain.reading.vocabulary import VERBS

Named = Sequence[tuple[Field | None, str]]
_FILLED = re.compile(
    r"\W*(?:fully |order |trade |position |entry |exit |all )?(?:filled|executed|completed?|fill|execution|done)"
    r"(?: \(?(?P<done>\d+)/(?P<of>\d+)\)?)?\W*",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(r"\W*(?:day|gtc|gtd|ioc|fok|good (?:til|till|until|for) \w+)\W*", re.IGNORECASE)
_DONE = re.compile(
    r"(?:trade |position |order |just )?(?P<verb>opened|entered|bought|added|closed|exited|sold|trimmed|scaled out"
    r"|stopped out)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def settled(named: Named) -> list[tuple[Field | None, str]]:
    """The fields without their status; one that is a done deed becomes the verb. NotRead for any other status."""
    statuses = [value for field, value in named if field is Field.STATUS]
    if not statuses:
        return list(named)
    is_filled = any(map(_is_filled, statuses))
    return [_settled(field, value, named, is_filled=is_filled) for field, value in named]


def _settled(field: Field | None, value: str, named: Named, *, is_filled: bool) -> tuple[Field | None, str]:
    if field is not Field.STATUS:
        return field, value
    if not value or _is_filled(value) or (is_filled and _HOW_LONG.fullmatch(value)):
        return Field.SENDER, ""
    done = _DONE.fullmatch(" ".join(_WORD.findall(value)))
    if done is None:
        raise not_an_alert(f"how far the order is: {value}")
    _check_agrees(done["verb"].lower(), named)
    return Field.ACTION, done["verb"]


def _is_filled(value: str) -> bool:
    found = _FILLED.fullmatch(value.replace("_", " "))
    return found is not None and found["done"] == found["of"]


def _check_agrees(done: str, named: Named) -> None:
    """`Side: Buy`, and `Status: Closed`: what was bought is sold again, or the order is off."""
    action = VERBS[done].action
    told = [" ".join(_WORD.findall(value.lower())) for field, value in named if field in (Field.ACTION, None)]
    others = [VERBS[words].action for words in told if words in VERBS]
    prices = {field for field, _ in named} & {Field.PRICE, Field.ENTRY, Field.EXIT}
    if any(other is not action for other in others):
        raise ambiguous(f"{done}, and {others[0]}")
    if action is Action.STC and prices == {Field.ENTRY}:
        raise ambiguous(f"{done}, and the price of an entry")
