"""The numbers of an order: its price or range, and how many. A number without a place in the order is refused."""

import re
from decimal import Decimal

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.counts import before_contract, is_count, is_whole_number
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.expiry import written_day
from domain.reading.levels import numbers_from
from domain.reading.no_price import check_average, check_average_behind, check_money, check_unit
from domain.reading.prices import is_decimal, level, number, price_range
from domain.reading.refusal import ambiguous, multi_leg, suspicious
from domain.reading.vocabulary import Role

_SIGNS = ("@", "~")
_RANGE_MARKS = ("-", "/", "~")
_WAYS = {"in at": Action.BTO, "in for": Action.BTO, "out at": Action.STC, "out for": Action.STC}
_PREMIUM_WORDS = ("credit", "cr", "debit", "db")
_DOTTED_DAY = re.compile(r"(0?[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])")


def price_mark(cursor: Cursor, draft: Draft) -> bool:
    """`@`, "at", "for": a price, a range or the market follows; else the order is over."""
    word = cursor.here
    is_sign = word.is_mark(*_SIGNS)
    draft.price_word = draft.price_word if draft.has_price else word.lower
    draft.is_marked = draft.is_marked or is_sign or word.lower == "for"
    begun = cursor.at
    while (following := cursor.peek()) and (following.is_mark(*_SIGNS, ":", "=") or following.role is Role.AT):
        cursor.at += 1
        is_sign = is_sign or following.is_mark(*_SIGNS)
        if not draft.has_price and not following.is_mark(*_SIGNS, ":", "="):
            draft.price_word = f"{draft.price_word} {following.lower}"
    if following is None or following.role is Role.NEWLINE:
        return True
    check_average(cursor, draft, begun)
    if following.role is Role.MARKET or (is_sign and following.lower == "m"):
        cursor.at += 1
        draft.say_market()
        return True
    return _priced(cursor, draft, word, is_sign=is_sign)


def market(_cursor: Cursor, draft: Draft) -> bool:
    """ "at market"."""
    draft.say_market()
    return True


def _priced(cursor: Cursor, draft: Draft, word: Chunk, *, is_sign: bool) -> bool:
    role = cursor.next_role()
    if not is_sign and _leads_elsewhere(cursor, draft, word):
        return True
    if role is Role.DAY and is_sign:
        raise ambiguous(f"a day, or prices: {cursor.next_word()}")
    if role is Role.RANGE:
        cursor.at += 1
        _say_range(cursor.here, draft)
    elif role is Role.NUMBER:
        cursor.at += 1
        check_unit(cursor, draft, is_sign=is_sign)
        _say_price(cursor, draft)
    elif is_sign or role is Role.STRIKE:
        raise suspicious(f"where the price should be: {cursor.next_word()}")
    else:
        return word.lower == "for" and not draft.has_contract
    return True


def _leads_elsewhere(cursor: Cursor, draft: Draft, word: Chunk) -> bool:
    """`calls for 12/18 at 3.40`, `Filled 4 @ .80`: the day follows, or how many."""
    following, sign = cursor.peek(), cursor.peek(2)
    if following is None:
        return False
    if word.lower in _WAYS and draft.action is None and draft.has_contract:
        draft.action = _WAYS[word.lower]
    if following.role in (Role.DAY, Role.EXPIRY) and word.lower == "for":
        return not draft.expiries
    return is_whole_number(following) and sign is not None and sign.is_mark("@") and draft.count is None


def _say_range(chunk: Chunk, draft: Draft) -> None:
    parts = chunk.text.replace("/", "-").split("-")
    if len(parts) != 2:
        raise ambiguous(f"which price: {chunk.text}")
    draft.say_range(price_range(number(parts[0]), number(parts[1])))


def _say_price(cursor: Cursor, draft: Draft) -> None:
    """The number here, with what follows it: a range's other end, or "cents"."""
    check_money(cursor, draft)
    check_average_behind(cursor, draft)
    first, second, third = cursor.here, cursor.peek(), cursor.peek(2)
    is_range = second is not None and (second.is_mark(*_RANGE_MARKS) or second.lower in _joining(cursor))
    if is_range and third is not None and third.role is Role.NUMBER and _is_other_end(first, cursor):
        cursor.at += 2
        if second is not None and second.lower == "and" and not (is_decimal(first.text) or is_decimal(third.text)):
            raise ambiguous(f"prices, or the time of day: {first.text} and {third.text}")
        draft.say_range(price_range(_option_price(first, draft), _option_price(third, draft)))
    elif second is not None and second.lower in ("cents", "cent"):
        cursor.at += 1
        draft.say_price(number(first.number) / 100)
    else:
        draft.say_price(_option_price(first, draft) if draft.strike is not None else level(first.number))


def _option_price(chunk: Chunk, draft: Draft) -> Decimal:
    """The premium. A whole number is cents where the author's profile says so."""
    is_cents = draft.profile.price_in_cents and draft.strike is not None and chunk.number.isdigit()
    return number(chunk.number) / 100 if is_cents else number(chunk.number)


def _is_other_end(first: Chunk, cursor: Cursor) -> bool:
    """Not the count of `@ 1.24 - 1 con only`."""
    third, fourth = cursor.peek(2), cursor.peek(3)
    is_counted = fourth is not None and fourth.role is Role.UNIT
    return third is not None and not is_counted and (is_decimal(third.text) or not is_decimal(first.text))


def _joining(cursor: Cursor) -> tuple[str, ...]:
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    return ("to", "and") if before == "between" else ("to",)


def bare_range(cursor: Cursor, draft: Draft) -> bool:
    """A bare range behind the contract is the price; numbers joined before it are a spread's strikes."""
    if not draft.has_contract or not all(map(is_decimal, cursor.here.text.replace("/", "-").split("-"))):
        raise multi_leg(cursor.here.text)
    _say_range(cursor.here, draft)
    return True


def bare_number(cursor: Cursor, draft: Draft) -> bool:
    """A number without a mark: a quantity before the contract, a price behind it."""
    if is_count(cursor, draft):
        return True
    if dotted := _dotted_day(cursor, draft):
        draft.expiries[written_day(dotted, draft.today)] = cursor.here.text
        return True
    if draft.has_contract and cursor.next_word() in _PREMIUM_WORDS:
        draft.say_price(number(cursor.here.number))
        cursor.at += 1
        return True
    return _behind(cursor, draft) if draft.has_contract else before_contract(cursor, draft)


def _dotted_day(cursor: Cursor, draft: Draft) -> str | None:
    """`WMB 12.18 60c`: before the strike, where no price stands."""
    found = _DOTTED_DAY.fullmatch(cursor.here.text)
    stands_as_day = draft.symbol is not None and draft.strike is None and cursor.next_role() is Role.STRIKE
    return f"{found[1]}/{found[2]}" if found and stands_as_day else None


def _behind(cursor: Cursor, draft: Draft) -> bool:
    """Behind the contract a number with a point is the price; "1.18 entry" is also the verb."""
    if draft.has_price:
        raise ambiguous(f"a number too many: {cursor.here.text}")
    if cursor.next_word() == "entry" and draft.action is None:
        draft.say_price(number(cursor.here.number))
        draft.action = Action.BTO
        cursor.at += 1
    elif _stands_in_brackets(cursor) and not draft.is_strong:
        raise ambiguous(f"a price, or what was paid: ({cursor.here.text})")
    elif is_decimal(cursor.here.text) or draft.is_future or _is_cents(cursor, draft):
        _say_price(cursor, draft)
    else:
        raise ambiguous(f"quantity or price: {cursor.here.text}")
    return True


def level_before_price(cursor: Cursor, draft: Draft) -> bool:
    """`BTO UBER 88p 12/04 SL .50 @ .75`: a stop or a target may stand before the price."""
    following = cursor.at + 1
    while following < len(cursor.chunks) and cursor.chunks[following].is_mark(":", "=", "@"):
        following += 1
    is_level = following < len(cursor.chunks) and cursor.chunks[following].role in (
        Role.NUMBER,
        Role.PERCENT,
        Role.RANGE,
    )
    is_plan = draft.action in (Action.STC, Action.BTC)  # "STC UBER 88p target 1.50"
    if not draft.has_contract or draft.has_price or not is_level or is_plan:
        return False
    _, last = numbers_from(cursor.chunks, following)
    draft.levels += cursor.chunks[cursor.at : last + 1]
    cursor.at = last
    return True


def _is_cents(cursor: Cursor, draft: Draft) -> bool:
    return draft.profile.price_in_cents and draft.count is not None and cursor.here.number.isdigit()


def _stands_in_brackets(cursor: Cursor) -> bool:
    return cursor.at > 0 and cursor.chunks[cursor.at - 1].is_mark("(", "[")
