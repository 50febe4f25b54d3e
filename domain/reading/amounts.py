"""The numbers of an order: its price or range, and how many. A number without a place in the order is refused."""

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.levels import numbers_from
from domain.reading.prices import check_strike, is_decimal, level, number, price_range
from domain.reading.refusal import ambiguous, incomplete, multi_leg, suspicious
from domain.reading.vocabulary import Role

_SIGNS = ("@", "~")
_RANGE_MARKS = ("-", "/")


def price_mark(cursor: Cursor, draft: Draft) -> bool:
    """`@`, "at", "for": a price, a range or the market follows; else the order is over."""
    word = cursor.here
    is_sign = word.is_mark(*_SIGNS)
    draft.is_marked = draft.is_marked or is_sign or word.lower == "for"
    while (following := cursor.peek()) and (following.is_mark(*_SIGNS, ":", "=") or following.role is Role.AT):
        cursor.at += 1
        is_sign = is_sign or following.is_mark(*_SIGNS)
    if following is None or following.role is Role.NEWLINE:
        return True
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
    if role is Role.DAY and is_sign:
        raise ambiguous(f"a day, or prices: {cursor.next_word()}")
    if role is Role.RANGE:
        cursor.at += 1
        _say_range(cursor.here, draft)
    elif role is Role.NUMBER:
        cursor.at += 1
        _say_price(cursor, draft)
    elif is_sign or role is Role.STRIKE:
        raise suspicious(f"where the price should be: {cursor.next_word()}")
    else:
        return word.lower == "for" and not draft.has_contract
    return True


def _say_range(chunk: Chunk, draft: Draft) -> None:
    parts = chunk.text.replace("/", "-").split("-")
    if len(parts) != 2:
        raise ambiguous(f"which price: {chunk.text}")
    draft.say_range(price_range(number(parts[0]), number(parts[1])))


def _say_price(cursor: Cursor, draft: Draft) -> None:
    """The number here, with what follows it: a range's other end, or "cents"."""
    first, second, third = cursor.here, cursor.peek(), cursor.peek(2)
    is_range = second is not None and (second.is_mark(*_RANGE_MARKS) or second.lower == "to")
    if is_range and third is not None and third.role is Role.NUMBER:
        cursor.at += 2
        draft.say_range(price_range(number(first.number), number(third.number)))
    elif second is not None and second.lower in ("cents", "cent"):
        cursor.at += 1
        draft.say_price(number(first.number) / 100)
    else:
        draft.say_price((level if draft.strike is None else number)(first.number))


def bare_range(cursor: Cursor, draft: Draft) -> bool:
    """A bare range behind the contract is the price; numbers joined before it are a spread's strikes."""
    if not draft.has_contract or not all(map(is_decimal, cursor.here.text.replace("/", "-").split("-"))):
        raise multi_leg(cursor.here.text)
    _say_range(cursor.here, draft)
    return True


def bare_number(cursor: Cursor, draft: Draft) -> bool:
    """A number without a mark: a quantity before the contract, a price behind it."""
    if cursor.here.number.startswith("-"):
        raise suspicious(f"a negative number: {cursor.here.text}")
    if cursor.next_word() == "of":
        return _counted_of(cursor, draft)
    if cursor.next_role(over=(Role.FILLER,)) is Role.UNIT:
        draft.say_count(cursor.here.number.lstrip("+"))
        return True
    if draft.has_contract and cursor.next_word() in ("credit", "cr"):
        draft.say_price(number(cursor.here.number))
        cursor.at += 1
        return True
    return _behind(cursor, draft) if draft.has_contract else _before(cursor, draft)


def _counted_of(cursor: Cursor, draft: Draft) -> bool:
    """`2 of 5`, `1 of my 2`."""
    draft.say_count(cursor.here.number)
    whole = cursor.peek(2, over=(Role.FILLER,))
    if whole is not None and whole.role is Role.NUMBER and whole.number.isdigit():
        draft.counted_of = int(whole.number[:6])
        while cursor.here is not whole:
            cursor.at += 1
    return True


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
    elif is_decimal(cursor.here.text) or draft.is_future:
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
    if not draft.has_contract or draft.has_price or not is_level:
        return False
    _, last = numbers_from(cursor.chunks, following)
    draft.levels += cursor.chunks[cursor.at : last + 1]
    cursor.at = last
    return True


def _stands_in_brackets(cursor: Cursor) -> bool:
    return cursor.at > 0 and cursor.chunks[cursor.at - 1].is_mark("(", "[")


def _before(cursor: Cursor, draft: Draft) -> bool:
    """Before the contract a whole number is how many; behind the symbol it is a strike without its side."""
    written = cursor.here.number.lstrip("+")
    if draft.symbol is not None and _takes_number(cursor, draft):
        return True
    if draft.symbol is not None or not written.isdigit():
        raise incomplete(f"call or put: {cursor.here.text}")
    if draft.count is not None:
        raise ambiguous(f"two quantities: {draft.count} and {written}")
    draft.say_count(written)
    return True


def _takes_number(cursor: Cursor, draft: Draft) -> bool:
    """`calls 145 strike`, `sold 3 12/18 25p`, and the multiplier of thinkorswim's `SPY 100 (Weeklys) 18 DEC 26 690 CALL`."""
    here, before = cursor.here, cursor.chunks[cursor.at - 1] if cursor.at else None
    if here.number == "100" and _is_multiplier(cursor):
        return True
    if draft.right is not None and draft.strike is None and (cursor.next_word() == "strike" or draft.expiries):
        strike = level(here.number)
        check_strike(strike)
        draft.say_strike(strike, draft.right, here.text)
        return True
    if before is not None and before.role is Role.VERB and here.number.isdigit():
        draft.say_count(here.number)
        return True
    return False


def _is_multiplier(cursor: Cursor) -> bool:
    """Past the hundred of thinkorswim's own orders, to the day that follows it."""
    place = cursor.at + 1
    while place < len(cursor.chunks) and (
        cursor.chunks[place].is_mark("(", ")") or cursor.chunks[place].lower in ("weeklys", "quarterlys")
    ):
        place += 1
    is_day = place < len(cursor.chunks) and cursor.chunks[place].role is Role.EXPIRY
    if is_day:
        cursor.at = place - 1
    return is_day


def count(cursor: Cursor, draft: Draft) -> bool:
    """`x2`, `2x`."""
    draft.say_count(cursor.here.lower.strip("x"))
    return True


def unit(cursor: Cursor, draft: Draft) -> bool:
    """ "contracts", "shares"."""
    draft.unit = cursor.here.lower
    return True


def percent(cursor: Cursor, draft: Draft) -> bool:
    """`STC 25% UBER 88p`: a part of the position. A gain stands behind, with its sign."""
    is_part = draft.action in (Action.STC, Action.BTC) and draft.symbol is None
    if not is_part or not cursor.here.number[:1].isdigit():
        return False
    draft.fractions.append(number(cursor.here.number) / 100)
    return True
