"""How much of a position the words of an order close: half of it, a runner, 25%."""

from decimal import Decimal

from domain.alert import Action
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.prices import number
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role, phrase_set

_ONE_OF_SEVERAL = (
    "a",
    "another",
    "one",
    "some",
    "few",
    "a few",
    "first",
    "couple",
    "a couple",
    "one more",
    "another one",
)
_TAKES = ("took", "taking")  # a position, or a part of it off
_HELD = ("starter", "starters", "small", "smaller", "light", "tiny")
_OF_IT = ("of", "off", "out of")
_BEFORE_RESULT = ("for", "at", "up", "down", "with", "a", "nice", "quick", "easy", "in")
_BEHIND_RESULT = (
    "on",
    "for",
    "in",
    "from",
    "profit",
    "profits",
    "gain",
    "gains",
    "loss",
    "win",
    "winner",
    "up",
    "down",
)
_SOLD = phrase_set("sold, selling, sell, trimmed, trimming, trim, closed, closing, scaled, scaling, scaled out")
_RESULT_VERBS = (
    *("booked", "booking", "locked in", "locking in", "cashed out", "cashing out", "cut", "cutting", "stopped"),
    *("stopped out", "got stopped", "got stopped out", "stopped out of", "ringing the register", "taking gains"),
    *("took gains", "secured profits", "booked profits", "booking profits", "taking profit", "taking profits"),
    *("took profit", "took profits", "tp hit", "out", "out of", "got out", "got out of"),
)


def left(cursor: Cursor, draft: Draft) -> bool:
    """`STC runner PLTR 175c`: before the contract, what was left is what goes."""
    is_rest = cursor.here.lower in ("runner", "runners") and draft.action in (Action.STC, Action.BTC)
    is_first = cursor.at == 0 and cursor.here.lower in ("runner", "runners")
    if draft.has_contract and draft.action is None and _is_last_sold(cursor):
        return True  # "SHOP 170c 12/11 last runner sold 6.10"
    if not (is_rest or is_first) or draft.has_contract:
        return False
    if _is_one_of_several(cursor, draft):
        draft.is_part = True
    else:
        draft.fractions.append(Decimal(1))
    return True


def _is_last_sold(cursor: Cursor) -> bool:
    before, verb = cursor.chunks[cursor.at - 1], cursor.peek()
    is_sold = verb is not None and verb.meaning is not None and verb.meaning.action is Action.STC
    return is_sold and cursor.here.lower == "runner" and before.lower in ("last", "final")


def _is_one_of_several(cursor: Cursor, draft: Draft) -> bool:
    """`Sold a runner UBER 88p`, `STC one of my runners`."""
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    return draft.count is not None or before in _ONE_OF_SEVERAL


def part(cursor: Cursor, draft: Draft) -> bool:
    """ "half", "all": how much of the position. What opens has no parts."""
    if draft.action in (Action.BTO, Action.STO):
        if cursor.here.lower.startswith("partial") or draft.verb in _TAKES:
            raise ambiguous(f"what opens, or a part of what is held: {cursor.here.text}")  # "taking partial UBER 88p"
        return not draft.has_contract and bool(cursor.here.meaning and cursor.here.meaning.is_part)  # "bought some"
    draft.say_part(cursor.here)
    return True


def say_small(cursor: Cursor, draft: Draft) -> None:
    """`close half position`; what opens is that small. "My half size" is what was held, "a couple" a part of it."""
    here, before = cursor.here, cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    is_held = before == "my" or "size" in here.lower
    if here.lower in _HELD and not draft.has_contract:
        raise ambiguous(f"a part, or all of what is held: {here.text}")
    if here.meaning is not None and here.meaning.fraction is not None and is_held:
        raise ambiguous(f"a part, or all of what is held: {here.text}")
    draft.is_part = draft.is_part or "couple" in here.lower
    draft.say_part(here)


def percent(cursor: Cursor, draft: Draft) -> bool:
    """`STC 25% UBER 88p`: a part of the position. "Booked 40% on UBER 88p" is the gain; that stands behind, signed."""
    if _is_sold_at(cursor, draft):
        draft.fractions.append(number(cursor.here.number) / 100)
        return True
    is_part = draft.action in (Action.STC, Action.BTC) and draft.symbol is None
    if not is_part or not cursor.here.number[:1].isdigit():
        return False
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    following = cursor.next_word()
    if before in ("-", "to", "/") and draft.count is not None:
        raise ambiguous(f"which part: {draft.count} to {cursor.here.text}")
    is_of_it = following in _OF_IT or (before in _OF_IT and draft.verb not in _RESULT_VERBS)
    if before in _BEFORE_RESULT or following in _BEHIND_RESULT or (draft.verb in _RESULT_VERBS and not is_of_it):
        raise ambiguous(f"a gain, or a part: {cursor.here.text}")
    draft.fractions.append(number(cursor.here.number) / 100)
    return True


def _is_sold_at(cursor: Cursor, draft: Draft) -> bool:
    """`FSLR 255p 12/04: sold 40% @ 7.70`: between the verb and its price it is no gain."""
    before, beyond = cursor.chunks[cursor.at - 1] if cursor.at else None, cursor.peek(2)
    is_behind_verb = before is not None and before.role is Role.VERB and before.lower in _SOLD
    is_priced = cursor.next_role() in (Role.AT, Role.MARK) and beyond is not None and beyond.role is Role.NUMBER
    if not draft.has_contract or draft.has_price or not cursor.here.number[:1].isdigit():
        return False
    is_off = cursor.next_word() == "off" and draft.action is Action.STC and not draft.fractions
    return is_off or (is_behind_verb and is_priced and cursor.next_word() in ("@", "at", "for"))
